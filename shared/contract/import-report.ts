import { z } from 'zod';
import { jobIdSchema } from '../schema/job.ts';

/** What can be imported, in the order in which it is tried to tell what a text is. */
export const importFormats = [
  'notafter',
  'uptime-kuma',
  'prometheus',
  'check-ssl-cert',
  'csv',
  'hosts',
] as const;

export const importFormatSchema = z
  .enum(importFormats, { error: `format is one of ${importFormats.join(', ')}.` })
  .describe(
    'What it is: notafter (as exported), uptime-kuma (its backup), prometheus (file_sd or scrape configuration, JSON or YAML), check-ssl-cert (command lines), csv (with a header) or hosts (one a line). Detected unless given.',
  );
export type ImportFormat = z.infer<typeof importFormatSchema>;

const importEntrySchema = z.object({
  line: z.int().describe('Where it stood: line of a text, position in a list, counted from 1.'),
  text: z.string().describe('What stood there.'),
  outcome: z
    .enum(['added', 'merged', 'duplicate', 'invalid'])
    .describe(
      'merged: its target was in the list already and got tags that it lacked; duplicate: it lacked none.',
    ),
  id: jobIdSchema.nullable().describe('The job that was added, or the one that it duplicates.'),
  message: z.string().nullable().describe('Why it was not added, or what of it was left out.'),
});

/** What became of an import, or would become of it. */
export const importReportSchema = z.object({
  format: importFormatSchema,
  dryRun: z.boolean().describe('Whether this only says what would happen.'),
  added: z.int().describe('How many jobs are new.'),
  merged: z.int().describe('How many were there already and got tags that they lacked.'),
  duplicates: z.int().describe('How many were there already.'),
  invalid: z.int().describe('How many could not be read.'),
  entries: z.array(importEntrySchema).describe('One after the other, as they stood.'),
});
export type ImportReport = z.infer<typeof importReportSchema>;
