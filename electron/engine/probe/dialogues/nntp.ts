import { readReply, type UntilTls, wordsOf } from './dialogue.ts';

/** NNTP: RFC 4642 §2.2. 580 cannot start TLS; 500 and 502 do not have it. */
export const nntp: UntilTls = async (dialogue) => {
  const greeting = await readReply(dialogue);
  dialogue.greeted();
  if (greeting.code !== '200' && greeting.code !== '201')
    dialogue.refuse('turned-away', 'The news server refuses the connection', wordsOf(greeting));
  dialogue.write('STARTTLS\r\n');
  const answer = await readReply(dialogue);
  if (answer.code === '382') return;
  const cause = answer.code === '580' ? 'cannot-start' : 'not-offered';
  dialogue.refuse(cause, 'The news server refuses STARTTLS', wordsOf(answer));
};
