import { z } from 'zod';
import { isOneLine } from '../domain/plain-text.ts';
import { problemCodeSchema } from './check-result.ts';

export const acceptReasonSchema = z
  .string()
  .trim()
  .min(1, 'Give a reason.')
  .max(500, 'A reason has at most 500 characters.')
  .refine(isOneLine, 'A reason is one line without control characters.')
  .describe('Why it is accepted, for people.');

/** A known problem that counts in neither status nor alerts. */
export const acceptedProblemSchema = z
  .strictObject({
    code: problemCodeSchema,
    severity: z
      .enum(['warning', 'critical'])
      .describe('How bad it was when it was accepted; if it gets worse, it counts again.'),
    reason: acceptReasonSchema,
    acceptedAt: z.iso.datetime().describe('When it was accepted.'),
    until: z.iso.datetime().nullable().describe('When it counts again; null: at no set time.'),
    fingerprint256: z
      .string()
      .max(95)
      .nullable()
      .describe('The certificate it was accepted for: with another one it counts again. Null: for any.'),
  })
  .describe('A known problem that counts in neither status nor alerts.');
export type AcceptedProblem = z.infer<typeof acceptedProblemSchema>;
