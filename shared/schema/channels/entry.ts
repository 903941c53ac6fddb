import type { z } from 'zod';
import { channelName, serviceTitles } from '../../domain/channels/channel-addresses.ts';
import type { ChannelField, Secret } from './fields.ts';

/**
 * How a channel gets alerts. `chat`: people read it, so what waits becomes one message. `program`: each message by itself, and
 * the end of what was sent. `incident`: each alert under its key, updated and resolved. `state`: all open alerts, posted each minute.
 */
export type ChannelKind = 'chat' | 'program' | 'incident' | 'state';

/** The fields of a type, by their names. */
export type Fields = Readonly<Record<string, ChannelField>>;
/** What fields hold. */
export type Values<Shape extends Fields> = { [Key in keyof Shape]: z.output<Shape[Key]['schema']> };

/** At most `count` requests in `perMs` milliseconds, as the provider asks for. */
export interface Pace {
  count: number;
  perMs: number;
}

/** One type of channel. Its functions are methods, so that an entry can be used without knowing its fields. */
export interface ChannelTypeEntry<Shape extends Fields = Fields> {
  title: string;
  /** What it is, in a sentence without a full stop, for who chooses one. */
  about: string;
  kind: ChannelKind;
  fields: Shape;
  pace: readonly Pace[];
  /** Where secrets of it go, without what is secret: sealed secrets are bound to it. */
  destination(values: Values<Shape>): string;
  /** Fields that decide where or how secrets travel: a change of one asks for the secrets again. */
  route: readonly (keyof Shape & string)[];
  /** Refuses what single fields cannot tell. */
  problem?(values: Values<Shape>): { field: string; message: string } | null;
  /** Returns the fields of a channel of this type for a pasted URL; null: the URL belongs to another service. */
  recognize?(url: URL): Record<string, unknown> | null;
}

/** Checks an entry of the table against its own fields. */
export const channelType = <const Shape extends Fields>(entry: ChannelTypeEntry<Shape>) => entry;

export const perSecond = (count: number): Pace => ({ count, perMs: 1000 });

/** Returns where an address leads; a file may hold any. */
export function originOf(url: Secret): string {
  return typeof url === 'string' && URL.canParse(url) ? new URL(url).origin : 'file';
}

/** Refuses addresses of other services, and those of Teams that no longer work. */
export const refuseOthers =
  (own: string) =>
  (url: URL): string | null => {
    const other = channelName(url);
    if (other === 'office-connector')
      return 'Microsoft has switched these connectors off. In Teams, add a Workflow (“Post to a channel when a webhook request is received”) and use its address.';
    return other !== null && other !== own ? `This is an address of ${serviceTitles[other]}.` : null;
  };

/** Recognizes addresses of one service. */
export const isOn = (own: string) => (url: URL) => (channelName(url) === own ? { url: url.href } : null);
