import { forChat, forMarkup, printable } from '../../../../shared/text/foreign-text.ts';
import { type ChannelAdapter, type ChannelReply, judgeStatus, replyJson, withoutSlash } from '../adapter.ts';
import { byteSize, fitLines, noticeLines, signs } from '../notice-text.ts';

/** An event has at most 65,536 bytes (Matrix specification, Client-Server API, size limits); the text is in it twice. */
const maxText = 12_000;

export const adapter: ChannelAdapter<'matrix'> = {
  async send(message, channel, { secret, http, installation }) {
    const headers = { authorization: `Bearer ${await secret(channel.token)}` };
    const api = `${withoutSlash(channel.url)}/_matrix/client/v3`;
    let { room } = channel;
    if (room.startsWith('#')) {
      const found = await http({
        url: `${api}/directory/room/${encodeURIComponent(room)}`,
        method: 'GET',
        headers,
        readsReply: true,
      });
      const { room_id: id } = replyJson(found);
      if (typeof id !== 'string' || !/^![^\s]{1,254}$/.test(id)) return judge(found);
      room = id;
    }
    const text = `${signs[message.severity]} ${printable(message.title)}\n${fitLines(
      noticeLines(message).map((line) => printable(line, 4000)),
      maxText,
      byteSize,
    )}`;
    // The same transaction for the same message: a retry never shows it twice (§ idempotency of PUT).
    const transaction = `na-${installation}-${message.id}`;
    const reply = await http({
      url: `${api}/rooms/${encodeURIComponent(room)}/send/m.room.message/${encodeURIComponent(transaction)}`,
      method: 'PUT',
      headers,
      readsReply: true,
      body: JSON.stringify({
        msgtype: 'm.notice',
        body: text.split('\n').map(forChat).join('\n'),
        format: 'org.matrix.custom.html',
        formatted_body: text
          .split('\n')
          .map((line, index) => (index === 0 ? `<b>${forMarkup(line)}</b>` : forMarkup(line)))
          .join('<br>'),
        // The text mentions no user (MSC3952).
        'm.mentions': {},
      }),
    });
    const sent = judge(reply);
    return sent.ok && room !== channel.room ? { ok: true, edit: { room } } : sent;
  },
};

function judge(reply: ChannelReply) {
  const { errcode, retry_after_ms: hold } = replyJson(reply);
  // The homeserver may be any address: of what it says, its error codes are shown, and nothing else.
  const detail = typeof errcode === 'string' && /^M_[A-Z_]{1,40}$/.test(errcode) ? errcode : null;
  if (reply.status === 200 && detail !== null) return { ok: false, error: detail, isFinal: true } as const;
  return judgeStatus(reply, detail, typeof hold === 'number' && hold >= 0 ? hold : null);
}
