import { oc } from '@orpc/contract';
import { z } from 'zod';
import { maxFindsAtOnce } from '../domain/list-bounds.ts';
import { discoveryPlanSchema } from '../schema/discovery.ts';
import {
  exclusionSchema,
  findIdSchema,
  findStates,
  keptFindSchema,
  savedSearchIdSchema,
  savedSearchInputSchema,
  savedSearchPatchSchema,
  savedSearchViewSchema,
  searchRevisionSchema,
  searchRunSchema,
} from '../schema/saved-search.ts';
import { tagSchema } from '../schema/tag.ts';
import { pageInput, pageOf } from './paging.ts';

const noSuchSearch = { NOT_FOUND: { status: 404, message: 'There is no search with this id.' } } as const;
const conflict = { CONFLICT: { status: 409, message: 'Another search has this name.' } } as const;
const running = { CONFLICT: { status: 409, message: 'This search is running already.' } } as const;
const changedMeanwhile = {
  PRECONDITION_FAILED: {
    status: 412,
    message: 'This search has changed in the meantime. Read it again before you edit it.',
  },
} as const;
const knownRevision = searchRevisionSchema
  .optional()
  .describe(
    'The revision you read. If the search has changed since, nothing is changed (412). The header If-Match does the same.',
  );
const tags = ['Discovery'];
const byId = z.strictObject({ id: savedSearchIdSchema });
const findIds = z
  .array(findIdSchema)
  .min(1, 'Name at least one find.')
  .max(maxFindsAtOnce, `At most ${maxFindsAtOnce.toLocaleString('en')} finds at once.`)
  .describe('Ids of finds.');
const missing = z.int().describe('Number of ids that no find has.');

const ignoreSchema = z
  .strictObject({
    ids: findIds.optional(),
    rule: z
      .array(exclusionSchema)
      .min(1, 'Name at least one place.')
      .max(500, 'At most 500 places.')
      .optional()
      .describe(
        'Only finds at these places: ranges, hosts, HOST:PORT, :PORT and *.NAME, as the exclusions of a search. A find fits by its address or one of its names.',
      ),
    discovery: savedSearchIdSchema.optional().describe('Only finds of this search.'),
    ignored: z.boolean().default(true).describe('false: stop ignoring them.'),
  })
  .refine(({ ids, rule }) => ids !== undefined || rule !== undefined, {
    path: ['ids'],
    error: 'Name finds by their ids or a rule.',
  });

const forgetSchema = z
  .strictObject({
    ids: findIds.optional(),
    discovery: savedSearchIdSchema.optional().describe('Only finds of this search.'),
    state: z
      .enum(findStates, { error: `state is one of ${findStates.join(', ')}.` })
      .optional()
      .describe('Only finds in this state.'),
    lastSeenBefore: z.iso
      .datetime({ offset: true, error: 'A time is written as 2026-11-26T08:00:00Z.' })
      .optional()
      .describe('Only finds that no run has seen since then.'),
  })
  .refine(({ ids, state, lastSeenBefore }) => [ids, state, lastSeenBefore].some((one) => one !== undefined), {
    path: ['ids'],
    error: 'Name finds by their ids, a state, or when they were last seen.',
  });

