import { isSealed, sealedMessage } from '../../../shared/domain/sealed.ts';
import {
  type Channel,
  changedRoute,
  destinationOf,
  mapSecrets,
} from '../../../shared/schema/channels/channel.ts';
import type { Secret } from '../../../shared/schema/channels/fields.ts';
import type { Settings } from '../../../shared/schema/settings.ts';

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
  return mapSecrets(channel, (secret) => (typeof secret === 'string' ? { set: true } : secret));
}

/**
 * Returns channels with the secrets that they keep, by their names. A secret stays with the destination that it was given for: a change
 * of what decides where or how it travels asks for it again, so that editing a channel cannot send its secret elsewhere.
 * @throws SettingsFieldError for a kept secret that does not exist, or one that another NotAfter sealed
 */
export function restoreSecrets(given: readonly Channel[], before: readonly Channel[]): Channel[] {
  return given.map((channel, index) => {
    const kept = before.find(({ name, type }) => name === channel.name && type === channel.type);
    const restored = mapSecrets(channel, (secret, field) => {
      const own = kept && fieldOf(kept, field);
      const isNeeded = channel.enabled || typeof own === 'string';
      return isNeeded
        ? restore(secret, own, `channels.${index}.${field}`)
        : withoutSealed(secret, index, field);
    });
    const changed = kept === undefined ? [] : changedRoute(kept, restored);
    return kept && changed.length > 0
      ? requireGiven(channel, restored, index, whyMoved(kept, restored, changed))
      : restored;
  });
}

/** A channel that is off may lack a secret, such as one that was imported: it cannot be turned on without it. */
function withoutSealed(secret: Secret, index: number, field: string): Secret {
  if (typeof secret === 'string' && isSealed(secret))
    throw new SettingsFieldError(`channels.${index}.${field}`, sealedMessage);
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

/** @param reason why the secrets that are kept do not do */
function requireGiven(given: Channel, restored: Channel, index: number, changed: readonly string[]): Channel {
  return mapSecrets(restored, (secret, field) => {
    const original = fieldOf(given, field);
    if (typeof original === 'object' && original !== null && 'set' in original)
      throw new SettingsFieldError(`channels.${index}.${field}`, `Enter this secret again: ${reason}.`);
    return secret;
  });
}

function fieldOf(channel: Channel, field: string): unknown {
  // SAFETY: a channel is an object with named fields.
  return (channel as Record<string, unknown>)[field];
}

/** Requires that each delivery is of one channel, by its name. @throws SettingsFieldError */
export function requireOwnNames(settings: Settings): Settings {
  const taken = new Set(settings.webhooks.map(({ name }) => name));
  const index = settings.channels.findIndex(({ name }) => taken.has(name));
  if (index !== -1)
    throw new SettingsFieldError(
      `channels.${index}.name`,
      'A webhook has this name already. Choose another.',
    );
  return settings;
}
