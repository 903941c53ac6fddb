import { z } from 'zod';
import { alertKindNames } from '../domain/alerts/kinds.ts';
import { jobIdSchema } from './job.ts';

/** `info`: good news, without sound. */
export const alertSeveritySchema = z
  .enum(['info', 'warning', 'critical'])
  .describe('Severity of the alert. info: good news, without sound.');
export type AlertSeverity = z.infer<typeof alertSeveritySchema>;

const time = z.iso.datetime();

/** `info`: good news. `open`: needs attention. */
export const alertStates = ['open', 'snoozed', 'acknowledged', 'resolved', 'info'] as const;
export type AlertState = (typeof alertStates)[number];

/** Something that people are notified of once. */
export const alertSchema = z
  .object({
    id: z.int().describe('The alert’s id.'),
    jobId: jobIdSchema,
    key: z
      .string()
      .describe(
        'The alert’s identity within the job. It stays the same when the severity changes and when the alert is raised again.',
      ),
    raisedAt: time.describe('When the alert was raised.'),
    kind: z.enum(alertKindNames).describe('What the alert is about.'),
    severity: alertSeveritySchema,
    title: z.string().describe('What happened, in one line.'),
    body: z.string().describe('Details, and what to do.'),
    notifiedAt: time
      .nullable()
      .describe('When you were notified; null: not yet (quiet hours, snoozed), or resolved before.'),
    resolvedAt: time.nullable().describe('When the alert was resolved; null: it is open or acknowledged.'),
    acknowledgedAt: time.nullable().describe('When the alert was acknowledged; null: it was not.'),
    snoozedUntil: z
      .union([time, z.literal('renewed')])
      .nullable()
      .describe('Snoozed until a time, or until the certificate is renewed; null: not snoozed.'),
  })
  .describe('An alert.');
export type Alert = z.infer<typeof alertSchema>;

/** Whether an alert is open and not acknowledged. */
export function isOpen({ severity, resolvedAt, acknowledgedAt }: Alert): boolean {
  return severity !== 'info' && resolvedAt === null && acknowledgedAt === null;
}

/** Returns the one state that an alert is in. The engine’s table finds alerts by the same rules. */
export function alertStateOf(
  alert: Pick<Alert, 'severity' | 'resolvedAt' | 'acknowledgedAt' | 'snoozedUntil'>,
): AlertState {
  if (alert.severity === 'info') return 'info';
  if (alert.resolvedAt !== null) return 'resolved';
  if (alert.acknowledgedAt !== null) return 'acknowledged';
  return alert.snoozedUntil === null ? 'open' : 'snoozed';
}

/** Many alerts in one notification. */
export const digestSchema = z
  .object({
    alerts: z
      .array(alertSchema.pick({ id: true, jobId: true, severity: true }))
      .describe('The alerts in the digest.'),
    title: z.string().describe('What happened, in one line.'),
    body: z.string().describe('The affected jobs.'),
    isUpdate: z.boolean().describe('Whether it replaces the previous digest with a longer one.'),
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
