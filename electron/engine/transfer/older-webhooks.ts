import type { TransferChange } from '../../../shared/contract/transfer-report.ts';
import { toOneLine } from '../../../shared/domain/plain-text.ts';
import type { Channel } from '../../../shared/schema/channels/channel.ts';
import type { ShownSettings } from '../../../shared/schema/settings.ts';
import type { Webhook } from '../../../shared/schema/webhook.ts';
import { isRecord, type Stored } from '../store/stored-record.ts';

/** What this machine has for the names of webhooks. */
type Own = Pick<ShownSettings, 'channels' | 'webhooks'>;

/** The settings of an export with its webhooks completed, and those of them that are left out. */
export interface OlderWebhooks {
  settings: Stored;
  changes: TransferChange[];
  /** Takes those that are left out from the channels that the webhooks became. Until then they keep their names from other channels of the file. */
  leaveOut(migrated: Stored): Stored;
}

/**
 * Completes the webhooks of an export of an older version. Of their addresses such an export has only the host: the rest is kept for the same host, or
 * to be entered, as a channel's secret is. Left out is what would take the place of a channel at another host, or of one with more than webhooks had.
 * @param own the settings of this machine
 */
export function withKeptAddresses(settings: Stored, own: Own): OlderWebhooks {
  const { webhooks } = settings;
  if (!Array.isArray(webhooks)) return { settings, changes: [], leaveOut: (migrated) => migrated };
  const left = new Map<string, TransferChange>();
  const known = new Set<string>();
  for (const webhook of webhooks.filter(isRecord)) {
    const name = nameOf(webhook);
    // Another of the same name gets a number.
    const difference = known.has(name) ? null : differenceOf(name, webhook, own);
    known.add(name);
    if (difference === null) continue;
    const message = `A channel with this name exists with ${difference}. Rename one of them.`;
    left.set(name, { what: 'channel', name, outcome: 'left-out', message });
  }
  const isLeft = (channel: unknown) => isRecord(channel) && left.has(nameOf(channel));
  return {
    settings: { ...settings, webhooks: webhooks.map(withoutBareAddress) },
    changes: [...left.values()],
    leaveOut: ({ channels, ...rest }) => ({
      ...rest,
      channels: Array.isArray(channels) ? channels.filter((channel) => !isLeft(channel)) : channels,
    }),
  };
}

const nameOf = ({ name }: Stored) => (typeof name === 'string' ? toOneLine(name) : '');

const formats: Readonly<Record<string, Webhook['format']>> = {
  webhook: 'json',
  slack: 'slack',
  teams: 'teams',
};

/** Says what the channel of this machine with the name of a webhook has that the webhook has not; null: nothing, or it is of another type. */
function differenceOf(name: string, { url, format = 'json' }: Stored, own: Own): string | null {
  const channel = own.channels.find((one) => one.name === name);
  if (channel === undefined || formatOf(channel) !== format) return null;
  const webhook = own.webhooks.find((one) => one.name === name);
  if (webhook === undefined) return 'settings that webhooks did not have';
  const there = bareOrigin(url);
  const here = URL.canParse(webhook.url) ? new URL(webhook.url).origin : 'unknown';
  return there === null || there === here ? null : `a different address (${here} here, ${there} in the file)`;
}

const formatOf = ({ type }: Channel) => formats[type];

function withoutBareAddress(webhook: unknown): unknown {
  return isRecord(webhook) && bareOrigin(webhook['url']) !== null
    ? { ...webhook, url: { set: true } }
    : webhook;
}

/** Returns the origin of an address that is nothing else; null: it has more, or is no address. */
function bareOrigin(url: unknown): string | null {
  if (typeof url !== 'string' || !URL.canParse(url)) return null;
  const { href, origin } = new URL(url);
  return href === `${origin}/` ? origin : null;
}
