import { z } from 'zod';
import { severitySchema } from './check-result.ts';
import { jobIdSchema } from './job.ts';

export const alertKinds = ['expiring', 'expired', 'unreachable'] as const;

/** Something a person must hear: said once. */
export const alertSchema = z.object({
  id: z.int(),
  jobId: jobIdSchema,
  raisedAt: z.iso.datetime(),
  kind: z.enum(alertKinds),
  severity: severitySchema,
  title: z.string(),
  body: z.string(),
});
export type Alert = z.infer<typeof alertSchema>;
