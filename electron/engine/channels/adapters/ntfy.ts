import type { Channel } from '../../../../shared/schema/channels/channel.ts';
import { forChat } from '../../../../shared/text/foreign-text.ts';
import { type ChannelContext, httpAdapter } from '../adapter.ts';
import { alertKey } from '../alert-key.ts';
import { byteSize, cutTo, fitLines, noticeLines } from '../notice-text.ts';

/** https://docs.ntfy.sh/publish/#publish-as-json: priority 1 to 5, tags that become emoji, and the limits of a message and a title. */
const priorities = { info: 2, warning: 4, critical: 5 } as const;
const tags = { info: 'white_check_mark', warning: 'warning', critical: 'rotating_light' } as const;
const maxMessage = 4096;
const maxTitle = 1000;

export const adapter = httpAdapter<'ntfy'>({
  async request(message, channel, { secret, installation }) {
    const [only] = message.alerts;
    // An update of a notification needs ntfy 2.16; an older server shows one more.
    const sequence =
      only && message.alerts.length === 1
        ? {
            sequence_id: alertKey(installation, only.alert.jobId, only.alert.key)
              .replace(/[^\w-]/g, '_')
              .slice(-64),
          }
        : {};
    return {
      url: channel.url,
      headers: await authorization(channel, secret),
      body: JSON.stringify({
        topic: channel.topic,
        title: cutTo(message.title, maxTitle, byteSize),
        message: fitLines(noticeLines(message).map(forChat), maxMessage, byteSize),
        priority: priorities[message.severity],
        tags: [tags[message.severity]],
        ...sequence,
      }),
    };
  },
});

async function authorization(
  { token, username, password }: Channel<'ntfy'>,
  secret: ChannelContext['secret'],
): Promise<Record<string, string>> {
  if (token !== null) return { authorization: `Bearer ${await secret(token)}` };
  if (username === null || password === null) return {};
  const pair = Buffer.from(`${username}:${await secret(password)}`).toString('base64');
  return { authorization: `Basic ${pair}` };
}
