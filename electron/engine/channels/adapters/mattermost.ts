import { forChat } from '../../../../shared/text/foreign-text.ts';
import { httpAdapter } from '../adapter.ts';
import { fitLines, noticeLines, signs, unitSize } from '../notice-text.ts';

/** https://developers.mattermost.com/integrate/webhooks/incoming/: longer messages are split. */
const maxText = 16_000;

export const adapter = httpAdapter<'mattermost'>({
  request: async (message, { url }, { secret }) => ({
    url: await secret(url),
    body: JSON.stringify({
      text: `${signs[message.severity]} **${forChat(message.title)}**\n${fitLines(noticeLines(message).map(forChat), maxText, unitSize)}`,
    }),
  }),
});
