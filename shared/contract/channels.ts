import { oc } from '@orpc/contract';
import { z } from 'zod';
import {
  channelInputSchema,
  channelPatchSchema,
  channelViewSchema,
} from '../schema/channels/channel-view.ts';
import { previewPartSchema, previewSamples } from '../schema/channels/preview.ts';
import { pageOf } from './paging.ts';

const tags = ['Channels'];
const noSuchChannel = { NOT_FOUND: { status: 404, message: 'No channel has this name.' } } as const;
const nameTaken = {
  CONFLICT: { status: 409, message: 'Another channel has this name.' },
} as const;
const changedMeanwhile = {
  PRECONDITION_FAILED: {
    status: 412,
    message: 'This channel has changed in the meantime. Read it again before you edit it.',
  },
} as const;
const name = z.string().min(1).max(60).describe('Name of the channel.');
const byName = z.strictObject({ name });

/** What is asked of channels, one by one. All of them are in the settings, too. */
export const channelsContract = {
  list: oc
    .route({ method: 'GET', path: '/channels', summary: 'List channels', tags })
    .output(pageOf(channelViewSchema)),
  add: oc
    .route({
      method: 'POST',
      path: '/channels',
      successStatus: 201,
      summary: 'Add a channel',
      description: 'A secret is a text, or {"file": NAME} for the first line of a file.',
      tags,
    })
    .errors(nameTaken)
    .input(channelInputSchema)
    .output(channelViewSchema),
  preview: oc
    .route({
      method: 'POST',
      path: '/channels/preview',
      summary: 'Preview what a channel would send, without sending anything',
      description: 'The preview contains no secrets, so {"set": true} is enough for each.',
      tags,
    })
    .input(
      z.strictObject({
        channel: channelInputSchema,
        sample: z
          .enum(previewSamples, { error: `sample is one of ${previewSamples.join(', ')}.` })
          .default('alert')
          .describe('alert: one alert. many: 300 alerts at once. resolved: good news.'),
      }),
    )
    .output(z.object({ parts: z.array(previewPartSchema).describe('Parts of the message.') })),
  get: oc
    .route({ method: 'GET', path: '/channels/{name}', summary: 'One channel', tags })
    .errors(noSuchChannel)
    .input(byName)
    .output(channelViewSchema),
  edit: oc
    .route({
      method: 'PATCH',
      path: '/channels/{name}',
      inputStructure: 'detailed',
      summary: 'Edit a channel',
      description:
        'Changes the fields given. Secrets stay as they are unless the channel sends them elsewhere: then they are required again. The type cannot change.',
      tags,
    })
    .errors({ ...noSuchChannel, ...nameTaken, ...changedMeanwhile })
    .input(z.object({ params: byName, body: channelPatchSchema }))
    .output(channelViewSchema),
  remove: oc
    .route({
      method: 'DELETE',
      path: '/channels/{name}',
      successStatus: 204,
      summary: 'Delete a channel and what waits for it',
      tags,
    })
    .errors({ ...noSuchChannel, ...changedMeanwhile })
    .input(byName)
    .output(z.undefined()),
  test: oc
    .route({
      method: 'POST',
      path: '/channels/{name}/test',
      summary: 'Send a test message to a channel',
      tags,
    })
    .errors(noSuchChannel)
    .input(byName)
    .output(
      z.object({
        delivered: z.boolean().describe('Whether the channel accepted the message.'),
        message: z.string().nullable().describe('Why the message was not accepted; null: it was.'),
      }),
    ),
};
