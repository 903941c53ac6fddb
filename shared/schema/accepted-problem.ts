import { z } from 'zod';
import { isOneLine } from '../domain/plain-text.ts';
import { problemCodeSchema } from './check-result.ts';

export const acceptReasonSchema = z
  .string()
  .trim()
  .min(1, 'Give a reason.')
  .max(500, 'A reason has at most 500 characters.')
  .refine(isOneLine, 'A reason is one line without control characters.')
  .describe('Why you accept the problem.');

/** A known problem that counts in neither status nor alerts. */
export const acceptedProblemSchema = z
  .strictObject({
    code: problemCodeSchema,
    severity: z
      .enum(['warning', 'critical'])
      .describe('Severity when it was accepted. If it gets worse, the problem counts again.'),
    reason: acceptReasonSchema,
    acceptedAt: z.iso.datetime().describe('When it was accepted.'),
    until: z.iso
      .datetime()
      .nullable()
      .describe('When the acceptance expires; null: it does not expire at a set time.'),
    fingerprint256: z
      .string()
      .max(95)
      .nullable()
      .describe(
        'Certificate that the acceptance is for; it lapses when the host shows another. Null: any certificate.',
      ),
  })
  .describe('A known problem that counts in neither status nor alerts.');
export type AcceptedProblem = z.infer<typeof acceptedProblemSchema>;
