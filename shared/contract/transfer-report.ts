import { z } from 'zod';
import { importReportSchema } from './import-report.ts';

const changeSchema = z.object({
  what: z
    .enum(['setting', 'tag rule', 'webhook', 'channel', 'heartbeat', 'source'])
    .describe('Kind of the part.'),
  name: z.string().describe('Its name.'),
  outcome: z
    .enum(['added', 'changed', 'unchanged', 'left-out'])
    .describe('What becomes of it. left-out: it cannot be imported, or exists already.'),
  message: z.string().nullable().describe('Why, or what to do next; null: nothing.'),
});
export type TransferChange = z.infer<typeof changeSchema>;

/** What an import of everything did, or would do. */
export const transferReportSchema = z
  .object({
    dryRun: z.boolean().describe('Whether this only says what would happen.'),
    exportedAt: z.iso.datetime().describe('When the file was written.'),
    changes: z.array(changeSchema).describe('Settings and sources, one by one.'),
    jobs: importReportSchema.describe('What becomes of the jobs.'),
    missing: z.array(z.string()).describe('What is not carried: enter or copy it by hand.'),
  })
  .describe('What an import of everything did, or would do.');
export type TransferReport = z.infer<typeof transferReportSchema>;