/** What is asked of saved searches and of what they found. Consent for public addresses is given by none of these calls. */
export const discoveriesContract = {
  list: oc
    .route({ method: 'GET', path: '/discoveries', summary: 'List saved searches, oldest first', tags })
    .output(pageOf(savedSearchViewSchema)),
  add: oc
    .route({
      method: 'POST',
      path: '/discoveries',
      successStatus: 201,
      summary: 'Save a search',
      description: 'The search runs by its schedule, or when you start it.',
      tags,
    })
    .errors(conflict)
    .input(savedSearchInputSchema)
    .output(savedSearchViewSchema),
  plan: oc
    .route({
      method: 'POST',
      path: '/discoveries/plan',
      summary: 'Preview what a search would do, without sending or storing anything',
      tags,
    })
    .input(savedSearchInputSchema)
    .output(discoveryPlanSchema),
  networks: oc
    .route({
      method: 'GET',
      path: '/networks',
      summary: 'The private IPv4 networks that this machine is part of, to offer for a search',
      description: 'Networks wider than /22 are narrowed to the /24 around this machine. Nothing is sent.',
      tags,
    })
    .output(z.object({ items: z.array(z.string()).describe('Networks, as a search takes them.') })),
  get: oc
    .route({ method: 'GET', path: '/discoveries/{id}', summary: 'One saved search', tags })
    .errors(noSuchSearch)
    .input(byId)
    .output(savedSearchViewSchema),
  edit: oc
    .route({ method: 'PATCH', path: '/discoveries/{id}', summary: 'Edit a saved search', tags })
    .errors({ ...noSuchSearch, ...conflict, ...changedMeanwhile })
    .input(savedSearchPatchSchema.extend({ id: savedSearchIdSchema, revision: knownRevision }))
    .output(savedSearchViewSchema),
  remove: oc
    .route({
      method: 'DELETE',
      path: '/discoveries/{id}',
      successStatus: 204,
      summary: 'Delete a saved search, its runs and its finds',
      tags,
    })
    .errors({ ...noSuchSearch, ...changedMeanwhile })
    .input(byId)
    .output(z.undefined()),
  run: oc
    .route({
      method: 'POST',
      path: '/discoveries/{id}/run',
      successStatus: 202,
      summary: 'Run a saved search now',
      description: 'Events and GET /discoveries/{id} tell how far it is.',
      tags,
    })
    .errors({ ...noSuchSearch, ...running })
    .input(byId)
    .output(searchRunSchema),
  stop: oc
    .route({
      method: 'POST',
      path: '/discoveries/{id}/stop',
      successStatus: 204,
      summary: 'Stop the run of a saved search',
      tags,
    })
    .errors(noSuchSearch)
    .input(byId)
    .output(z.undefined()),
  runs: oc
    .route({
      method: 'GET',
      path: '/discoveries/{id}/runs',
      summary: 'The last 100 runs of a saved search, newest first',
      tags,
    })
    .errors(noSuchSearch)
    .input(z.strictObject({ id: savedSearchIdSchema, ...pageInput }))
    .output(pageOf(searchRunSchema)),
  finds: oc
    .route({ method: 'GET', path: '/finds', summary: 'What saved searches found, by address and port', tags })
    .input(
      z.strictObject({
        ...pageInput,
        discovery: savedSearchIdSchema.optional().describe('Only finds of this search.'),
        state: z
          .enum(findStates, { error: `state is one of ${findStates.join(', ')}.` })
          .optional()
          .describe('Only finds in this state.'),
        search: z
          .string()
          .max(200, 'A search has at most 200 characters.')
          .optional()
          .describe('Words that the address, names, subject or issuer contains.'),
      }),
    )
    .output(pageOf(keptFindSchema)),
  addFinds: oc
    .route({ method: 'POST', path: '/finds/add', summary: 'Add a job for each of some finds', tags })
    .input(
      z.strictObject({
        ids: findIds,
        tags: z
          .array(tagSchema)
          .max(50, 'A job has at most 50 tags.')
          .default([])
          .describe('Tags for all of the jobs, beside those that the search of each find gives.'),
      }),
    )
    .output(
      z.object({
        added: z.int().describe('Number of jobs added.'),
        leftOut: z
          .int()
          .describe('Number of finds left out: watched already, the same target, or nothing to add.'),
        missing,
      }),
    ),
  ignoreFinds: oc
    .route({
      method: 'POST',
      path: '/finds/ignore',
      summary: 'Ignore finds by their ids or by a rule, or stop ignoring them',
      description:
        'A rule is about the finds that are there. To keep later ones out, exclude the same from the search.',
      tags,
    })
    .input(ignoreSchema)
    .output(z.object({ finds: z.int().describe('Number of finds changed.'), missing })),
  forgetFinds: oc
    .route({
      method: 'POST',
      path: '/finds/forget',
      summary: 'Delete finds, by their ids or because they are old',
      description:
        'A search that finds one of them again lists it as new, also if it was ignored. If the search adds new finds (onFind is add), it adds a job for it again, also if you deleted that.',
      tags,
    })
    .input(forgetSchema)
    .output(z.object({ finds: z.int().describe('Number of finds deleted.') })),
};
