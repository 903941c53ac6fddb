import { forDiscord } from '../../../../shared/text/foreign-text.ts';
import { httpAdapter, judgeStatus, replyJson } from '../adapter.ts';
import { cutTo, fitLines, noticeLines, unitSize } from '../notice-text.ts';

/** https://discord.com/developers/docs/resources/message#embed-object-embed-limits */
const maxTitle = 256;
const maxDescription = 4096;
const colors = { info: 0x2e7d32, warning: 0xed8b00, critical: 0xc62828 } as const;

export const adapter = httpAdapter<'discord'>({
  request: async (message, { url }, { secret }) => ({
    url: await secret(url),
    body: JSON.stringify({
      embeds: [
        {
          title: cutTo(forDiscord(message.title), maxTitle, unitSize),
          description: fitLines(noticeLines(message).map(forDiscord), maxDescription, unitSize),
          color: colors[message.severity],
          timestamp: message.at,
        },
      ],
      // No text mentions anybody, whatever it says.
      allowed_mentions: { parse: [] },
    }),
  }),
  judge(reply) {
    if (reply.status !== 429) return null;
    // In seconds with a fraction: https://discord.com/developers/docs/topics/rate-limits
    const { retry_after: seconds } = replyJson(reply);
    return typeof seconds === 'number' && seconds >= 0
      ? judgeStatus(reply, null, Math.ceil(seconds * 1000))
      : null;
  },
});
