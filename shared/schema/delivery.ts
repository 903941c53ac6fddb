import { z } from 'zod';

export const deliveryStates = ['waiting', 'failed'] as const;

/** Something that was not delivered yet, or could not be. */
export const deliverySchema = z.object({
  id: z.int().describe('The delivery’s id.'),
  hook: z.string().describe('Name of the channel; command or stdout for those of the command line.'),
  title: z.string().describe('Title of the message.'),
  createdAt: z.iso.datetime().describe('When it was queued.'),
  state: z.enum(deliveryStates).describe('waiting: will be retried. failed: given up.'),
  attempts: z.int().describe('Number of attempts.'),
  nextAttemptAt: z.iso.datetime().nullable().describe('Time of the next attempt; null: given up.'),
  error: z.string().nullable().describe('Why the last attempt failed; null: not tried yet.'),
});
export type Delivery = z.infer<typeof deliverySchema>;
