import { type Channel, changedRoute, destinationOf } from '../../../shared/schema/channels/channel.ts';
import type { Heartbeat } from '../../../shared/schema/heartbeat.ts';
import type { Webhook } from '../../../shared/schema/webhook.ts';
import { bareAddress } from './addresses.ts';

/** What an entry becomes, or null where it is left out, and what a person must know. */
export interface Carried {
  entry: Record<string, unknown> | null;
  message: string | null;
}

/** Completes an entry by the secrets that this machine has for it; without them it is turned off, or left out. */
export function carry(
  field: string,
  entry: Record<string, unknown>,
  old: Record<string, unknown> | undefined,
): Carried {
  // SAFETY: each list was parsed by the schema of its field, and what was there before is of it, too.
  if (field === 'webhooks') return carryWebhook(entry as Webhook, old as Webhook | undefined);
  if (field === 'heartbeats') return carryHeartbeat(entry as Heartbeat, old as Heartbeat | undefined);
  if (field === 'channels') return carryChannel(entry as unknown as Channel, old as Channel | undefined);
  return { entry, message: null };
}

const isBare = (address: string) => address === bareAddress(address);

function carryWebhook(hook: Webhook, old: Webhook | undefined): Carried {
  if (!isBare(hook.url)) return { entry: { ...hook }, message: null };
  // Its address is the secret: it stays with the certificates that it was entered for.
  if (old && bareAddress(old.url) === hook.url)
    return old.caFile === hook.caFile
      ? { entry: { ...hook, url: old.url }, message: null }
      : {
          entry: null,
          message: 'A webhook with this name exists with another CA file. Rename one of them.',
        };
  return { entry: { ...hook, enabled: false }, message: 'Enter its address, then turn it on.' };
}

/** Each address of a heartbeat is completed by the same field of this machine's: its addresses often have one host. */
function carryHeartbeat(heartbeat: Heartbeat, old: Heartbeat | undefined): Carried {
  const url = openAddress(heartbeat.url, old?.url ?? null);
  const failUrl = heartbeat.failUrl === null ? null : openAddress(heartbeat.failUrl, old?.failUrl ?? null);
  if (url === null || (failUrl === null && heartbeat.failUrl !== null))
    return { entry: null, message: 'Add it again with its address, which is not exported.' };
  return { entry: { ...heartbeat, url, failUrl }, message: null };
}

/** Returns an address as it was given, or this machine's own with the same host; null: it is missing. */
function openAddress(given: string, own: string | null): string | null {
  if (!isBare(given)) return given;
  return own !== null && bareAddress(own) === given ? own : null;
}

function carryChannel(channel: Channel, old: Channel | undefined): Carried {
  const isMissing = Object.values(channel).some(
    (value) => typeof value === 'object' && value !== null && 'set' in value,
  );
  const same = old?.type === channel.type ? old : undefined;
  const changed = same ? changedRoute(same, channel) : [];
  if (!isMissing || (same && changed.length === 0)) return { entry: { ...channel }, message: null };
  if (same) return { entry: null, message: differs(same, channel, changed) };
  return { entry: { ...channel, enabled: false }, message: 'Enter its secrets, then turn it on.' };
}

/** Says by what a channel of the file sends secrets elsewhere than the one of this machine with its name. */
function differs(own: Channel, given: Channel, changed: readonly string[]): string {
  const [here, there] = [destinationOf(own), destinationOf(given)];
  const what =
    here === there
      ? `different settings (${changed.join(', ')})`
      : `a different address (${here} here, ${there} in the file)`;
  return `A channel with this name exists with ${what}. Rename one of them.`;
}
