import { oc } from '@orpc/contract';
import { z } from 'zod';
import { alertSchema, alertSeveritySchema, alertStates } from '../schema/alert.ts';
import { jobIdSchema } from '../schema/job.ts';
import { pageInput, pageOf, queryBoolean } from './paging.ts';

const noSuchAlert = {
  NOT_FOUND: { status: 404, message: 'There is no alert with this id.' },
} as const;

/** What is asked of alerts. */
export const alertsContract = {
  list: oc
    .route({ method: 'GET', path: '/alerts', summary: 'Alerts, newest first', tags: ['Alerts'] })
    .input(
      z.strictObject({
        ...pageInput,
        jobId: jobIdSchema.optional().describe('Only alerts of this job.'),
        severity: alertSeveritySchema.optional(),
        open: queryBoolean
          .optional()
          .describe('true: only open alerts without an acknowledgment. false: only the rest.'),
        state: z
          .enum(alertStates, { error: `state is one of ${alertStates.join(', ')}.` })
          .optional()
          .describe(
            'Only alerts in this state. open: neither acknowledged nor snoozed. snoozed: open, and quiet for now. acknowledged: still true. resolved: no longer true, the last first. info: good news.',
          ),
      }),
    )
    .output(pageOf(alertSchema)),
  acknowledge: oc
    .route({
      method: 'POST',
      path: '/alerts/acknowledge',
      summary: 'Acknowledge some alerts, or all open ones',
      tags: ['Alerts'],
    })
    .input(
      z.strictObject({
        ids: z
          .array(z.int())
          .min(1, 'Name at least one alert.')
          .max(100_000)
          .optional()
          .describe('Alert ids. Default: all open alerts.'),
      }),
    )
    .output(z.object({ alerts: z.int().describe('Number of alerts changed.') })),
  snooze: oc
    .route({
      method: 'POST',
      path: '/alerts/{id}/snooze',
      summary: 'Snooze an alert until a time, or until the certificate is renewed',
      tags: ['Alerts'],
    })
    .errors(noSuchAlert)
    .input(
      z.strictObject({
        id: z.coerce.number().int().describe('The alert’s id.'),
        until: z
          .union([z.iso.datetime({ offset: true }), z.literal('renewed')], {
            error: 'Write a time as 2026-11-26T08:00:00Z, or renewed.',
          })
          .describe('Until when: a time, or until the certificate is renewed.'),
      }),
    )
    .output(alertSchema),
};
