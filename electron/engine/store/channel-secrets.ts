import { isMaskedAddress, mask, maskAddress, maskValue } from '../../../shared/domain/masked-address.ts';
import { isSealed, sealedMessage } from '../../../shared/domain/sealed.ts';
import {
  type Channel,
  changedRoute,
  destinationOf,
  lacksSecrets,
  mapHidden,
  mapSecrets,
} from '../../../shared/schema/channels/channel.ts';
import type { Secret } from '../../../shared/schema/channels/fields.ts';
import type { Settings, SettingsPatch } from '../../../shared/schema/settings.ts';
import { list } from '../../../shared/text/words.ts';
import { nameBefore } from './renamed-entry.ts';

/** A setting was given a value that cannot be taken beside the others, with the field and the sentence. */
export class SettingsFieldError extends Error {
  override name = 'SettingsFieldError';
  readonly field: string;
  constructor(field: string, message: string) {
    super(message);
    this.field = field;
  }
}

/** Returns a channel as it is shown: that a secret is kept, never which. The path of a file is no secret. */
export function hideSecrets(channel: Channel): Channel {
  const hidden = mapSecrets(channel, (secret) => (typeof secret === 'string' ? { set: true } : secret));
  return mapHidden(hidden, { address: maskAddress, value: maskValue });
}

/**
 * Returns channels with the secrets that they keep, by their names, also where some have new ones. A secret stays with the destination that it was given for: a change
 * of what decides where or how it travels asks for it again, so that editing a channel cannot send its secret elsewhere.
 * @throws SettingsFieldError for a kept secret that does not exist, or one that another NotAfter sealed
 */
export function restoreSecrets(given: readonly Channel[], before: readonly Channel[]): Channel[] {
  return given.map((channel, index) => {
    const kept = keptOf(channel, given, before);
    const place = `channels.${index}`;
    const restored = restoreHidden(
      mapSecrets(channel, (secret, field) => {
        const own = kept && fieldOf(kept, field);
        const isNeeded = channel.enabled || typeof own === 'string';
        return isNeeded ? restore(secret, own, `${place}.${field}`) : withoutSealed(secret, place, field);
      }),
      kept,
      place,
    );
    const changed = kept === undefined ? [] : changedRoute(kept, restored);
    if (kept && changed.length > 0) requireGiven(channel, place, whyMoved(kept, restored, changed));
    return restored;
  });
}

/** Returns the channel that one of an edit was before, also where it has a new name; undefined: it is a new one. */
function keptOf(
  channel: Channel,
  given: readonly Channel[],
  before: readonly Channel[],
): Channel | undefined {
  const known = nameBefore(channel.name, before, given);
  return before.find(({ name, type }) => name === known && type === channel.type);
}

/** Puts back what of addresses and headers was not shown. What a channel never had may be missing while it is off. */
function restoreHidden(channel: Channel, kept: Channel | undefined, place: string): Channel {
  const own = keptParts(kept);
  const lacking = (field: string, text: string, message: string) => {
    if (!channel.enabled) return text;
    throw new SettingsFieldError(`${place}.${field}`, message);
  };
  const known = (field: string, text: string) => {
    if (isSealed(text) && !own.texts.has(text))
      throw new SettingsFieldError(`${place}.${field}`, sealedMessage);
    return text;
  };
  return mapHidden(channel, {
    address: (text, field) => {
      if (!isMaskedAddress(text)) return known(field, text);
      const before = own.addresses.get(`${field.split('.', 1)[0]} ${text}`)?.shift();
      return (
        before ??
        lacking(
          field,
          text,
          `Enter the full address: NotAfter has no saved value to put in place of ${mask}.`,
        )
      );
    },
    value: (text, field, name) => {
      if (text !== mask) return known(field, text);
      const before = own.values.get(`${field} ${name.toLowerCase()}`);
      return before ?? lacking(field, text, `Enter the value of ${name}: none is saved.`);
    },
  });
}

/**
 * What a channel keeps and does not show: addresses by their fields and how they are shown, of several that look alike in their order; values by
 * their fields and names.
 */
