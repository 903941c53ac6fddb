import { z } from 'zod';
import { nameFormats } from '../domain/discovery/name-formats.ts';
import { readPorts } from '../domain/discovery/ports.ts';
import { isOneLine } from '../domain/plain-text.ts';
import {
  defaultDiscoveryLimits,
  discoveryLimitsSchema,
  discoveryProgressSchema,
  foundSchema,
} from './discovery.ts';
import { dnsSourceSchema } from './dns-source.ts';
import { patchOf, withDefaults } from './fields.ts';
import { localPaths } from './local-path.ts';
import { searchScheduleSchema } from './schedule.ts';
import { tagSchema } from './tag.ts';
import { dailyHoursSchema } from './time-window.ts';

const nameSchema = z
  .string()
  .trim()
  .min(1, 'A search has a name.')
  .max(60, 'A name has at most 60 characters.')
  .refine(isOneLine, 'A name is one line without control characters.')
  .describe('Name. Unique.');
const place = z
  .string()
  .trim()
  .min(1, 'A target is not empty.')
  .max(300, 'A target has at most 300 characters.')
  .refine(isOneLine, 'A target is one line without control characters.');
/** A range, a host, `HOST:PORT`, `:PORT` or `*.NAME`. */
export const exclusionSchema = place;
const fileSchema = z.strictObject({
  format: z
    .enum(['auto', ...nameFormats], { error: `format is auto, ${nameFormats.join(', ')}.` })
    .default('auto')
    .describe('Format of the file; auto: told by the content.'),
  path: z
    .string()
    .trim()
    .min(1, 'A path is not empty.')
    .max(4096, 'A path has at most 4096 characters.')
    .describe('Absolute path of the file.'),
});

const fields = {
  targets: z
    .array(place)
    .max(5_000, 'At most 5,000 targets.')
    .overwrite((all) => [...new Set(all)])
    .describe(
      'Networks (`10.0.0.0/24`), ranges (`10.0.0.5-20`), addresses and host names, with or without a port.',
    ),
  files: z
    .array(fileSchema)
    .max(20, 'At most 20 files.')
    .describe('Files of other programs to read host names from each time the search runs.'),
  watched: z.boolean().describe('Whether to search the names in the certificates of watched hosts, too.'),
  names: z
    .array(place)
    .max(1_000, 'At most 1,000 names.')
    .overwrite((all) => [...new Set(all)])
    .describe('Names to request at every address.'),
  dns: z
    .array(dnsSourceSchema)
    .max(20, 'At most 20 domains.')
    .overwrite((all) => [...new Map(all.map((one) => [JSON.stringify(one), one])).values()])
    .describe('Domains whose records name hosts, read at each run.'),
  ports: z
    .string()
    .trim()
    .max(2_000, 'Ports have at most 2,000 characters.')
    .superRefine((text, context) => {
      const read = readPorts(text);
      if (!read.ok) context.addIssue({ code: 'custom', message: read.message });
    })
    .describe('Ports, ranges of ports, and sets: usual, web, mail, infra, databases.'),
  exclude: z
    .array(exclusionSchema)
    .max(500, 'At most 500 exclusions.')
    .overwrite((all) => [...new Set(all)])
    .describe('Ranges, hosts, HOST:PORT, :PORT and *.NAME to leave out.'),
  schedule: searchScheduleSchema
    .nullable()
    .describe('When the search runs by itself; null: only when you start it.'),
  hours: dailyHoursSchema
    .nullable()
    .describe(
      'Hours of the day in which the search may run; outside of them a run rests, and goes on when they begin. null: at any time.',
    ),
  reverseDns: z
    .boolean()
    .describe(
      'Whether to ask the name server for the names of addresses with an open port (PTR), and request them there. It learns what is searched.',
    ),
  limits: discoveryLimitsSchema,
  onFind: z
    .enum(['review', 'add'], { error: 'onFind is review or add.' })
    .describe('review: list finds for review. add: add a job for each new find that can be added.'),
  addTags: z
    .array(tagSchema)
    .max(50, 'At most 50 tags.')
    .overwrite((tags) => [...new Set(tags)])
    .describe('Tags for jobs that are added.'),
  notify: z
    .boolean()
    .describe('Whether to send one message after a run that found, changed or lost something.'),
};

const defaults = {
  targets: [],
  files: [],
  watched: false,
  names: [],
  dns: [],
  ports: 'usual',
  exclude: [],
  schedule: null,
  hours: null,
  reverseDns: false,
  limits: defaultDiscoveryLimits,
  onFind: 'review' as const,
  addTags: [],
  notify: true,
};

const localFiles = localPaths<{ path: string }[]>((all) =>
  all.map(({ path }, index) => [[index, 'path'], path]),
);
const absoluteFiles = fields.files.superRefine(localFiles).superRefine((all, context) => {
  for (const [index, { path }] of all.entries())
    if (!/^(?:\/|[a-z]:[\\/])/i.test(path))
      context.addIssue({ code: 'custom', path: [index, 'path'], message: 'Enter an absolute path.' });
});

