import { eventIterator, oc } from '@orpc/contract';
import { z } from 'zod';
import { alertSchema, alertSeveritySchema } from './alert.ts';
import { checkResultSchema, statusSchema } from './check-result.ts';
import { connectionSchema, defaultConnection } from './connection.ts';
import { engineEventSchema, engineStateSchema } from './event.ts';
import {
  historyEntrySchema,
  jobDetailSchema,
  jobIdSchema,
  jobInputSchema,
  jobPatchSchema,
  jobStatusSchema,
  jobViewSchema,
  trendPointSchema,
} from './job.ts';
import { settingsPatchSchema, settingsSchema } from './settings.ts';
import { targetInputSchema } from './target.ts';
import { defaultThresholds, thresholdsSchema } from './thresholds.ts';

const noSuchJob = { NOT_FOUND: { status: 404, message: 'There is no job with this id.' } } as const;

const noSuchAlert = {
  NOT_FOUND: { status: 404, message: 'There is no alert with this id.' },
} as const;

/** Query strings carry numbers as text; an oRPC client sends numbers. Both are read. */
const limitSchema = z.coerce
  .number()
  .int()
  .min(1, 'limit is 1 or more.')
  .max(10_000, 'limit is at most 10,000.');
const offsetSchema = z.coerce.number().int().min(0, 'offset is 0 or more.');
const pageInput = { limit: limitSchema.default(100), offset: offsetSchema.default(0) };

const queryBoolean = z.union([z.boolean(), z.enum(['true', 'false']).transform((text) => text === 'true')], {
  error: 'Write true or false.',
});

const pageOf = <Item extends z.ZodType>(item: Item) =>
  z.object({ items: z.array(item), total: z.int().describe('How many there are in all.') });

const byId = z.strictObject({ id: jobIdSchema });

const idsSchema = z.array(jobIdSchema).min(1, 'Name at least one job.').max(100_000);
const jobsTouched = z.object({ jobs: z.int().describe('How many jobs it is about.') });

/** A pause ends at a time, after some minutes, or when it is told to. */
const pauseEnd = {
  until: z.iso
    .datetime({ offset: true, error: 'A time is written as 2026-11-26T08:00:00Z.' })
    .optional()
    .describe('When the pause ends by itself.'),
  minutes: z
    .number()
    .min(1, 'A pause lasts at least a minute.')
    .max(366 * 24 * 60, 'A pause lasts at most a year; leave the end out to pause until told.')
    .optional()
    .describe('How long the pause lasts, in place of until.'),
};

function endsOnce<Input extends z.ZodType<{ until?: string | undefined; minutes?: number | undefined }>>(
  input: Input,
) {
  return input.refine(({ until, minutes }) => until === undefined || minutes === undefined, {
    path: ['minutes'],
    error: 'Give until or minutes, not both.',
  });
}

export const jobSorts = ['urgency', 'host', '-host', 'expiry', '-expiry', 'created', '-created'] as const;

const importEntrySchema = z.object({
  line: z.int().describe('Where it stood: line of a text, position in a list, counted from 1.'),
  text: z.string(),
  outcome: z.enum(['added', 'duplicate', 'invalid']),
  id: jobIdSchema.nullable().describe('The job that was added, or the one that it duplicates.'),
  message: z.string().nullable(),
});

export const importReportSchema = z.object({
  added: z.int(),
  duplicates: z.int(),
  invalid: z.int(),
  entries: z.array(importEntrySchema),
});
export type ImportReport = z.infer<typeof importReportSchema>;

/** A check that is made once and not stored. */
export const onceSchema = z.strictObject({
  target: targetInputSchema,
  thresholds: thresholdsSchema.default(defaultThresholds),
  caFiles: z.array(z.string().min(1).max(4096)).max(20).default([]),
  connection: connectionSchema.default(defaultConnection),
});

