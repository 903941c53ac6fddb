import { eventIterator, oc } from '@orpc/contract';
import { z } from 'zod';
import { accessSchema } from '../schema/api-access.ts';
import { checkResultSchema, statusSchema } from '../schema/check-result.ts';
import { defaultConnection, newConnectionSchema } from '../schema/connection.ts';
import { engineEventSchema, engineStateSchema } from '../schema/event.ts';
import { localPaths } from '../schema/local-path.ts';
import { settingsPatchSchema, settingsSchema } from '../schema/settings.ts';
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
    .describe('Paths of PEM files whose certificates are trusted beside the usual roots.'),
  connection: newConnectionSchema.default(defaultConnection),
});

/** What is asked of NotAfter as a whole. */
export const serviceContract = {
  check: oc
    .route({
      method: 'POST',
      path: '/check',
      summary: 'Check a target once; nothing is stored',
      tags: ['Check'],
    })
    .input(onceSchema)
    .output(checkResultSchema),
  events: oc
    .route({
      method: 'GET',
      path: '/events',
      summary: 'What happens, as it happens (server-sent events)',
      description:
        'Goes on after the event that the header Last-Event-ID names. Where that is too long ago, `missed` comes first.',
      tags: ['Events'],
    })
    .output(eventIterator(engineEventSchema)),
  settings: {
    get: oc
      .route({ method: 'GET', path: '/settings', summary: 'Settings', tags: ['Settings'] })
      .output(settingsSchema),
    edit: oc
      .route({ method: 'PATCH', path: '/settings', summary: 'Change settings', tags: ['Settings'] })
      .input(settingsPatchSchema)
      .output(settingsSchema),
  },
  access: {
    get: oc
      .route({
        method: 'GET',
        path: '/access',
        summary: 'Where this API is, and by what token',
        tags: ['Settings'],
      })
      .output(accessSchema),
    rotateToken: oc
      .route({
        method: 'POST',
        path: '/access/rotate-token',
        summary: 'Make a new token; the old one ends at once',
        description: 'Open event streams end, and the calendar feed gets a new address.',
        tags: ['Settings'],
      })
      .output(accessSchema),
  },
  status: oc
    .route({ method: 'GET', path: '/status', summary: 'Number of jobs by status', tags: ['Status'] })
    .output(
      engineStateSchema.extend({
        version: z.string().describe('Which NotAfter this is.'),
        exampleFile: z
          .string()
          .nullable()
          .describe('Path of a certificate file that ships with NotAfter, to try it on; null: none.'),
        logFile: z
          .string()
          .nullable()
          .describe('Path of the file that says what was done and found; null: none.'),
        jobs: z.int().describe('How many jobs there are.'),
        paused: z.int().describe('Jobs that are paused by themselves.'),
        checking: z.int().describe('Checks that run or wait.'),
        byStatus: z
          .record(z.enum([...statusSchema.options, 'pending']), z.int())
          .describe('Number of jobs by status.'),
      }),
    ),
};
