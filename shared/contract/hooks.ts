import { oc } from '@orpc/contract';
import { z } from 'zod';
import { deliverySchema, deliveryStates } from '../schema/delivery.ts';
import { pageInput, pageOf } from './paging.ts';

const someDeliveries = z.strictObject({
  ids: z
    .array(z.int())
    .min(1, 'Name at least one delivery.')
    .max(100_000)
    .optional()
    .describe('Delivery ids. Default: all failed deliveries.'),
});
const touched = z.object({ deliveries: z.int().describe('Number of deliveries changed.') });

/** What is asked of deliveries, which the API calls those of hooks. */
export const hooksContract = {
  deliveries: oc
    .route({
      method: 'GET',
      path: '/hooks/deliveries',
      summary: 'List deliveries that are waiting or failed, newest first',
      tags: ['Hooks'],
    })
    .input(
      z.strictObject({
        ...pageInput,
        state: z.enum(deliveryStates).optional().describe('Only deliveries in this state.'),
      }),
    )
    .output(pageOf(deliverySchema)),
  retry: oc
    .route({
      method: 'POST',
      path: '/hooks/deliveries/retry',
      summary: 'Retry deliveries now',
      tags: ['Hooks'],
    })
    .input(someDeliveries)
    .output(touched),
  discard: oc
    .route({
      method: 'POST',
      path: '/hooks/deliveries/discard',
      summary: 'Discard deliveries',
      tags: ['Hooks'],
    })
    .input(someDeliveries)
    .output(touched),
  test: oc
    .route({
      method: 'POST',
      path: '/hooks/test',
      deprecated: true,
      summary: 'Send a test message to a channel (use /channels/{name}/test)',
      tags: ['Hooks'],
    })
    .errors({ NOT_FOUND: { status: 404, message: 'No channel has this name.' } })
    .input(z.strictObject({ name: z.string().max(60).describe('Name of the channel.') }))
    .output(
      z.object({
        delivered: z.boolean().describe('Whether the channel accepted the message.'),
        message: z.string().nullable().describe('Why the message was not accepted; null: it was.'),
      }),
    ),
};
