import { z } from 'zod';
import { isOneLine } from '../domain/plain-text.ts';
import { sourceKinds, sourcePathProblem } from '../domain/source-path.ts';
import { patchOf, withDefaults } from './fields.ts';
import { localPaths } from './local-path.ts';
import { tagSchema } from './tag.ts';

const nameSchema = z
  .string()
  .trim()
  .min(1, 'A source has a name.')
  .max(60, 'A name has at most 60 characters.')
  .refine(isOneLine, 'A name is one line without control characters.')
  .describe('What people call it.');
const kindSchema = z
  .enum(sourceKinds, { error: `kind is one of ${sourceKinds.join(', ')}.` })
  .describe(
    'files: paths, folders and globs; windows-store: certificate stores of Windows; macos-keychain: keychains of macOS.',
  );
const pathSchema = z
  .string()
  .trim()
  .min(1, 'A path is not empty.')
  .max(4096, 'A path has at most 4096 characters.');
const globSchema = z
  .string()
  .trim()
  .min(1, 'A pattern is not empty.')
  .max(1024, 'A pattern has at most 1024 characters.')
  .refine(isOneLine, 'A pattern is one line without control characters.');

export const watchedRoles = ['leaf', 'ca', 'anchor'] as const;

const fields = {
  paths: z
    .array(pathSchema)
    .min(1, 'Name at least one path.')
    .max(50, 'At most 50 paths.')
    .overwrite((all) => [...new Set(all)])
    .describe(
      'Absolute paths of files, folders (with everything below them) and globs (`**`, `*`, `?`, `{a,b}`, `[ab]`); for a store of Windows its name, such as LocalMachine\\My; for macOS the paths of keychains.',
    ),
  exclude: z
    .array(globSchema)
    .max(100, 'At most 100 patterns.')
    .describe('Globs of what is left out, relative to the folder that is walked.'),
  links: z
    .enum(['files', 'all', 'none'], { error: 'links is files, all or none.' })
    .describe('Which symbolic links are followed: those to files, those to folders too, or none.'),
  depth: z
    .int()
    .min(1, 'At least one level of folders.')
    .max(32, 'At most 32 levels of folders.')
    .describe('How many levels of folders are walked.'),
  passphrases: z
    .array(
      z.strictObject({
        glob: globSchema.describe('Which files it is for, by their whole path.'),
        file: pathSchema.describe('File whose first line is the passphrase.'),
      }),
    )
    .max(20, 'At most 20 passphrase files.')
    .describe('Passphrases of PKCS#12 files; the first that fits counts.'),
  roles: z
    .array(z.enum(watchedRoles))
    .min(1, 'Watch at least one role.')
    .overwrite((roles) => [...new Set(roles)])
    .describe(
      'Which certificates are watched. leaf: for a server, a client or a person; ca: the issuer of a leaf of the same file; anchor: other CAs.',
    ),
  forgetDays: z
    .int()
    .min(0, 'From 0 days.')
    .max(365, 'At most 365 days.')
    .describe('How long a certificate that is gone keeps its place and its history, in days.'),
  tags: z
    .array(tagSchema)
    .max(50, 'A source has at most 50 tags.')
    .overwrite((tags) => [...new Set(tags)])
    .describe('Tags of its jobs.'),
};

const defaults = {
  exclude: ['**/archive/**', '**/expired/**', '**/*.bak', '**/.git/**', '**/node_modules/**'],
  links: 'files' as const,
  depth: 12,
  passphrases: [],
  roles: ['leaf' as const],
  forgetDays: 7,
  tags: [],
};

const localPassphrases = localPaths<{ file: string }[]>((all) =>
  all.map(({ file }, index) => [[index, 'file'], file]),
);

function refinePaths(
  { kind, paths }: { kind: (typeof sourceKinds)[number]; paths: readonly string[] },
  context: z.core.$RefinementCtx,
): void {
  for (const [index, path] of paths.entries()) {
    const message = sourcePathProblem(kind, path);
    if (message !== null) context.addIssue({ code: 'custom', path: ['paths', index], message });
  }
}

const { paths: pathsSchema, ...optional } = fields;

/** A new source. Its name and paths are needed; the rest has defaults. */
export const sourceInputSchema = z
  .strictObject({
    name: nameSchema,
    kind: kindSchema.default('files'),
    paths: pathsSchema,
    ...withDefaults(optional, defaults),
    passphrases: fields.passphrases.superRefine(localPassphrases).default([]),
  })
  .superRefine(refinePaths);
