import { z } from 'zod';

/** Names what the file is, so that no other JSON is taken for it. */
export const wholeExportFormat = 'notafter-export';

/** Limits of a file to import; each part also follows its own schema. */
const maxJobs = 50_000;
const maxSources = 1_000;
const maxSentences = 10_000;

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
    jobs: listOf('jobs', maxJobs).describe('Jobs, except those managed by sources.'),
    missing: z
      .array(z.string().max(1_000))
      .max(maxSentences)
      .default([])
      .describe('What is not exported, as sentences.'),
  })
  .describe('An export of everything.');
export type WholeExport = z.infer<typeof wholeExportSchema>;
