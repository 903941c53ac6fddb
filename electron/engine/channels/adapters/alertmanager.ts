import type { Channel } from '../../../../shared/schema/channels/channel.ts';
import { printable } from '../../../../shared/text/foreign-text.ts';
import {
  type ChannelAdapter,
  type ChannelContext,
  judgeStatus,
  type Sent,
  withoutSlash,
} from '../adapter.ts';

/** Without a newer post, Alertmanager takes an alert for over after so long. */
const validMs = 5 * 60_000;

/** https://github.com/prometheus/alertmanager/blob/main/api/v2/openapi.yaml, postableAlerts. */
export const adapter: ChannelAdapter<'alertmanager'> = {
  async send(message, channel, context) {
    const body = JSON.stringify(
      message.alerts.map(({ alert, job }) => ({
        labels: {
          ...Object.fromEntries(channel.labels.map(({ name, value }) => [name, value])),
          alertname: `NotAfter${kindName(alert.kind)}`,
          instance: job?.address ?? 'NotAfter',
          job: 'notafter',
          severity: alert.severity,
          condition: printable(alert.key, 300),
          host: printable(job?.name ?? 'NotAfter', 300),
          ...(job && job.tags.length > 0 ? { tags: job.tags.join(',') } : {}),
        },
        annotations: { summary: printable(alert.title, 1000), description: printable(alert.body, 4000) },
        // Without a start, Alertmanager takes the end for it.
        startsAt: alert.raisedAt,
        endsAt: alert.resolvedAt ?? new Date(context.now + validMs).toISOString(),
      })),
    );
    const sent = await Promise.all(channel.urls.map((url) => post(url, body, channel, context)));
    return sent.find(({ ok }) => ok) ?? sent[0] ?? { ok: true };
  },
};

async function post(
  url: string,
  body: string,
  { username, password, token }: Channel<'alertmanager'>,
  { http, secret }: ChannelContext,
): Promise<Sent> {
  const headers: Record<string, string> = {};
  if (token !== null) headers['authorization'] = `Bearer ${await secret(token)}`;
  else if (username !== null && password !== null)
    headers['authorization'] =
      `Basic ${Buffer.from(`${username}:${await secret(password)}`).toString('base64')}`;
  try {
    return judgeStatus(await http({ url: `${withoutSlash(url)}/api/v2/alerts`, headers, body }));
  } catch (error) {
    return {
      ok: false,
      error: error instanceof Error ? error.message : 'It could not be reached.',
      isFinal: false,
    };
  }
}

function kindName(kind: string): string {
  return kind.replace(/(?:^|-)([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
