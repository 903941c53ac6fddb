import type { Refusal } from '../refusal.ts';
import { type Dialogue, type Reply, readReply, type UntilTls, wordsOf } from './dialogue.ts';

/** NNTP: RFC 4642 §2.2. A server that other servers feed, as INN's, knows STARTTLS once it was asked to serve readers (RFC 3977 §5.3). */
export const nntp: UntilTls = async (dialogue) => {
  const greeting = await readReply(dialogue);
  dialogue.greeted();
  if (greeting.code !== '200' && greeting.code !== '201')
    dialogue.refuse('turned-away', 'The news server refuses the connection', wordsOf(greeting));
  let answer = await ask(dialogue, 'STARTTLS');
  if (answer.code === '401') {
    const mode = await ask(dialogue, 'MODE READER');
    if (mode.code !== '200' && mode.code !== '201')
      dialogue.refuse('turned-away', 'The news server takes no readers', wordsOf(mode));
    answer = await ask(dialogue, 'STARTTLS');
  }
  if (answer.code !== '382')
    dialogue.refuse(
      causes[answer.code] ?? 'not-offered',
      'The news server refuses STARTTLS',
      wordsOf(answer),
    );
};

/** RFC 4642 §2.2.1 and RFC 3977 §3.2.1: 580 and 403 cannot start TLS; 400 closes, and 480 wants a password first. 500 and 502 do not have it. */
const causes: Readonly<Record<string, Refusal>> = {
  400: 'turned-away',
  403: 'cannot-start',
  480: 'turned-away',
  580: 'cannot-start',
};

function ask(dialogue: Dialogue, command: string): Promise<Reply> {
  dialogue.write(`${command}\r\n`);
  return readReply(dialogue);
}
