import { printable } from '../../../../shared/text/foreign-text.ts';
import { httpAdapter, judgeStatus, replyJson } from '../adapter.ts';
import { alertKey } from '../alert-key.ts';

/** https://developer.pagerduty.com/docs/send-alert-event: a summary has at most 1,024 characters. */
const maxSummary = 1024;

export const adapter = httpAdapter<'pagerduty'>({
  async request(message, { routingKey, region }, { secret, base, installation, version }) {
    const [entry] = message.alerts;
    const key = entry
      ? alertKey(installation, entry.alert.jobId, entry.alert.key)
      : `notafter:${installation}:test`;
    const isOver = message.event === 'resolved';
    return {
      url: `${base('pagerduty', `https://events.${region === 'eu' ? 'eu.' : ''}pagerduty.com`)}/v2/enqueue`,
      body: JSON.stringify({
        routing_key: await secret(routingKey),
        event_action: isOver ? 'resolve' : 'trigger',
        dedup_key: key,
        ...(isOver
          ? {}
          : {
              client: `NotAfter ${version}`,
              payload: {
                summary: printable(message.title, maxSummary - 1),
                source: entry?.job?.address ?? 'NotAfter',
                severity: message.severity,
                timestamp: message.at,
                component: entry?.job?.name ?? 'NotAfter',
                class: entry?.alert.kind ?? 'test',
                custom_details: { details: message.body, tags: entry?.job?.tags ?? [] },
              },
            }),
      }),
    };
  },
  judge(reply) {
    const { message, errors } = replyJson(reply);
    const parts = [message, ...(Array.isArray(errors) ? errors : [])].filter(
      (part) => typeof part === 'string',
    );
    return judgeStatus(reply, parts.length === 0 ? null : parts.join(': ').slice(0, 200));
  },
});
