import type { Sent } from '../../electron/engine/channels/adapter.ts';
import { ChannelSender, type ChannelSenderOptions } from '../../electron/engine/channels/channel-sender.ts';
import type { HookMessage } from '../../electron/engine/channels/message.ts';
import { asChannel } from '../../electron/engine/store/webhook-view.ts';
import type { Webhook } from '../../shared/schema/webhook.ts';

/** A sender of an installation without proxies, secrets in files or services in a test's place, unless given. */
export function makeSender(more: Partial<ChannelSenderOptions> = {}): ChannelSender {
  return new ChannelSender({
    version: '0.0.0',
    installation: '0123456789abcdef',
    folder: '/nowhere',
    now: () => Date.now(),
    jobsProxy: () => null,
    onEdit: async () => undefined,
    ...more,
  });
}

/** Sends a message to a webhook as the engine does. */
export function sendToWebhook(
  webhook: Webhook,
  message: HookMessage,
  signal = new AbortController().signal,
): Promise<Sent> {
  return makeSender().send(asChannel(webhook), message, signal);
}
