import { forSlack } from '../../../../shared/text/foreign-text.ts';
import { httpAdapter, judgeStatus } from '../adapter.ts';
import { fitLines, noticeLines, signs } from '../notice-text.ts';

/** Slack cuts a message after 40,000 characters (https://docs.slack.dev/reference/methods/chat.postMessage). */
const maxText = 35_000;

export const adapter = httpAdapter<'slack'>({
  request: async (message, { url }, { secret }) => ({
    url: await secret(url),
    body: JSON.stringify({
      text: `${signs[message.severity]} *${forSlack(message.title)}*\n${escaped(fitLines(noticeLines(message), maxText, (text) => escaped(text).length))}`,
      unfurl_links: false,
      unfurl_media: false,
    }),
  }),
  // A compatible server may say by status 200 that it has refused.
  judge: (reply) =>
    reply.status === 200 && /^(?:invalid_payload|no_service|no_text|channel_is_archived)/.test(reply.body)
      ? { ok: false, error: `It answered ${reply.body.slice(0, 40)}.`, isFinal: true }
      : judgeStatus(reply),
});

function escaped(text: string): string {
  return text.split('\n').map(forSlack).join('\n');
}
