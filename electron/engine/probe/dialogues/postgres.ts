import { bigEndian, type Dialogue, type UntilTls } from './dialogue.ts';

/** SSLRequest (PostgreSQL's protocol, “Message Formats”): length 8, code 80877103. */
const sslRequest = Uint8Array.of(0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f);

/** libpq takes an error that announces more for one of the old protocol (fe-protocol3.c, MAX_ERRLEN). */
const maxError = 30_000;

/** PostgreSQL: one byte answers an SSLRequest, or an ErrorResponse. */
export const postgres: UntilTls = async (dialogue) => {
  dialogue.write(sslRequest);
  const answer = (await dialogue.bytes(1)).toString('latin1');
  if (answer === 'S') return;
  if (answer === 'N') dialogue.refuse('not-offered', 'The PostgreSQL server has TLS turned off');
  if (answer !== 'E')
    dialogue.refuse('not-spoken', 'The server does not speak PostgreSQL’s protocol', answer);
  dialogue.refuse('turned-away', 'The PostgreSQL server refuses the connection', await readError(dialogue));
};

/**
 * Reads an ErrorResponse: fields of a type and a text each (“Error and Notice Message Fields”). A postmaster that cannot even start
 * a process writes the text alone, ended by a zero byte, as protocol 2 had it.
 */
async function readError(dialogue: Dialogue): Promise<string> {
  const head = await dialogue.bytes(4);
  const length = bigEndian(head);
  if (length < 8 || length > maxError) {
    const text = head.toString('latin1');
    if (text.includes('\0')) return text.replace(/\0.*/s, '');
    return text + (await dialogue.textTo(0, maxError - text.length));
  }
  const fields = new Map(
    (await dialogue.bytes(length - 4))
      .toString('latin1')
      .split('\0')
      .map((field) => [field.charAt(0), field.slice(1)] as const),
  );
  const severity = fields.get('S') ?? 'ERROR';
  const code = fields.get('C');
  return `${severity}: ${fields.get('M') ?? ''}${code === undefined ? '' : ` (${code})`}`;
}
