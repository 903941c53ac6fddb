import { oc } from '@orpc/contract';
import { z } from 'zod';
import { type ExportFormat, exportFormatEntries } from '../domain/export-formats.ts';

const exportQuery = z.strictObject({
  tag: z.string().max(60).optional().describe('Only jobs that carry this tag.'),
  alarm: z.coerce
    .number()
    .int('alarm is a whole number of days.')
    .min(0, 'alarm is from 0 to 365 days.')
    .max(365, 'alarm is from 0 to 365 days.')
    .optional()
    .describe('Adds a reminder to each calendar event, this many days before expiry. Default: no reminder.'),
});

const exportOf = ({ mime, summary, description, path }: Exported, format: string) =>
  oc
    .route({
      method: 'GET',
      path: path ?? `/jobs/export.${format}`,
      summary,
      ...(description === undefined ? {} : { description }),
      tags: ['Import and export'],
    })
    .input(exportQuery)
    .output(z.file().mime(mime));

type Exported = (typeof exportFormatEntries)[number][1];

// SAFETY: the entries are those of the table, so every format has its call.
/** A call for each format in which jobs are exported. */
export const exportsContract = Object.fromEntries(
  exportFormatEntries.map(([format, entry]) => [format, exportOf(entry, format)]),
) as Readonly<Record<ExportFormat, ReturnType<typeof exportOf>>>;
