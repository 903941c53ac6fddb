import { z } from 'zod';
import { alertSchema } from './alert.ts';

const time = z.iso.datetime();
const source = z.string().describe('Where it comes from: host, tag NAME, settings or default.');
const threshold = (level: string) =>
  z
    .object({
      value: z.string().describe('Days, or a share of the lifetime.'),
      source,
      at: time.nullable().describe('When the certificate seen last reaches it; null: none was seen.'),
    })
    .describe(`When expiry becomes ${level}.`);

/** Why people were, or were not, notified of a job. */
export const explanationSchema = z
  .object({
    warning: threshold('a warning'),
    critical: threshold('critical'),
    rules: z
      .array(
        z.object({
          rule: z.string().describe('The rule’s name, as in the settings.'),
          value: z.string().describe('on, off, or the number; of maintenance how many windows.'),
          source,
        }),
      )
      .describe('The rules that hold for it.'),
    renewals: z
      .object({
        habit: z.string().nullable().describe('How it was renewed; null: no renewal was seen.'),
        expectedAt: time.nullable().describe('When it should be renewed; null: that is not known.'),
        overdueAt: time
          .nullable()
          .describe('When its renewal is overdue; null: it is not known to renew itself.'),
      })
      .describe('What was learned of its renewals.'),
    heldBack: z
      .array(
        z.object({
          reason: z.string().describe('What holds alerts back.'),
          until: z
            .union([time, z.literal('renewed')])
            .nullable()
            .describe('Until when: a time, or until renewed; null: until somebody changes it.'),
        }),
      )
      .describe('What holds alerts back now.'),
    alerts: z.array(alertSchema).describe('Its newest alerts, at most 20.'),
  })
  .describe('Why people were, or were not, notified of a job.');
export type Explanation = z.infer<typeof explanationSchema>;
