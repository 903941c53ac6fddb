import { forChat } from '../../../../shared/text/foreign-text.ts';
import { httpAdapter, judgeStatus } from '../adapter.ts';
import type { HookMessage } from '../message.ts';
import { byteSize, fitLines, noticeLines, signs } from '../notice-text.ts';

/** A message has at most 28 kB (https://learn.microsoft.com/microsoftteams/limits-specifications-teams). */
const maxText = 20_000;
const maxPlain = 2_000;

export const adapter = httpAdapter<'teams'>({
  request: async (message, { url, card }, { secret }) => ({
    url: await secret(url),
    body: JSON.stringify(card === 'bare' ? cardOf(message) : wrapped(message)),
  }),
  judge: (reply) =>
    reply.status === 200 && /error|failed/i.test(reply.body.slice(0, 200))
      ? { ok: false, error: 'Teams refused the message.', isFinal: true }
      : judgeStatus(reply),
});

function wrapped(message: HookMessage): object {
  const content = cardOf(message);
  const lines = fitLines(noticeLines(message).map(forChat), maxPlain, byteSize);
  return {
    type: 'message',
    // Compatible servers, such as Mattermost, read this and no card.
    text: `${forChat(message.title)}: ${lines}`,
    attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', content }],
  };
}

/** https://adaptivecards.io/explorer/AdaptiveCard.html */
function cardOf(message: HookMessage): object {
  const text = (words: string, more: object) => ({ type: 'TextBlock', text: words, wrap: true, ...more });
  const title = `${signs[message.severity]} ${forChat(message.title)}`;
  // A blank line is a line break in the Markdown of cards.
  const body = fitLines(noticeLines(message).map(forChat), maxText, byteSize).replaceAll('\n', '\n\n');
  return {
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    type: 'AdaptiveCard',
    version: '1.4',
    body: [text(title, { weight: 'Bolder', size: 'Medium' }), text(body, { spacing: 'Small' })],
  };
}
