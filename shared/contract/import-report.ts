import { z } from 'zod';
import { jobIdSchema } from '../schema/job.ts';

/** What can be imported, in the order in which it is tried to tell what a text is. */
export const importFormats = [
  'notafter',
  'uptime-kuma',
  'prometheus',
  'gatus',
  'check-ssl-cert',
  'monitoring-plugins',
  'csv',
  'hosts',
] as const;

export const importFormatSchema = z
  .enum(importFormats, { error: `format is one of ${importFormats.join(', ')}.` })
  .describe(
    'Format of the file: notafter (its own export), uptime-kuma (a backup), prometheus (file_sd or scrape configuration, JSON or YAML), gatus (its configuration), check-ssl-cert (command lines), monitoring-plugins (command lines of check_http, check_tcp, check_imap, check_smtp and others), csv (with a header row) or hosts (one per line). Default: detected.',
  );
export type ImportFormat = z.infer<typeof importFormatSchema>;

const importEntrySchema = z.object({
  line: z.int().describe('Line of a text, or position in a list, counted from 1.'),
  text: z.string().describe('The entry as written.'),
  outcome: z
    .enum(['added', 'merged', 'duplicate', 'invalid'])
    .describe(
      'merged: the host was already in the list, and tags were added to it. duplicate: the host was already in the list with these tags.',
    ),
  id: jobIdSchema.nullable().describe('The job that was added, or that already existed.'),
  message: z.string().nullable().describe('Why the entry was not added, or which part was left out.'),
});

/** What became of an import, or would become of it. */
export const importReportSchema = z.object({
  format: importFormatSchema,
  dryRun: z.boolean().describe('Whether this is only a preview and nothing was imported.'),
  added: z.int().describe('Number of jobs added.'),
  merged: z.int().describe('Number of existing jobs that gained tags.'),
  duplicates: z.int().describe('Number of jobs that existed already.'),
  invalid: z.int().describe('Number of entries that could not be imported.'),
  entries: z.array(importEntrySchema).describe('The entries in the order of the file.'),
});
export type ImportReport = z.infer<typeof importReportSchema>;
