import { chatTypes } from './chat-types.ts';
import type { ChannelTypeEntry, Values } from './entry.ts';
import { incidentTypes } from './incident-types.ts';
import { mailTypes } from './mail-types.ts';
import { programTypes } from './program-types.ts';

export type { ChannelKind, ChannelTypeEntry, Pace } from './entry.ts';

/**
 * Every type of channel, complete but for what it sends: its adapter is `electron/engine/channels/adapters/<type>.ts`. The schema,
 * the form, the command line and the API's document follow from it.
 */
export const channelTypes = { ...mailTypes, ...chatTypes, ...incidentTypes, ...programTypes } as const;

export type ChannelType = keyof typeof channelTypes;
/** What a type's own fields hold. */
export type ChannelValues<Type extends ChannelType> = Values<(typeof channelTypes)[Type]['fields']>;
// SAFETY: the keys of the table are the types.
export const channelTypeNames = Object.keys(channelTypes) as [ChannelType, ...ChannelType[]];

/** Returns the type and fields of a channel for a pasted URL; null: not a URL. */
export function recognizeChannel(
  text: string,
): { type: ChannelType; values: Record<string, unknown> } | null {
  if (!URL.canParse(text.trim())) return null;
  const url = new URL(text.trim());
  if (!/^https?:$/.test(url.protocol)) return null;
  for (const type of channelTypeNames) {
    const entry: ChannelTypeEntry = channelTypes[type];
    const values = entry.recognize?.(url) ?? null;
    if (values !== null) return { type, values };
  }
  return null;
}