/** Everything the engine can be asked, by the page, by scripts and by the command line. */
export const contract = {
  jobs: {
    list: oc
      .route({ method: 'GET', path: '/jobs', summary: 'List jobs', tags: ['Jobs'] })
      .input(
        z.strictObject({
          ...pageInput,
          sort: z.enum(jobSorts, { error: `sort is one of ${jobSorts.join(', ')}.` }).default('urgency'),
          status: jobStatusSchema.optional(),
          tag: z.string().optional(),
          search: z.string().max(200).optional().describe('Part of a host, name, issuer or tag.'),
        }),
      )
      .output(pageOf(jobViewSchema)),
    add: oc
      .route({ method: 'POST', path: '/jobs', successStatus: 201, summary: 'Add a job', tags: ['Jobs'] })
      .input(jobInputSchema)
      .output(jobViewSchema),
    export: oc
      .route({ method: 'GET', path: '/jobs/export', summary: 'Export all jobs', tags: ['Jobs'] })
      .output(z.object({ jobs: z.array(z.record(z.string(), z.unknown())) })),
    import: oc
      .route({
        method: 'POST',
        path: '/jobs/import',
        inputStructure: 'detailed',
        summary: 'Import jobs from {"jobs": […]}, text with one host a line, or CSV',
        tags: ['Jobs'],
      })
      .input(
        z.object({
          headers: z.object({ 'content-type': z.string().optional() }).optional(),
          body: z.union(
            [z.string().max(20_000_000), z.strictObject({ jobs: z.array(z.unknown()).max(100_000) })],
            {
              error: 'Send {"jobs": […]}, text with one host a line, or CSV.',
            },
          ),
        }),
      )
      .output(importReportSchema),
    checkAll: oc
      .route({
        method: 'POST',
        path: '/jobs/check',
        successStatus: 202,
        summary: 'Check some jobs, or every job that is not paused',
        tags: ['Jobs'],
      })
      .input(z.strictObject({ ids: idsSchema.optional() }).optional())
      .output(z.object({ started: z.int() })),
    stopChecks: oc
      .route({
        method: 'POST',
        path: '/jobs/check/stop',
        summary: 'Stop the checks that run or wait; what was due is checked at its next time',
        tags: ['Jobs'],
      })
      .output(z.object({ stopped: z.int() })),
    editMany: oc
      .route({
        method: 'PATCH',
        path: '/jobs',
        summary: 'Change many jobs alike',
        tags: ['Jobs'],
      })
      .input(
        z.strictObject({
          ids: idsSchema,
          patch: jobPatchSchema
            .pick({ schedule: true, thresholds: true, alerts: true, caFiles: true })
            .default({}),
          addTags: jobPatchSchema.shape.tags.describe('Tags that each of them gets.'),
          removeTags: jobPatchSchema.shape.tags.describe('Tags that none of them keeps.'),
        }),
      )
      .output(jobsTouched),
    removeMany: oc
      .route({
        method: 'POST',
        path: '/jobs/delete',
        summary: 'Delete many jobs and their history',
        tags: ['Jobs'],
      })
      .input(z.strictObject({ ids: idsSchema }))
      .output(jobsTouched),
    get: oc
      .route({
        method: 'GET',
        path: '/jobs/{id}',
        summary: 'One job with its whole last result',
        tags: ['Jobs'],
      })
      .errors(noSuchJob)
      .input(byId)
      .output(jobDetailSchema),
    edit: oc
      .route({ method: 'PATCH', path: '/jobs/{id}', summary: 'Change a job', tags: ['Jobs'] })
      .errors(noSuchJob)
      .input(jobPatchSchema.extend({ id: jobIdSchema }))
      .output(jobViewSchema),
    remove: oc
      .route({
        method: 'DELETE',
        path: '/jobs/{id}',
        successStatus: 204,
        summary: 'Delete a job and its history',
        tags: ['Jobs'],
      })
      .errors(noSuchJob)
      .input(byId)
      .output(z.undefined()),
    check: oc
      .route({
        method: 'POST',
        path: '/jobs/{id}/check',
        summary: 'Check a job now; joins a check that runs',
        tags: ['Jobs'],
      })
      .errors(noSuchJob)
      .input(byId)
      .output(checkResultSchema),
    pause: oc
      .route({ method: 'POST', path: '/jobs/{id}/pause', summary: 'Pause a job', tags: ['Jobs'] })
      .errors(noSuchJob)
      .input(endsOnce(z.strictObject({ id: jobIdSchema, ...pauseEnd })))
      .output(jobViewSchema),
    resume: oc
      .route({ method: 'POST', path: '/jobs/{id}/resume', summary: 'Resume a job', tags: ['Jobs'] })
      .errors(noSuchJob)
      .input(byId)
      .output(jobViewSchema),
    pauseAll: oc
      .route({
        method: 'POST',
        path: '/jobs/pause',
        summary: 'Pause some jobs, or all checks',
        description: 'Without ids all checks pause, beside the pauses that single jobs may have.',
        tags: ['Jobs'],
      })
      .input(endsOnce(z.strictObject({ ids: idsSchema.optional(), ...pauseEnd })))
      .output(jobsTouched),
    resumeAll: oc
      .route({
        method: 'POST',
        path: '/jobs/resume',
        summary: 'Resume some jobs, or all checks',
        description: 'Without ids the pause of all checks ends; what was paused by itself stays so.',
        tags: ['Jobs'],
      })
      .input(z.strictObject({ ids: idsSchema.optional() }))
      .output(jobsTouched),
    chain: oc
      .route({
        method: 'GET',
        path: '/jobs/{id}/chain',
        summary: 'The certificates that the job’s last result shows, as PEM, the leaf first',
        tags: ['Jobs'],
      })
      .errors(noSuchJob)
      .input(byId)
      .output(z.object({ pem: z.array(z.string()) })),
    trend: oc
      .route({
        method: 'GET',
        path: '/jobs/{id}/trend',
        summary: 'Results of a job in brief, the oldest first: at most 500, evenly chosen',
        tags: ['Jobs'],
      })
      .errors(noSuchJob)
      .input(byId)
      .output(z.object({ points: z.array(trendPointSchema) })),
    history: oc
      .route({
        method: 'GET',
        path: '/jobs/{id}/history',
        summary: 'Results of a job, newest first',
        tags: ['Jobs'],
      })
      .errors(noSuchJob)
      .input(z.strictObject({ id: jobIdSchema, ...pageInput }))
      .output(pageOf(historyEntrySchema)),
  },
  check: oc
    .route({
      method: 'POST',
      path: '/check',
      summary: 'Check a target once; nothing is stored',
      tags: ['Check'],
    })
    .input(onceSchema)
    .output(checkResultSchema),
  alerts: {
    list: oc
      .route({ method: 'GET', path: '/alerts', summary: 'Alerts, newest first', tags: ['Alerts'] })
      .input(
        z.strictObject({
          ...pageInput,
          jobId: jobIdSchema.optional(),
          severity: alertSeveritySchema.optional(),
          open: queryBoolean
            .optional()
            .describe('Only what somebody should still look at (true), or only the rest (false).'),
        }),
      )
      .output(pageOf(alertSchema)),
    acknowledge: oc
      .route({
        method: 'POST',
        path: '/alerts/acknowledge',
        summary: 'Say that some alerts were seen, or all that are open',
        tags: ['Alerts'],
      })
      .input(
        z.strictObject({ ids: z.array(z.int()).min(1, 'Name at least one alert.').max(100_000).optional() }),
      )
      .output(z.object({ alerts: z.int().describe('How many alerts it is about.') })),
    snooze: oc
      .route({
        method: 'POST',
        path: '/alerts/{id}/snooze',
        summary: 'Say an alert again later, if it is still true, or not until the certificate is renewed',
        tags: ['Alerts'],
      })
      .errors(noSuchAlert)
      .input(
        z.strictObject({
          id: z.coerce.number().int(),
          until: z.union([z.iso.datetime({ offset: true }), z.literal('renewed')], {
            error: 'Write a time as 2026-11-26T08:00:00Z, or renewed.',
          }),
        }),
      )
      .output(alertSchema),
  },
  events: oc
    .route({
      method: 'GET',
      path: '/events',
      summary: 'What happens, as it happens (server-sent events)',
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
  status: oc
    .route({ method: 'GET', path: '/status', summary: 'How many jobs stand how', tags: ['Status'] })
    .output(
      engineStateSchema.extend({
        version: z.string(),
        exampleFile: z
          .string()
          .nullable()
          .describe('Path of a certificate file that ships with NotAfter, to try it on; null: none.'),
        jobs: z.int(),
        paused: z.int().describe('Jobs that are paused by themselves.'),
        checking: z.int(),
        byStatus: z.record(z.enum([...statusSchema.options, 'pending']), z.int()),
      }),
    ),
};
