import { mask } from '../../../shared/domain/masked-address.ts';
import type { Alert } from '../../../shared/schema/alert.ts';
import type { Channel } from '../../../shared/schema/channels/channel.ts';
import type { PreviewPart, PreviewSample } from '../../../shared/schema/channels/preview.ts';
import { channelTypes } from '../../../shared/schema/channels/types.ts';
import { type Job, jobInputSchema } from '../../../shared/schema/job.ts';
import { type ChannelContext, type ChannelRequest, ChannelUnreachable, loadAdapter } from './adapter.ts';
import { emailHtml, emailSubject, emailText } from './email-content.ts';
import { alertMessage, digestMessage, type HookMessage } from './message.ts';

const jobId = '00000000-0000-4000-8000-000000000000';
const many = 300;
const dayMs = 86_400_000;

/**
 * Returns what a channel would send, in its own form, for one of the samples. Nothing is sent, and secrets are left out.
 * @param now milliseconds since the epoch
 */
export async function previewChannel(
  channel: Channel,
  sample: PreviewSample,
  now: number,
  version: string,
): Promise<PreviewPart[]> {
  const message = sampleMessage(channel, sample, now);
  if (channel.type === 'email')
    return [
      { label: 'Subject', text: emailSubject(message) },
      { label: 'Text', text: emailText(message) },
      { label: 'HTML', text: emailHtml(message) },
    ];
  if (channel.type === 'syslog') return [{ label: 'Line', text: `${message.title}. ${message.body}` }];
  if (channel.type === 'command')
    return [{ label: 'Standard input', text: JSON.stringify(message, null, 2) }];
  const requests: ChannelRequest[] = [];
  const adapter = await loadAdapter(channel.type);
  await adapter.send(message, channel, recording(requests, now, version));
  const request = requests.at(-1);
  if (!request) return [];
  return [
    { label: 'Request', text: `${request.method ?? 'POST'} ${request.url}` },
    { label: 'Body', text: readable(request.body ?? '') },
  ];
}

/** What an adapter gets in place of a network: requests are kept, and every secret is the mask. */
function recording(requests: ChannelRequest[], now: number, version: string): ChannelContext {
  const none = () => Promise.reject(new ChannelUnreachable('A preview connects to nothing.'));
  return {
    ...{ version, installation: '0'.repeat(16), now, remaining: null },
    signal: new AbortController().signal,
    base: (_service, usual) => usual,
    secret: async () => mask,
    async http(request) {
      requests.push(request);
      // Matrix looks up the room of an alias before it sends.
      return { status: 200, headers: {}, body: '{"room_id": "!room:example.com"}' };
    },
    ...{ connect: none, datagrams: none, trusted: none, mayRun: () => false },
  };
}

function readable(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return body; // Forms and plain text are shown as they are.
  }
}

function sampleMessage(channel: Channel, sample: PreviewSample, now: number): HookMessage {
  const job = sampleJob(now);
  const find = () => job;
  if (sample === 'many')
    return digestMessage(
      Array.from({ length: many }, (_, index) => sampleAlert(now, index + 1)),
      find,
      now,
    );
  if (sample === 'alert') return alertMessage('alert', sampleAlert(now, 1), find, now);
  const { kind } = channelTypes[channel.type];
  // People get the good news as a message; programs and incidents the end of the alert.
  if (kind === 'chat')
    return alertMessage(
      'alert',
      {
        ...sampleAlert(now, 1),
        ...{ kind: 'renewed', severity: 'info', title: 'Shop was renewed', body: 'It is valid for 90 days.' },
      },
      find,
      now,
    );
  const ended = { ...sampleAlert(now, 1), resolvedAt: new Date(now).toISOString() };
  return alertMessage('resolved', ended, find, now);
}

function sampleAlert(now: number, id: number): Alert {
  const time = new Date(now).toISOString();
  const days = 6 + (id % 20);
  const date = new Date(now + days * dayMs).toISOString().slice(0, 10);
  return {
    ...{ id, jobId, key: `expiry:${id}`, raisedAt: time, notifiedAt: time, kind: 'expiring' },
    severity: id === 1 ? 'critical' : 'warning',
    title: `Shop${id === 1 ? '' : ` ${id}`} expires in ${days} days`,
    body: `Its certificate, issued by Example CA 1, expires on ${date}. Renew it.`,
    ...{ resolvedAt: null, acknowledgedAt: null, snoozedUntil: null },
  };
}

function sampleJob(now: number): Job {
  const time = new Date(now).toISOString();
  const input = jobInputSchema.parse({ target: { host: 'shop.example.com' }, name: 'Shop', tags: ['shop'] });
  return { id: jobId, origin: null, ...input, createdAt: time, updatedAt: time };
}
