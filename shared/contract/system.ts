import { eventIterator, oc } from '@orpc/contract';
import { z } from 'zod';
import { accessSchema } from '../schema/api-access.ts';
import { checkResultSchema, statusSchema } from '../schema/check-result.ts';
import { defaultConnection, newConnectionSchema } from '../schema/connection.ts';
import { checksSchema, engineEventSchema, engineStateSchema } from '../schema/event.ts';
import { localPaths } from '../schema/local-path.ts';
import { settingsPatchSchema, shownSettingsSchema } from '../schema/settings.ts';
import { targetInputSchema } from '../schema/target.ts';
import { defaultThresholds, thresholdsSchema } from '../schema/thresholds.ts';

/** A check that is made once and not stored. */
const onceSchema = z.strictObject({
  target: targetInputSchema,
  thresholds: thresholdsSchema.default(defaultThresholds),
  caFiles: z
    .array(z.string().min(1).max(4096))
    .max(20)
    .superRefine(localPaths((files) => files.map((file, index) => [[index], file])))
    .default([])
    .describe('Paths of PEM files with certificates to trust in addition to the usual roots.'),
  connection: newConnectionSchema.default(defaultConnection),
});

/** What is asked of NotAfter as a whole. */
export const serviceContract = {
  check: oc
    .route({
      method: 'POST',
      path: '/check',
      summary: 'Check a target once, without storing the result',
      tags: ['Check'],
    })
    .input(onceSchema)
    .output(checkResultSchema),
  events: oc
    .route({
      method: 'GET',
      path: '/events',
      summary: 'Stream events as they happen (server-sent events)',
      description:
        'Continues after the event in the header Last-Event-ID. If that event is no longer available, the stream begins with `missed`.',
      tags: ['Events'],
    })
    .output(eventIterator(engineEventSchema)),
  settings: {
    get: oc
      .route({ method: 'GET', path: '/settings', summary: 'Settings', tags: ['Settings'] })
      .output(shownSettingsSchema),
    edit: oc
      .route({ method: 'PATCH', path: '/settings', summary: 'Change settings', tags: ['Settings'] })
      .input(settingsPatchSchema)
      .output(shownSettingsSchema),
  },
  access: {
    get: oc
      .route({
        method: 'GET',
        path: '/access',
        summary: 'Get the address and token of this API',
        tags: ['Settings'],
      })
      .output(accessSchema),
    rotateToken: oc
      .route({
        method: 'POST',
        path: '/access/rotate-token',
        summary: 'Create a new token; the old one stops working immediately',
        description: 'Closes open event streams and changes the address of the calendar feed.',
        tags: ['Settings'],
      })
      .output(accessSchema),
  },
  dismissInterruption: oc
    .route({
      method: 'POST',
      path: '/status/interruption/dismiss',
      successStatus: 204,
      summary: 'Dismiss the notice about the interrupted run',
      tags: ['Status'],
    })
    .output(z.undefined()),
  status: oc
    .route({ method: 'GET', path: '/status', summary: 'Number of jobs by status', tags: ['Status'] })
    .output(
      engineStateSchema.extend({
        version: z.string().describe('Version of NotAfter.'),
        exampleFile: z
          .string()
          .nullable()
          .describe('Path of the example certificate that ships with NotAfter; null: none.'),
        logFile: z.string().nullable().describe('Path of the log file; null: no log is written.'),
        jobs: z.int().describe('Number of jobs.'),
        paused: z.int().describe('Number of jobs that are paused individually.'),
        checking: z.int().describe('Number of checks running or queued.'),
        checks: checksSchema,
        byStatus: z
          .record(z.enum([...statusSchema.options, 'pending']), z.int())
          .describe('Number of jobs by status.'),
      }),
    ),
};
