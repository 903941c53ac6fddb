import { z } from 'zod';
import { isOneLine } from '../domain/plain-text.ts';
import { reportFormats } from './report.ts';
import { scheduleSchema } from './schedule.ts';

/** A report that is made regularly, and where it goes. */
export const reportScheduleSchema = z
  .strictObject({
    name: z
      .string()
      .trim()
      .min(1, 'A report has a name.')
      .max(60, 'A name has at most 60 characters.')
      .refine(isOneLine, 'A name is one line without control characters.')
      .describe('Name. Unique.'),
    enabled: z.boolean().default(true).describe('Whether it is sent.'),
    pattern: z
      .string()
      .trim()
      .min(1, 'Enter a cron pattern, such as 0 8 * * 1.')
      .max(200, 'A cron pattern has at most 200 characters.')
      .default('0 8 * * 1')
      .describe('When it is made: a cron pattern. 0 8 * * 1 is every Monday at 08:00.'),
    timezone: z
      .string()
      .max(60, 'A time zone is a name such as Europe/Berlin.')
      .nullable()
      .default(null)
      .describe('IANA time zone of the pattern; null: the machine’s own.'),
    days: z
      .int('days is a whole number.')
      .min(7, 'days is from 7 to 400.')
      .max(400, 'days is from 7 to 400.')
      .default(90)
      .describe('How many days it looks ahead.'),
    tag: z
      .string()
      .min(1)
      .max(60)
      .nullable()
      .default(null)
      .describe('Only jobs that carry this tag; null: all.'),
    sendEmpty: z
      .boolean()
      .default(true)
      .describe('Whether it is sent when nothing expires and nothing needs attention.'),
    channels: z
      .array(z.string().min(1).max(60))
      .max(40, 'At most 40 channels.')
      .default([])
      .describe('Names of the channels that it is sent to. Email has it as HTML, text and CSV.'),
    folder: z
      .string()
      .min(1, 'A folder is a path.')
      .max(4096)
      .nullable()
      .default(null)
      .describe('Folder of this computer that it is written to; null: none.'),
    format: z
      .enum(reportFormats, { error: `format is one of ${reportFormats.join(', ')}.` })
      .default('html')
      .describe('Format of the file.'),
  })
  .superRefine(({ pattern, timezone }, context) => {
    const zone = timezone === null ? {} : { timezone };
    const { error } = scheduleSchema.safeParse({ type: 'cron', pattern, ...zone });
    for (const { path, message } of error?.issues ?? []) context.addIssue({ code: 'custom', path, message });
  })
  .describe('A report that is sent regularly.');
export type ReportSchedule = z.infer<typeof reportScheduleSchema>;

/** A scheduled report as the API shows it. */
export const reportScheduleViewSchema = z
  .object({
    ...reportScheduleSchema.shape,
    nextAt: z.iso.datetime().nullable().describe('When it is made next; null: it is off.'),
    lastAt: z.iso.datetime().nullable().describe('When it was made last; null: not yet.'),
    problem: z.string().nullable().describe('What failed the last time; null: nothing.'),
    revision: z
      .string()
      .describe(
        'Identifies this version of the report, as the header ETag does. Times and problems do not change it.',
      ),
  })
  .describe('A scheduled report.');
export type ReportScheduleView = z.infer<typeof reportScheduleViewSchema>;
