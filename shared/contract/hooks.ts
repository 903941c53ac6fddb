import { oc } from '@orpc/contract';
import { z } from 'zod';
import { deliverySchema, deliveryStates } from '../schema/webhook.ts';
import { pageInput, pageOf } from './paging.ts';

const someDeliveries = z.strictObject({
  ids: z
    .array(z.int())
    .min(1, 'Name at least one delivery.')
    .max(100_000)
    .optional()
    .describe('Which deliveries; all that have failed unless given.'),
});
const touched = z.object({ deliveries: z.int().describe('How many deliveries it is about.') });

/** What is asked of webhooks. They themselves are among the settings. */
export const hooksContract = {
  deliveries: oc
    .route({
      method: 'GET',
      path: '/hooks/deliveries',
      summary: 'What was not delivered to hooks yet, or could not be, newest first',
      tags: ['Hooks'],
    })
    .input(
      z.strictObject({
        ...pageInput,
        state: z.enum(deliveryStates).optional().describe('Only those that wait, or that were given up.'),
      }),
    )
    .output(pageOf(deliverySchema)),
  retry: oc
    .route({
      method: 'POST',
      path: '/hooks/deliveries/retry',
      summary: 'Try deliveries again now',
      tags: ['Hooks'],
    })
    .input(someDeliveries)
    .output(touched),
  discard: oc
    .route({
      method: 'POST',
      path: '/hooks/deliveries/discard',
      summary: 'Give deliveries up for good',
      tags: ['Hooks'],
    })
    .input(someDeliveries)
    .output(touched),
  test: oc
    .route({
      method: 'POST',
      path: '/hooks/test',
      summary: 'Send a word to a webhook, to see whether it comes',
      tags: ['Hooks'],
    })
    .errors({ NOT_FOUND: { status: 404, message: 'There is no webhook of this name.' } })
    .input(z.strictObject({ name: z.string().max(60).describe('Name of the webhook.') }))
    .output(
      z.object({
        delivered: z.boolean().describe('Whether it took the word.'),
        message: z.string().nullable().describe('Why it did not; null: it did.'),
      }),
    ),
};
