import { isDeepStrictEqual } from 'node:util';
import { maskSecretAddress } from '../../../shared/domain/masked-address.ts';
import type { Channel, ChannelCommon } from '../../../shared/schema/channels/channel.ts';
import type { Webhook } from '../../../shared/schema/webhook.ts';

/** What a webhook cannot say of a channel. */
const usual: Pick<ChannelCommon, 'notTags' | 'kinds' | 'resolved' | 'digest' | 'proxy'> = {
  notTags: [],
  kinds: [],
  resolved: true,
  digest: 'now',
  proxy: 'none',
};
const formats = { webhook: 'json', slack: 'slack', teams: 'teams' } as const;

/** Returns the channel that a webhook is. */
export function asChannel({ format, ...webhook }: Webhook): Channel {
  const common = { ...usual, ...webhook };
  if (format === 'slack') return { ...common, type: 'slack' };
  if (format === 'teams') return { ...common, type: 'teams', card: 'wrapped' };
  const usualBody = { contentType: 'json', template: null } as const;
  return { ...common, type: 'webhook', method: 'POST', headers: [], secret: null, ...usualBody };
}

/** Returns the webhook that a channel is; null: it has more than a webhook can say. */
function asWebhook(channel: Channel): Webhook | null {
  const { type } = channel;
  if (type !== 'webhook' && type !== 'slack' && type !== 'teams') return null;
  const { name, url, severity, tags, caFile, grouped, enabled } = channel;
  if (typeof url !== 'string') return null;
  const webhook = { name, url, format: formats[type], severity, tags, caFile, grouped, enabled };
  return isDeepStrictEqual(asChannel(webhook), channel) ? webhook : null;
}

/** Returns the channels that are webhooks, as clients of an older version know them: with their whole addresses. */
export function webhooksOf(channels: readonly Channel[]): Webhook[] {
  return channels.flatMap((channel) => asWebhook(channel) ?? []);
}

/** Returns the channels that are webhooks as they are shown: of an address only where it leads. */
export function shownWebhooks(channels: readonly Channel[]): Webhook[] {
  return webhooksOf(channels).map((webhook) => ({ ...webhook, url: maskSecretAddress(webhook.url) }));
}
