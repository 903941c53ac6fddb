import { z } from 'zod';
import { alertSchema } from './alert.ts';

const time = z.iso.datetime();
const source = z.string().describe('Where it comes from: host, tag NAME, settings or default.');
const threshold = (level: string) =>
  z
    .object({
      value: z.string().describe('Days, or a percentage of the lifetime.'),
      source,
      at: time
        .nullable()
        .describe('When the last seen certificate reaches the threshold; null: none was seen.'),
    })
    .describe(`When expiry becomes ${level}.`);

/** Why you were, or were not, notified about a job. */
export const explanationSchema = z
  .object({
    warning: threshold('a warning'),
    critical: threshold('critical'),
    rules: z
      .array(
        z.object({
          rule: z.string().describe('The rule’s name, as in the settings.'),
          value: z.string().describe('on, off, or a number. For maintenance, the number of windows.'),
          source,
        }),
      )
      .describe('The rules that apply to the job.'),
    renewals: z
      .object({
        habit: z
          .string()
          .nullable()
          .describe('How the certificate was renewed so far; null: no renewal was seen.'),
        expectedAt: time.nullable().describe('When the next renewal is expected; null: unknown.'),
        overdueAt: time
          .nullable()
          .describe('When the renewal becomes overdue; null: automatic renewal was not seen.'),
      })
      .describe('Learned renewals.'),
    heldBack: z
      .array(
        z.object({
          reason: z.string().describe('Why alerts are suppressed.'),
          until: z
            .union([time, z.literal('renewed')])
            .nullable()
            .describe('Until a time, or until renewed; null: until you change it.'),
        }),
      )
      .describe('What suppresses alerts now.'),
    alerts: z.array(alertSchema).describe('The newest alerts of the job, at most 20.'),
  })
  .describe('Why you were, or were not, notified about a job.');
export type Explanation = z.infer<typeof explanationSchema>;