const requireSource = (
  { targets, files, dns, watched }: Record<'targets' | 'files' | 'dns', unknown[]> & { watched: boolean },
  context: z.core.$RefinementCtx,
) => {
  if ([targets, files, dns].every((all) => all.length === 0) && !watched)
    context.addIssue({
      code: 'custom',
      path: ['targets'],
      message: 'Enter addresses, networks or hosts, a file with hosts, or a domain.',
    });
};

/** A new saved search. Its name and something to search are needed; the rest has defaults. */
export const savedSearchInputSchema = z
  .strictObject({
    name: nameSchema,
    ...withDefaults(fields, defaults),
    files: absoluteFiles.default([]),
  })
  .superRefine(requireSource);
export type SavedSearchInput = z.input<typeof savedSearchInputSchema>;
export type NewSavedSearch = z.output<typeof savedSearchInputSchema>;

/** Changes to a saved search: the fields given replace those that it has. */
export const savedSearchPatchSchema = patchOf({ name: nameSchema, ...fields, files: absoluteFiles });
export type SavedSearchPatch = z.output<typeof savedSearchPatchSchema>;

export const savedSearchIdSchema = z.string().min(1).max(64).describe('The search’s id.');

/** A saved search as it is in the file. */
export const storedSearchSchema = z.object({
  id: savedSearchIdSchema,
  name: nameSchema,
  ...fields,
  publicConsentAt: z.iso
    .datetime()
    .nullable()
    .describe(
      'When a person confirmed that public addresses may be scanned; null: never. Not set over HTTP.',
    ),
  createdAt: z.iso.datetime().describe('When the search was added.'),
  updatedAt: z.iso.datetime().describe('When the search was last edited.'),
});
export type SavedSearch = z.infer<typeof storedSearchSchema>;

export const runStates = ['running', 'resting', 'done', 'stopped', 'failed'] as const;

/** One run of a saved search. */
export const searchRunSchema = z
  .object({
    id: z.int().describe('The run’s id.'),
    discoveryId: savedSearchIdSchema,
    startedAt: z.iso.datetime().describe('When the run started.'),
    endedAt: z.iso.datetime().nullable().describe('When the run ended; null: it has not.'),
    state: z
      .enum(runStates)
      .describe(
        'resting: the run waits, because checks are paused, this machine is offline, or it is outside the hours of the search. failed: it could not start or go on.',
      ),
    progress: discoveryProgressSchema,
    new: z.int().describe('Number of new finds.'),
    changed: z.int().describe('Number of finds whose certificate changed.'),
    vanished: z.int().describe('Number of finds that were missing in two complete runs in a row.'),
    notes: z.array(z.string()).describe('What was left out or not concluded, as sentences.'),
    reason: z.string().nullable().describe('Why it failed or was stopped; null: it was not.'),
  })
  .describe('A run of a saved search.');
export type SearchRunView = z.infer<typeof searchRunSchema>;

/** The message that people get about a run. */
export const searchMessageSchema = z
  .object({
    severity: z
      .enum(['info', 'warning'])
      .describe('warning: it found a certificate that is not watched and expired or about to.'),
    title: z.string().describe('One line.'),
    body: z.string().describe('What is new, changed and vanished.'),
  })
  .describe('Message about a run.');
export type SearchMessage = z.infer<typeof searchMessageSchema>;

export const searchRevisionSchema = z
  .string()
  .max(64)
  .describe('Revision of the search: its ETag without the quotes. Changes with each edit.');

/** A saved search with its last run. */
export const savedSearchViewSchema = storedSearchSchema
  .extend({
    revision: searchRevisionSchema,
    nextRunAt: z.iso
      .datetime()
      .nullable()
      .describe('When the search runs next by itself; null: it does not.'),
    lastRun: searchRunSchema.nullable().describe('The run under way, or the last one; null: it never ran.'),
    finds: z
      .record(z.string(), z.int())
      .describe('Number of finds by state: new, needs-name, watched, ignored, vanished.'),
  })
  .describe('A saved search with its status.');
export type SavedSearchView = z.infer<typeof savedSearchViewSchema>;

export const findStates = ['new', 'needs-name', 'watched', 'ignored', 'vanished'] as const;
export type FindState = (typeof findStates)[number];

export const findIdSchema = z.int().describe('The find’s id. It stays the same across renewals.');

/** A find that is kept. */
export const keptFindSchema = foundSchema
  .extend({
    id: findIdSchema,
    discoveryId: savedSearchIdSchema,
    state: z
      .enum(findStates)
      .describe(
        'new: to be reviewed. needs-name: it presents a certificate only for a name that it is configured for. watched: a job checks it. ignored: you ignored it. vanished: it was missing in two complete runs in a row.',
      ),
    jobId: z.string().nullable().describe('The job that checks it; null: none.'),
    firstSeenAt: z.iso.datetime().describe('When it was first found.'),
    lastSeenAt: z.iso.datetime().describe('When it was last found.'),
    changedAt: z.iso.datetime().nullable().describe('When its certificate last changed; null: never.'),
  })
  .describe('A find of a saved search.');
export type KeptFind = z.infer<typeof keptFindSchema>;
