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
  .describe('Name. Unique.');
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
    .describe('Globs of paths to leave out, relative to the scanned folder.'),
  links: z
    .enum(['files', 'all', 'none'], { error: 'links is files, all or none.' })
    .describe('Which symbolic links to follow: links to files, all links, or none.'),
  depth: z
    .int()
    .min(1, 'At least one level of folders.')
    .max(32, 'At most 32 levels of folders.')
    .describe('Number of folder levels to scan.'),
  passphrases: z
    .array(
      z.strictObject({
        glob: globSchema.describe(
          'Glob of the files that the passphrase is for, matched against the whole path.',
        ),
        file: pathSchema.describe('File whose first line is the passphrase.'),
      }),
    )
    .max(20, 'At most 20 passphrase files.')
    .describe('Passphrases of PKCS#12 files. The first matching entry is used.'),
  roles: z
    .array(z.enum(watchedRoles))
    .min(1, 'Choose at least one role.')
    .overwrite((roles) => [...new Set(roles)])
    .describe(
      'Which certificates to watch. leaf: certificates for a server, client or person. ca: issuers of a leaf in the same file. anchor: other CA certificates.',
    ),
  forgetDays: z
    .int()
    .min(0, 'From 0 days.')
    .max(365, 'At most 365 days.')
    .describe('Days to keep a certificate and its history after it is gone.'),
  tags: z
    .array(tagSchema)
    .max(50, 'A source has at most 50 tags.')
    .overwrite((tags) => [...new Set(tags)])
    .describe('Tags for the jobs of the source.'),
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

/** A source as configured. */
const sourceSchema = z.object({
  id: sourceIdSchema,
  name: nameSchema,
  kind: kindSchema,
  ...fields,
  createdAt: z.iso.datetime().describe('When the job was added.'),
  updatedAt: z.iso.datetime().describe('When the job was last edited.'),
});

const entryFields = {
  id: z.string().min(1).max(64).describe('Id of the entry and its job. It stays the same across renewals.'),
  file: z.string().describe('Path of the file, or name of the store.'),
  label: z.string().nullable().describe('Alias, or place in a structured file; null: neither.'),
  alias: z.string().nullable().describe('The alias or friendly name in a keystore; null: none.'),
  role: z.enum(watchedRoles).describe('Role of the certificate in its file.'),
  hasKey: z.boolean().describe('Whether the file also contains the private key.'),
  subject: z.string().describe('Distinguished name.'),
  validTo: z.iso.datetime().describe('Its notAfter.'),
  fingerprint256: z.string().describe('SHA-256 of its DER.'),
  supersedes: z
    .int()
    .describe('Number of older certificates with the same names in the source, which are not watched.'),
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
  files: z.int().describe('Number of files found.'),
  certificateFiles: z.int().describe('Number of files with certificates to watch.'),
  otherFiles: z.int().describe('Number of files without certificates, such as keys and requests.'),
  unreadable: z.int().describe('Number of files and folders that cannot be read.'),
  isCut: z.boolean().describe('Whether the scan stopped at a limit: 20,000 paths or 2,000 certificates.'),
  warnings: z.array(z.string()).describe('Warnings, as sentences.'),
};

/** A source with its status. */
export const sourceViewSchema = sourceSchema
  .extend({
    ...fileCounts,
    entries: z.int().describe('Number of certificates watched, without ignored ones.'),
    scannedAt: z.iso
      .datetime()
      .nullable()
      .describe('When the source was last scanned; null: not since NotAfter started.'),
    scanning: z.boolean().describe('Whether a scan is running.'),
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
      .describe(
        'watched: the job with the same id checks it. ignored: no job. gone: the certificate is no longer in the source.',
      ),
  })
  .describe('A certificate of a source.');
export type SourceEntry = z.infer<typeof sourceEntrySchema>;

/** What a source would find. */
export const sourcePlanSchema = z
  .object({
    ...fileCounts,
    entries: z
      .array(sourceEntrySchema.pick({ file: true, label: true, role: true, subject: true, validTo: true }))
      .describe('The first 200 certificates that the source would watch.'),
    total: z.int().describe('Number of certificates that the source would watch.'),
  })
  .describe('What a source would find.');
export type SourcePlan = z.infer<typeof sourcePlanSchema>;