function keptParts(kept: Channel | undefined) {
  const parts = {
    addresses: new Map<string, string[]>(),
    values: new Map<string, string>(),
    texts: new Set<string>(),
  };
  if (!kept) return parts;
  mapHidden(kept, {
    address: (text, field) => {
      const key = `${field.split('.', 1)[0]} ${maskAddress(text)}`;
      if (!isMaskedAddress(text)) parts.addresses.set(key, [...(parts.addresses.get(key) ?? []), text]);
      parts.texts.add(text);
      return text;
    },
    value: (text, field, name) => {
      if (text !== mask) parts.values.set(`${field} ${name.toLowerCase()}`, text);
      parts.texts.add(text);
      return text;
    },
  });
  return parts;
}

/**
 * Returns the channels of settings that are edited, with the secrets that they keep; undefined: they stay as they are.
 * @throws SettingsFieldError as `restoreSecrets`, and where the proxy of checks changes under a channel that keeps secrets
 */
export function editedChannels(
  { channels, proxy }: Pick<SettingsPatch, 'channels' | 'proxy'>,
  before: Pick<Settings, 'channels' | 'proxy'>,
): Channel[] | undefined {
  const restored = channels && restoreSecrets(channels, before.channels);
  if (proxy === undefined || proxy === before.proxy) return restored;
  const names = keepingByJobsProxy(channels ?? before.channels.map(hideSecrets), before.channels);
  if (names.length > 0) throw new SettingsFieldError('proxy', jobsProxyMessage(names));
  return restored;
}

/** Returns the names of channels that use the proxy of checks and keep secrets, which were entered for the proxy in force. */
export function keepingByJobsProxy(given: readonly Channel[], before: readonly Channel[]): string[] {
  return given
    .filter((channel) => channel.proxy === 'jobs' && keptOf(channel, given, before)?.proxy === 'jobs')
    .filter(lacksSecrets)
    .map(({ name }) => name);
}

/** Says why the proxy of checks cannot change. */
export function jobsProxyMessage(names: readonly string[]): string {
  return `The secrets of ${list(names, 5)} were entered for the current proxy. Enter them again in the same request, or give ${names.length === 1 ? 'this channel' : 'these channels'} another proxy first.`;
}

/** A channel that is off may lack a secret, such as one that was imported: it cannot be turned on without it. */
function withoutSealed(secret: Secret, place: string, field: string): Secret {
  if (typeof secret === 'string' && isSealed(secret))
    throw new SettingsFieldError(`${place}.${field}`, sealedMessage);
  return secret;
}

/** @param own what is kept for the field */
function restore(secret: Secret, own: unknown, field: string): Secret {
  if (typeof secret !== 'string') {
    if ('file' in secret) return secret;
    if (typeof own === 'string') return own;
    throw new SettingsFieldError(field, 'Enter this secret: none is kept for this channel.');
  }
  if (isSealed(secret) && own !== secret) throw new SettingsFieldError(field, sealedMessage);
  return secret;
}

function whyMoved(kept: Channel, restored: Channel, changed: readonly string[]): string {
  return destinationOf(kept) === destinationOf(restored)
    ? `you changed how the channel is reached (${changed.join(', ')})`
    : 'the channel has another address now';
}

/** Requires that nothing secret is given as kept. @param reason why what is kept does not do */
function requireGiven(given: Channel, place: string, reason: string): void {
  const refuse = (field: string, what: string) => {
    throw new SettingsFieldError(`${place}.${field}`, `Enter ${what} again: ${reason}.`);
  };
  mapSecrets(given, (secret, field) => {
    if (typeof secret === 'object' && 'set' in secret) refuse(field, 'this secret');
    return secret;
  });
  mapHidden(given, {
    address: (text, field) => {
      if (isMaskedAddress(text)) refuse(field, 'this address');
      return text;
    },
    value: (text, field, name) => {
      if (text === mask) refuse(field, `the value of ${name}`);
      return text;
    },
  });
}

function fieldOf(channel: Channel, field: string): unknown {
  // SAFETY: a channel is an object with named fields.
  return (channel as Record<string, unknown>)[field];
}
