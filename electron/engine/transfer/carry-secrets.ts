import { isMaskedAddress } from '../../../shared/domain/masked-address.ts';
import {
  type Channel,
  changedRoute,
  destinationOf,
  lacksSecrets,
} from '../../../shared/schema/channels/channel.ts';
import { channelTypes } from '../../../shared/schema/channels/types.ts';
import type { Heartbeat } from '../../../shared/schema/heartbeat.ts';
import { bareAddress } from './addresses.ts';

/** What an entry becomes, or null where it is left out, and what a person must know. */
export interface Carried {
  entry: Record<string, unknown> | null;
  message: string | null;
}

/**
 * Completes an entry by the secrets that this machine has for it; without them it is turned off, or left out.
 * @param destination where the channel of this machine with its name sends secrets; null: there is none
 */
export function carry(
  field: string,
  entry: Record<string, unknown>,
  old: Record<string, unknown> | undefined,
  destination: string | null,
): Carried {
  // SAFETY: each list was parsed by the schema of its field, and what was there before is of it, too.
  if (field === 'heartbeats') return carryHeartbeat(entry as Heartbeat, old as Heartbeat | undefined);
  if (field === 'channels') {
    const own = old as Channel | undefined;
    return carryChannel(entry as unknown as Channel, own, destination ?? (own ? destinationOf(own) : ''));
  }
  return { entry, message: null };
}

/** Tells whether an address is whole: an export has only its host. */
const isWhole = (address: string) => address !== bareAddress(address) && !isMaskedAddress(address);
const isSameHost = (one: string, other: string) => bareAddress(one) === bareAddress(other);

/** Says that the address of a file takes the place of the one of this machine. */
function replaced(own: string, given: string): string {
  const [here, there] = [new URL(own).origin, new URL(given).origin];
  return here === there
    ? `Its address on ${here} is replaced by the one in the file.`
    : `Its address is replaced by the one in the file (${here} here, ${there} in the file).`;
}

/** Each address of a heartbeat is completed by the same field of this machine's: its addresses often have one host. */
function carryHeartbeat(heartbeat: Heartbeat, old: Heartbeat | undefined): Carried {
  const url = openAddress(heartbeat.url, old?.url ?? null);
  const failUrl = heartbeat.failUrl === null ? null : openAddress(heartbeat.failUrl, old?.failUrl ?? null);
  if (url === null || (failUrl === null && heartbeat.failUrl !== null))
    return { entry: null, message: 'Add it again with its address, which is not exported.' };
  const isReplaced = old !== undefined && isWhole(heartbeat.url);
  return { entry: { ...heartbeat, url, failUrl }, message: isReplaced ? replaced(old.url, url) : null };
}

/** Returns an address as it was given, or this machine's own with the same host; null: it is missing. */
function openAddress(given: string, own: string | null): string | null {
  if (isWhole(given)) return given;
  return own !== null && isSameHost(own, given) ? own : null;
}

function carryChannel(channel: Channel, old: Channel | undefined, here: string): Carried {
  const same = old?.type === channel.type ? old : undefined;
  // A file must not bring a program that runs: the person turns it on, and is asked then.
  if (channel.type === 'command' && !(same?.enabled && changedRoute(same, channel).length === 0))
    return { entry: { ...channel, enabled: false }, message: 'Check its program, then turn it on.' };
  const changed = same ? changedRoute(same, channel) : [];
  if (same && changed.length === 0 && lacksSecrets(channel)) return { entry: { ...channel }, message: null };
  if (!lacksSecrets(channel))
    return { entry: { ...channel }, message: old ? replacement(old, channel, changed, here) : null };
  if (old)
    return {
      entry: null,
      message: `A channel with this name exists with ${difference(old, channel, changed, here)}. Rename one of them.`,
    };
  return { entry: { ...channel, enabled: false }, message: 'Enter its secrets, then turn it on.' };
}

/** Says what a whole channel of a file replaces; null: nothing that a secret depends on. */
function replacement(own: Channel, given: Channel, changed: readonly string[], here: string): string | null {
  if (own.type === given.type && changed.length === 0)
    return lacksSecrets(own) ? 'Its secrets are replaced by those in the file.' : null;
  return `It is replaced by one with ${difference(own, given, changed, here)}.`;
}

/** Names by what a channel of the file sends secrets elsewhere than the one of this machine with its name. */
function difference(own: Channel, given: Channel, changed: readonly string[], here: string): string {
  if (own.type !== given.type)
    return `a different type (${channelTypes[own.type].title} here, ${channelTypes[given.type].title} in the file)`;
  const there = destinationOf(given);
  // An address that is kept or in a file is not known here.
  return here === there || there === 'file'
    ? `different settings (${changed.join(', ')})`
    : `a different address (${here} here, ${there} in the file)`;
}
