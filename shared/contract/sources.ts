import { oc } from '@orpc/contract';
import { z } from 'zod';
import {
  sourceEntrySchema,
  sourceIdSchema,
  sourceInputSchema,
  sourcePatchSchema,
  sourcePlanSchema,
  sourceViewSchema,
} from '../schema/source.ts';
import { pageInput, pageOf } from './paging.ts';

const noSuchSource = {
  NOT_FOUND: { status: 404, message: 'There is no source with this id.' },
} as const;
const nameTaken = { CONFLICT: { status: 409, message: 'Another source has this name.' } } as const;
const tags = ['Sources'];
const byId = z.strictObject({ id: sourceIdSchema });

/** What is asked of sources: folders, files and stores whose certificates are watched, each by a job. */
export const sourcesContract = {
  list: oc
    .route({ method: 'GET', path: '/sources', summary: 'List sources, oldest first', tags })
    .output(pageOf(sourceViewSchema)),
  add: oc
    .route({
      method: 'POST',
      path: '/sources',
      successStatus: 201,
      summary: 'Add a source, scan it, and add a job for each certificate',
      tags,
    })
    .errors(nameTaken)
    .input(sourceInputSchema)
    .output(sourceViewSchema),
  plan: oc
    .route({
      method: 'POST',
      path: '/sources/plan',
      summary: 'Preview what a source would find, without storing anything',
      description: 'Files without certificates are only counted.',
      tags,
    })
    .input(sourceInputSchema)
    .output(sourcePlanSchema),
  get: oc
    .route({ method: 'GET', path: '/sources/{id}', summary: 'One source', tags })
    .errors(noSuchSource)
    .input(byId)
    .output(sourceViewSchema),
  edit: oc
    .route({ method: 'PATCH', path: '/sources/{id}', summary: 'Edit a source and scan it', tags })
    .errors({ ...noSuchSource, ...nameTaken })
    .input(sourcePatchSchema.extend({ id: sourceIdSchema }))
    .output(sourceViewSchema),
  remove: oc
    .route({
      method: 'DELETE',
      path: '/sources/{id}',
      successStatus: 204,
      summary: 'Delete a source, its jobs and their history',
      tags,
    })
    .errors(noSuchSource)
    .input(byId)
    .output(z.undefined()),
  scan: oc
    .route({ method: 'POST', path: '/sources/{id}/scan', summary: 'Scan a source now', tags })
    .errors(noSuchSource)
    .input(byId)
    .output(sourceViewSchema),
  entries: oc
    .route({ method: 'GET', path: '/sources/{id}/entries', summary: 'The certificates of a source', tags })
    .errors(noSuchSource)
    .input(z.strictObject({ id: sourceIdSchema, ...pageInput }))
    .output(pageOf(sourceEntrySchema)),
  ignore: oc
    .route({
      method: 'POST',
      path: '/sources/{id}/ignore',
      summary: 'Ignore certificates of a source, or stop ignoring them',
      description: 'Ignoring a certificate deletes its job and history.',
      tags,
    })
    .errors(noSuchSource)
    .input(
      z.strictObject({
        id: sourceIdSchema,
        entries: z
          .array(z.string().min(1).max(64))
          .min(1, 'Name at least one entry.')
          .max(2_000)
          .describe('Entry ids.'),
        ignored: z.boolean().default(true).describe('false: stop ignoring them.'),
      }),
    )
    .output(z.object({ entries: z.int().describe('Number of entries changed.') })),
};
