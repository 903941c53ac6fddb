import { oc } from '@orpc/contract';
import { z } from 'zod';
import { acceptReasonSchema } from '../schema/accepted-problem.ts';
import { problemCodeSchema } from '../schema/check-result.ts';
import { jobIdSchema, jobViewSchema } from '../schema/job.ts';

const noSuchJob = { NOT_FOUND: { status: 404, message: 'There is no job with this id.' } } as const;

const idsSchema = z.array(jobIdSchema).min(1, 'Name at least one job.').max(100_000).describe('Which jobs.');
const jobsTouched = z.object({ jobs: z.int().describe('Number of jobs changed.') });

const acceptFields = {
  problem: problemCodeSchema,
  reason: acceptReasonSchema,
  until: z
    .union([z.iso.datetime({ offset: true }), z.enum(['changed', 'undone'])], {
      error: 'Write a time as 2026-12-01T08:00:00Z, changed or undone.',
    })
    .default('changed')
    .describe('A time; changed: until the host shows another certificate; undone: until you undo it.'),
};

/** What is asked of accepted problems. */
export const acceptancesContract = {
  accept: oc
    .route({
      method: 'POST',
      path: '/jobs/{id}/accept',
      summary: 'Accept a problem of the last result, so that it counts in neither status nor alerts',
      description: 'It counts again when it gets worse, when the acceptance expires, and when you undo it.',
      tags: ['Jobs'],
    })
    .errors(noSuchJob)
    .input(z.strictObject({ id: jobIdSchema, ...acceptFields }))
    .output(jobViewSchema),
  acceptMany: oc
    .route({
      method: 'POST',
      path: '/jobs/accept',
      summary: 'Accept a problem of many jobs in one step',
      description:
        'Changes the jobs whose last result has the problem. Where one of them cannot accept it, nothing is changed.',
      tags: ['Jobs'],
    })
    .input(z.strictObject({ ids: idsSchema, ...acceptFields }))
    .output(jobsTouched),
  unacceptMany: oc
    .route({
      method: 'POST',
      path: '/jobs/unaccept',
      summary: 'Stop accepting a problem of many jobs',
      tags: ['Jobs'],
    })
    .input(z.strictObject({ ids: idsSchema, problem: problemCodeSchema }))
    .output(jobsTouched),
  unaccept: oc
    .route({
      method: 'POST',
      path: '/jobs/{id}/unaccept',
      summary: 'Stop accepting a problem',
      tags: ['Jobs'],
    })
    .errors(noSuchJob)
    .input(z.strictObject({ id: jobIdSchema, problem: problemCodeSchema }))
    .output(jobViewSchema),
};
