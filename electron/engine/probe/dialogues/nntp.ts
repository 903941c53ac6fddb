import { type Dialogue, readReply, wordsOf } from './dialogue.ts';

/** NNTP: RFC 4642 §2.2. 580 cannot start TLS; 500 and 502 do not have it. */
export const nntp: Dialogue = async (talk) => {
  const greeting = await readReply(talk);
  talk.greeted();
  if (greeting.code !== '200' && greeting.code !== '201')
    talk.refuse('turned-away', 'The news server refuses the connection', wordsOf(greeting));
  talk.write('STARTTLS\r\n');
  const answer = await readReply(talk);
  if (answer.code === '382') return;
  const cause = answer.code === '580' ? 'cannot-start' : 'not-offered';
  talk.refuse(cause, 'The news server refuses STARTTLS', wordsOf(answer));
};
