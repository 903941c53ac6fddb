import { bigEndian, type Dialogue, type Talk } from './dialogue.ts';

/** SSLRequest (PostgreSQL's protocol, “Message Formats”): length 8, code 80877103. */
const sslRequest = Uint8Array.of(0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f);

/** libpq takes an error that announces more for one of the old protocol (fe-protocol3.c, MAX_ERRLEN). */
const maxError = 30_000;

/** PostgreSQL: one byte answers an SSLRequest, or an ErrorResponse. */
export const postgres: Dialogue = async (talk) => {
  talk.write(sslRequest);
  const answer = (await talk.bytes(1)).toString('latin1');
  if (answer === 'S') return;
  if (answer === 'N') talk.refuse('not-offered', 'The PostgreSQL server has TLS turned off');
  if (answer !== 'E') talk.refuse('not-spoken', 'The server does not speak PostgreSQL’s protocol', answer);
  talk.refuse('turned-away', 'The PostgreSQL server refuses the connection', await readError(talk));
};

/**
 * Reads an ErrorResponse: fields of a type and a text each (“Error and Notice Message Fields”). A postmaster that cannot even start
 * a process writes the text alone, ended by a zero byte, as protocol 2 had it.
 */
async function readError(talk: Talk): Promise<string> {
  const head = await talk.bytes(4);
  const length = bigEndian(head);
  if (length < 8 || length > maxError) {
    const text = head.toString('latin1');
    if (text.includes('\0')) return text.replace(/\0.*/s, '');
    return text + (await talk.textTo(0, maxError - text.length));
  }
  const fields = new Map(
    (await talk.bytes(length - 4))
      .toString('latin1')
      .split('\0')
      .map((field) => [field.charAt(0), field.slice(1)] as const),
  );
  const severity = fields.get('S') ?? 'ERROR';
  const code = fields.get('C');
  return `${severity}: ${fields.get('M') ?? ''}${code === undefined ? '' : ` (${code})`}`;
}
