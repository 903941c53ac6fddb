import { oc } from '@orpc/contract';
import { z } from 'zod';
import { checkResultSchema } from '../schema/check-result.ts';
import { explanationSchema } from '../schema/explanation.ts';
import {
  historyEntrySchema,
  jobDetailSchema,
  jobIdSchema,
  jobInputSchema,
  jobPatchSchema,
  jobStatusSchema,
  jobViewSchema,
  revisionSchema,
  trendPointSchema,
} from '../schema/job.ts';
import { acceptancesContract } from './acceptances.ts';
import { exportsContract } from './exports.ts';
import { importFormatSchema, importReportSchema } from './import-report.ts';
import { pageInput, pageOf, queryBoolean } from './paging.ts';
import { trustContract } from './trust.ts';

const noSuchJob = { NOT_FOUND: { status: 404, message: 'There is no job with this id.' } } as const;

const changedMeanwhile = {
  PRECONDITION_FAILED: {
    status: 412,
    message: 'This job has changed in the meantime. Read it again before you edit it.',
  },
} as const;

const byId = z.strictObject({ id: jobIdSchema });

const knownRevision = revisionSchema
  .optional()
  .describe(
    'The revision you read. If the job has changed since, nothing is changed (412). The header If-Match does the same.',
  );

const idsSchema = z.array(jobIdSchema).min(1, 'Name at least one job.').max(100_000).describe('Which jobs.');
const jobsTouched = z.object({ jobs: z.int().describe('Number of jobs changed.') });

/** A pause ends at a time, after some minutes, or when someone resumes it. */
const pauseEnd = {
  until: z.iso
    .datetime({ offset: true, error: 'A time is written as 2026-11-26T08:00:00Z.' })
    .optional()
    .describe('When the pause ends automatically.'),
  minutes: z
    .number()
    .min(1, 'A pause lasts at least a minute.')
    .max(366 * 24 * 60, 'A pause lasts at most a year. Leave out the end to pause until you resume.')
    .optional()
    .describe('Length of the pause in minutes, instead of until.'),
};

function endsOnce<Input extends z.ZodType<{ until?: string | undefined; minutes?: number | undefined }>>(
  input: Input,
) {
  return input.refine(({ until, minutes }) => until === undefined || minutes === undefined, {
    path: ['minutes'],
    error: 'Give until or minutes, not both.',
  });
}

/** The orders in which jobs are listed; a minus turns one round. */
export const jobSorts = ['urgency', 'host', '-host', 'expiry', '-expiry', 'created', '-created'] as const;

