import { z } from 'zod';
import { excessOf, type JsonBounds } from '../domain/bounded-json.ts';

/** Names what the file is, so that no other JSON is taken for it. */
export const wholeExportFormat = 'notafter-export';

/** Limits of a file to import; each part also follows its own schema. */
const maxJobs = 50_000;
const maxSources = 1_000;
const maxSearches = 1_000;
const maxSentences = 10_000;
/** As much as full lists of each have several times over. */
const bounds = {
  settings: { depth: 12, values: 200_000, characters: 8_000_000 },
  sources: { depth: 12, values: 500_000, characters: 16_000_000 },
  searches: { depth: 12, values: 2_000_000, characters: 32_000_000 },
  jobs: { depth: 12, values: 5_000_000, characters: 64_000_000 },
} as const satisfies Record<string, JsonBounds>;

const listOf = (what: string, most: number) =>
  z.array(z.unknown()).max(most, `At most ${most.toLocaleString('en')} ${what}.`);

/** Everything that a person has set up, to be moved to another machine. Each part is validated by itself when it is imported. */
export const wholeExportSchema = z
  .strictObject({
    format: z
      .literal(wholeExportFormat, { error: 'This is not an export of NotAfter.' })
      .describe('Identifies the file format.'),
    schemaVersion: z
      .int({ error: 'schemaVersion is a whole number.' })
      .min(1, 'schemaVersion is at least 1.')
      .describe('Version of config.json that the parts follow.'),
    exportedAt: z.iso.datetime().describe('When it was written.'),
    settings: z
      .record(z.string().max(60), z.unknown())
      .describe('Settings, without secrets, the pause and the API settings.'),
    sources: listOf('sources', maxSources).describe('Sources of certificate files.'),
    searches: listOf('saved searches', maxSearches)
      .default([])
      .describe('Saved searches, without what they found.'),
    jobs: listOf('jobs', maxJobs).describe('Jobs, except those managed by sources.'),
    missing: z
      .array(z.string().max(1_000))
      .max(maxSentences)
      .default([])
      .describe('What is not exported, as sentences.'),
  })
  .superRefine(({ settings, sources, searches, jobs }, context) => {
    for (const [field, value] of Object.entries({ settings, sources, searches, jobs })) {
      const message = excessOf(value, bounds[field as keyof typeof bounds]); // SAFETY: the bounds are of these fields.
      if (message !== null) context.addIssue({ code: 'custom', path: [field], message });
    }
  })
  .describe('An export of everything.');
export type WholeExport = z.infer<typeof wholeExportSchema>;
