import { z } from 'zod';
import { alertKindNames } from '../domain/alerts/kinds.ts';
import { jobIdSchema } from './job.ts';

/** `info`: good news, without sound. */
export const alertSeveritySchema = z
  .enum(['info', 'warning', 'critical'])
  .describe('How urgent it is; info: good news, notified quietly.');
export type AlertSeverity = z.infer<typeof alertSeveritySchema>;

const time = z.iso.datetime();

/** Something that people are notified of once. */
export const alertSchema = z
  .object({
    id: z.int().describe('The alert’s id.'),
    jobId: jobIdSchema,
    key: z
      .string()
      .describe(
        'What of the job it is about: stays the same while it grows worse or better, and when it comes back.',
      ),
    raisedAt: time.describe('When it became true.'),
    kind: z.enum(alertKindNames).describe('What it is about.'),
    severity: alertSeveritySchema,
    title: z.string().describe('What happened, in a line.'),
    body: z.string().describe('What there is to know and to do.'),
    notifiedAt: time
      .nullable()
      .describe(
        'When people were notified; null: it waits (quiet hours, snoozed) or was resolved before that.',
      ),
    resolvedAt: time.nullable().describe('When it was no longer true; null: it is open or acknowledged.'),
    acknowledgedAt: time.nullable().describe('When it was acknowledged; null: it was not.'),
    snoozedUntil: z
      .union([time, z.literal('renewed')])
      .nullable()
      .describe(
        'Until when it is not repeated: a time, or until the certificate is renewed; null: not snoozed.',
      ),
  })
  .describe('Something that people are notified of.');
export type Alert = z.infer<typeof alertSchema>;

/** Whether somebody should still look at it. */
export function isOpen({ severity, resolvedAt, acknowledgedAt }: Alert): boolean {
  return severity !== 'info' && resolvedAt === null && acknowledgedAt === null;
}

/** Many alerts in one notification. */
export const digestSchema = z
  .object({
    alerts: z
      .array(alertSchema.pick({ id: true, jobId: true, severity: true }))
      .describe('The alerts in it.'),
    title: z.string().describe('What happened, in a line.'),
    body: z.string().describe('Which jobs it is about.'),
    isUpdate: z.boolean().describe('Whether it takes the place of the digest before it, with more in it.'),
  })
  .describe('Many alerts in one notification.');
export type Digest = z.infer<typeof digestSchema>;

/** How long an alert is snoozed, as people choose it. */
export const snoozeLengths = ['day', 'week', 'renewed'] as const;
export type SnoozeLength = (typeof snoozeLengths)[number];

export const snoozeWords: Readonly<Record<SnoozeLength, string>> = {
  day: 'for a day',
  week: 'for a week',
  renewed: 'until renewed',
};

const dayMs = 24 * 60 * 60 * 1000;

/** @returns ISO 8601, or `renewed` */
export function snoozeEnd(length: SnoozeLength, now: number): string {
  if (length === 'renewed') return 'renewed';
  return new Date(now + (length === 'day' ? 1 : 7) * dayMs).toISOString();
}