/** What is asked of jobs. */
export const jobsContract = {
  list: oc
    .route({ method: 'GET', path: '/jobs', summary: 'List jobs', tags: ['Jobs'] })
    .input(
      z.strictObject({
        ...pageInput,
        sort: z
          .enum(jobSorts, { error: `sort is one of ${jobSorts.join(', ')}.` })
          .default('urgency')
          .describe('Sort order. A leading minus reverses it.'),
        status: jobStatusSchema.optional(),
        tag: z.string().max(60).optional().describe('Only jobs that carry this tag.'),
        search: z.string().max(200).optional().describe('Part of a host, name, issuer or tag.'),
      }),
    )
    .output(pageOf(jobViewSchema)),
  add: oc
    .route({
      method: 'POST',
      path: '/jobs',
      successStatus: 201,
      summary: 'Add a job',
      description: 'Send an Idempotency-Key so that repeating the request does not add a second job.',
      tags: ['Jobs'],
    })
    .input(jobInputSchema)
    .output(jobViewSchema),
  /** One call for each export format. */
  export: exportsContract,
  import: oc
    .route({
      method: 'POST',
      path: '/jobs/import',
      inputStructure: 'detailed',
      summary: 'Import jobs',
      description:
        'Reads JSON or text in any of the formats listed under `format`. A host that is already in the list is not added again, but gains the new tags.',
      tags: ['Import and export'],
    })
    .input(
      z.object({
        headers: z.object({ 'content-type': z.string().optional().describe('text/csv for CSV.') }).optional(),
        query: z
          .strictObject({
            dryRun: queryBoolean.optional().describe('Preview the import without changing anything.'),
            format: importFormatSchema.optional(),
          })
          .optional(),
        body: z
          .union([z.string().max(20_000_000), z.array(z.unknown()), z.record(z.string(), z.unknown())], {
            error: 'Send {"jobs": […]}, text with one host per line, CSV, or another import format.',
          })
          .describe('What to import, as JSON or text.'),
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
    .output(z.object({ started: z.int().describe('Number of checks started or queued.') })),
  stopChecks: oc
    .route({
      method: 'POST',
      path: '/jobs/check/stop',
      summary: 'Stop running and queued checks; scheduled checks run again at their next time',
      tags: ['Jobs'],
    })
    .output(z.object({ stopped: z.int().describe('Number of checks stopped.') })),
  editMany: oc
    .route({
      method: 'PATCH',
      path: '/jobs',
      summary: 'Edit many jobs in one step',
      tags: ['Jobs'],
    })
    .input(
      z.strictObject({
        ids: idsSchema,
        patch: jobPatchSchema
          .pick({ schedule: true, thresholds: true, alerts: true, caFiles: true, tags: true })
          .default({})
          .describe('What changes.'),
        addTags: jobPatchSchema.shape.tags.describe('Tags to add to each job.'),
        removeTags: jobPatchSchema.shape.tags.describe('Tags to remove from each job.'),
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
      summary: 'Get a job with its full last result',
      tags: ['Jobs'],
    })
    .errors(noSuchJob)
    .input(byId)
    .output(jobDetailSchema),
  edit: oc
    .route({ method: 'PATCH', path: '/jobs/{id}', summary: 'Edit a job', tags: ['Jobs'] })
    .errors({ ...noSuchJob, ...changedMeanwhile })
    .input(jobPatchSchema.extend({ id: jobIdSchema, revision: knownRevision }))
    .output(jobViewSchema),
  remove: oc
    .route({
      method: 'DELETE',
      path: '/jobs/{id}',
      successStatus: 204,
      summary: 'Delete a job and its history',
      tags: ['Jobs'],
    })
    .errors({ ...noSuchJob, ...changedMeanwhile })
    .input(byId)
    .output(z.undefined()),
  check: oc
    .route({
      method: 'POST',
      path: '/jobs/{id}/check',
      summary: 'Check a job now, or join the check that is running',
      tags: ['Jobs'],
    })
    .errors(noSuchJob)
    .input(byId)
    .output(checkResultSchema),
  ...acceptancesContract,
  ...trustContract,
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
      description: 'Without ids, pauses all checks. Jobs that are paused individually keep their own pause.',
      tags: ['Jobs'],
    })
    .input(endsOnce(z.strictObject({ ids: idsSchema.optional(), ...pauseEnd })))
    .output(jobsTouched),
  resumeAll: oc
    .route({
      method: 'POST',
      path: '/jobs/resume',
      summary: 'Resume some jobs, or all checks',
      description: 'Without ids, resumes all checks. Jobs that are paused individually stay paused.',
      tags: ['Jobs'],
    })
    .input(z.strictObject({ ids: idsSchema.optional() }))
    .output(jobsTouched),
  chain: oc
    .route({
      method: 'GET',
      path: '/jobs/{id}/chain',
      summary: 'The chain of the job’s last result as PEM, leaf first',
      tags: ['Jobs'],
    })
    .errors(noSuchJob)
    .input(byId)
    .output(z.object({ pem: z.array(z.string()).describe('Each certificate as PEM.') })),
  explain: oc
    .route({
      method: 'GET',
      path: '/jobs/{id}/explain',
      summary: 'Explain why you were, or were not, notified about a job',
      tags: ['Jobs'],
    })
    .errors(noSuchJob)
    .input(byId)
    .output(explanationSchema),
  trend: oc
    .route({
      method: 'GET',
      path: '/jobs/{id}/trend',
      summary: 'Up to 500 evenly spaced results of a job in brief, oldest first',
      tags: ['Jobs'],
    })
    .errors(noSuchJob)
    .input(byId)
    .output(z.object({ points: z.array(trendPointSchema).describe('The results.') })),
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
};
