import { forMarkup } from '../../../../shared/text/foreign-text.ts';
import { httpAdapter, judgeStatus, replyJson } from '../adapter.ts';
import { cutTo, fitLines, noticeLines, signs } from '../notice-text.ts';

/** A message has 4,096 UTF-16 units after its entities are read (https://core.telegram.org/bots/api#sendmessage). */
const maxText = 4096;

export const adapter = httpAdapter<'telegram'>({
  async request(message, { token, chat, thread }, { secret, base }) {
    // Escaping makes a text longer: it is cut before it, by how long it will be, so that no entity is cut.
    const title = forMarkup(cutTo(message.title, 1000, (text) => forMarkup(text).length));
    const body = escaped(
      fitLines(noticeLines(message), maxText - title.length - 20, (text) => escaped(text).length),
    );
    return {
      url: `${base('telegram', 'https://api.telegram.org')}/bot${await secret(token)}/sendMessage`,
      body: JSON.stringify({
        chat_id: chat,
        ...(thread === null ? {} : { message_thread_id: thread }),
        text: `${signs[message.severity]} <b>${title}</b>\n${body}`,
        parse_mode: 'HTML',
        link_preview_options: { is_disabled: true },
        disable_notification: message.severity === 'info',
      }),
    };
  },
  judge(reply) {
    const { description, parameters } = replyJson(reply);
    const more = isRecord(parameters) ? parameters : {};
    const moved = more['migrate_to_chat_id'];
    // A group that became a supergroup has another id: https://core.telegram.org/bots/api#responseparameters
    if (reply.status === 400 && typeof moved === 'number')
      return { ok: false, error: 'The group has a new id.', isFinal: false, edit: { chat: String(moved) } };
    const seconds = more['retry_after'];
    const hold = typeof seconds === 'number' && seconds >= 0 ? seconds * 1000 : null;
    return judgeStatus(reply, typeof description === 'string' ? description.slice(0, 200) : null, hold);
  },
});

function escaped(text: string): string {
  return text.split('\n').map(forMarkup).join('\n');
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
