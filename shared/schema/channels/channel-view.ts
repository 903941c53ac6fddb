import { z } from 'zod';
import { refuseProxy } from '../connection.ts';
import { localPaths } from '../local-path.ts';
import {
  type Channel,
  channelProxy,
  channelSchema,
  channelShape,
  commonFields,
  refuseAddresses,
} from './channel.ts';
import { channelTypeNames, channelTypes } from './types.ts';

/** A channel that is added: its files are files of this computer, and its proxy is one. */
export const channelInputSchema = channelSchema
  .superRefine(localPaths(({ caFile }) => [[['caFile'], caFile]]))
  .superRefine(refuseProxy(channelProxy, ['proxy']))
  .superRefine(refuseAddresses());

const revision = z
  .string()
  .describe(
    'Identifies this version of the channel, as the header ETag does. It changes when NotAfter restarts.',
  );

/** A channel as it is shown: without its secrets, and with its revision. */
export type ChannelView = Channel & { revision: string };

const views = channelTypeNames.map((type) =>
  z.strictObject({ ...channelShape(type), revision }).describe(channelTypes[type].title),
);

// SAFETY: the options are built from the table that `Channel` is derived from.
export const channelViewSchema = z
  .discriminatedUnion('type', views as unknown as [(typeof views)[number], ...typeof views])
  .describe('A channel. Secrets are returned as {"set": true}.') as unknown as z.ZodType<
  ChannelView,
  unknown
>;

const optionalFields = Object.entries(commonFields).map(([name, field]) => [
  name,
  (field instanceof z.ZodDefault ? field.unwrap() : field).optional().describe(field.description ?? ''),
]);

/** What of a channel changes: fields that every channel has, and those of its type. The engine reads the channel that comes of it. */
export const channelPatchSchema = z
  .looseObject({
    // SAFETY: each entry is a name and a schema.
    ...(Object.fromEntries(optionalFields) as Record<keyof typeof commonFields, z.ZodOptional<z.ZodType>>),
    revision: z
      .string()
      .max(100)
      .optional()
      .describe(
        'The revision you read. If the channel has changed since, nothing is changed (412). The header If-Match does the same.',
      ),
  })
  .describe('Fields to change, also those of the channel’s type.');