export type SourceInput = z.input<typeof sourceInputSchema>;
export type NewSource = z.output<typeof sourceInputSchema>;

/** Changes to a source: the fields given replace those that stand. Its kind stays. */
export const sourcePatchSchema = patchOf({
  name: nameSchema,
  ...fields,
  passphrases: fields.passphrases.superRefine(localPassphrases),
});
export type SourcePatch = z.output<typeof sourcePatchSchema>;

export const sourceIdSchema = z.string().min(1).max(64).describe('The source’s id.');

/** A source as somebody made it. */
const sourceSchema = z.object({
  id: sourceIdSchema,
  name: nameSchema,
  kind: kindSchema,
  ...fields,
  createdAt: z.iso.datetime().describe('When it was added.'),
  updatedAt: z.iso.datetime().describe('When somebody last changed it.'),
});

const entryFields = {
  id: z.string().min(1).max(64).describe('Its id, which stays over renewals: that of its job.'),
  file: z.string().describe('Path of the file, or name of the store, that holds it.'),
  label: z
    .string()
    .nullable()
    .describe('Its alias, or its place in a structured file; null: it has neither.'),
  alias: z.string().nullable().describe('The alias or friendly name in a keystore; null: none.'),
  role: z.enum(watchedRoles).describe('What it is in its file.'),
  hasKey: z.boolean().describe('Whether the file holds its private key too.'),
  subject: z.string().describe('Distinguished name.'),
  validTo: z.iso.datetime().describe('Its notAfter.'),
  fingerprint256: z.string().describe('SHA-256 of its DER.'),
  supersedes: z
    .int()
    .describe('How many older certificates of the same names lie beside it, which are not watched.'),
};

/** A watched place in a file or store, with what identifies its certificate across renewals. */
const storedEntrySchema = z.object({
  ...entryFields,
  /** Names what it is matched within: its file, or the versions of a file in one folder. */
  container: z.string(),
  /** SHA-256 of the public key; null: not known. */
  key: z.string().nullable(),
  /** Digest of subject, names, usages and issuer. */
  names: z.string(),
  passphraseFile: z.string().nullable(),
  vanishedAt: z.iso.datetime().nullable(),
  isIgnored: z.boolean(),
  /** Whether its job was paused when it vanished. */
  wasPaused: z.boolean(),
});
export type StoredEntry = z.infer<typeof storedEntrySchema>;

export const storedSourceSchema = sourceSchema.extend({ entries: z.array(storedEntrySchema) });
export type Source = z.infer<typeof storedSourceSchema>;

const fileCounts = {
  files: z.int().describe('Files that were found.'),
  certificateFiles: z.int().describe('Those that hold certificates to watch.'),
  otherFiles: z.int().describe('Those that hold none: keys, requests, texts.'),
  unreadable: z.int().describe('Those that cannot be read, folders included.'),
  isCut: z.boolean().describe('Whether a limit was reached: 20,000 names or 2,000 certificates.'),
  warnings: z.array(z.string()).describe('What a person should know of it, as sentences.'),
};

/** A source with its status. */
export const sourceViewSchema = sourceSchema
  .extend({
    ...fileCounts,
    entries: z.int().describe('Certificates that it watches, those that are ignored not counted.'),
    scannedAt: z.iso
      .datetime()
      .nullable()
      .describe('When it was looked through last; null: not since the start.'),
    scanning: z.boolean().describe('Whether it is being looked through.'),
  })
  .describe('A source with its status.');
export type SourceView = z.infer<typeof sourceViewSchema>;

const entryStates = ['watched', 'ignored', 'gone'] as const;

/** One certificate of a source. */
export const sourceEntrySchema = z
  .object({
    ...entryFields,
    alsoAt: z.array(z.string()).describe('Other files of the source that hold the same certificate.'),
    state: z
      .enum(entryStates)
      .describe('watched: by a job of its id; ignored: by none; gone: it is not there any more.'),
  })
  .describe('A certificate of a source.');
export type SourceEntry = z.infer<typeof sourceEntrySchema>;

/** What a source would find. */
export const sourcePlanSchema = z
  .object({
    ...fileCounts,
    entries: z
      .array(sourceEntrySchema.pick({ file: true, label: true, role: true, subject: true, validTo: true }))
      .describe('Certificates that it would watch, 200 at the most.'),
    total: z.int().describe('How many certificates it would watch.'),
  })
  .describe('What a source would find.');
export type SourcePlan = z.infer<typeof sourcePlanSchema>;
