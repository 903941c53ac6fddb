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

const noSuchJob = { NOT_FOUND: { status: 404, message: 'There is no job with this id.' } } as const;

const changedMeanwhile = {
  PRECONDITION_FAILED: {
    status: 412,
    message: 'This job was changed meanwhile. Read it again, then change it.',
  },
} as const;

const byId = z.strictObject({ id: jobIdSchema });

const knownRevision = revisionSchema
  .optional()
  .describe(
    'The revision that you have read: where it is another by now, nothing is done (412). If-Match says the same.',
  );

const idsSchema = z.array(jobIdSchema).min(1, 'Name at least one job.').max(100_000).describe('Which jobs.');
const jobsTouched = z.object({ jobs: z.int().describe('How many jobs it is about.') });

/** A pause ends at a time, after some minutes, or when someone resumes it. */
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
          .describe('The order; a minus turns it round.'),
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
      description: 'With an Idempotency-Key a request that is sent again does not add a second job.',
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
        'From JSON or text, of any of the formats that `format` names. A target that is in the list already is not added again; it gets the tags it lacks.',
      tags: ['Import and export'],
    })
    .input(
      z.object({
        headers: z
          .object({ 'content-type': z.string().optional().describe('text/csv says that it is CSV.') })
          .optional(),
        query: z
          .strictObject({
            dryRun: queryBoolean.optional().describe('Only say what would happen.'),
            format: importFormatSchema.optional(),
          })
          .optional(),
        body: z
          .union([z.string().max(20_000_000), z.array(z.unknown()), z.record(z.string(), z.unknown())], {
            error: 'Send {"jobs": […]}, text with one host a line, CSV, or another format that is read.',
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
    .output(z.object({ started: z.int().describe('How many checks began or wait.') })),
  stopChecks: oc
    .route({
      method: 'POST',
      path: '/jobs/check/stop',
      summary: 'Stop the checks that run or wait; what was due is checked at its next time',
      tags: ['Jobs'],
    })
    .output(z.object({ stopped: z.int().describe('How many checks were ended.') })),
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
          .default({})
          .describe('What changes.'),
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
      summary: 'Check a job now; joins a check that runs',
      tags: ['Jobs'],
    })
    .errors(noSuchJob)
    .input(byId)
    .output(checkResultSchema),
  ...acceptancesContract,
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
    .output(z.object({ pem: z.array(z.string()).describe('Each certificate as PEM.') })),
  explain: oc
    .route({
      method: 'GET',
      path: '/jobs/{id}/explain',
      summary: 'Why people were, or were not, notified of a job',
      tags: ['Jobs'],
    })
    .errors(noSuchJob)
    .input(byId)
    .output(explanationSchema),
  trend: oc
    .route({
      method: 'GET',
      path: '/jobs/{id}/trend',
      summary: 'Results of a job in brief, the oldest first: at most 500, evenly chosen',
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
