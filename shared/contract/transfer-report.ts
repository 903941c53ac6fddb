import { z } from 'zod';
import { importReportSchema } from './import-report.ts';

const changeSchema = z.object({
  what: z
    .enum(['setting', 'tag rule', 'channel', 'heartbeat', 'report', 'source', 'search'])
    .describe('Kind of the part.'),
  name: z.string().describe('Its name.'),
  outcome: z
    .enum(['added', 'changed', 'unchanged', 'left-out'])
    .describe('Outcome. left-out: it cannot be imported, or already exists.'),
  message: z.string().nullable().describe('Reason, or what to do next; null: none.'),
});
export type TransferChange = z.infer<typeof changeSchema>;

/** Report of an import of everything. */
export const transferReportSchema = z
  .object({
    dryRun: z.boolean().describe('Whether this is only a preview.'),
    exportedAt: z.iso.datetime().describe('When the file was written.'),
    changes: z.array(changeSchema).describe('Settings, sources and saved searches, one by one.'),
    jobs: importReportSchema.describe('Outcome for the jobs.'),
    missing: z.array(z.string()).describe('What is not imported: enter or copy it by hand.'),
  })
  .describe('Report of an import of everything.');
export type TransferReport = z.infer<typeof transferReportSchema>;
