import { readReply, type UntilTls, wordsOf } from './dialogue.ts';

/** Replies by which a server says that it knows no such command or mechanism (RFC 959 §4.2, RFC 2228 §5.2). */
const isUnknown = (code: string) => /^(50[0-4]|530|533|534)$/.test(code);

/** FTP: RFC 4217 §4. Servers from before it know `AUTH SSL` alone, which means TLS from the next byte as well. */
export const ftp: UntilTls = async (dialogue) => {
  let greeting = await readReply(dialogue);
  while (greeting.code === '120') greeting = await readReply(dialogue);
  dialogue.greeted();
  // 230 needs no login (RFC 959 §5.4); curl goes on to AUTH as after 220.
  if (greeting.code !== '220' && greeting.code !== '230')
    dialogue.refuse('turned-away', 'The FTP server refuses the connection', wordsOf(greeting));
  dialogue.write('AUTH TLS\r\n');
  const answer = await readReply(dialogue);
  if (isAgreed(answer.code)) return;
  if (isUnknown(answer.code)) {
    dialogue.write('AUTH SSL\r\n');
    const second = await readReply(dialogue).catch(() => null);
    if (second && isAgreed(second.code)) return;
    // A server that closes has said why in its first answer, as vsftpd does by “500 OOPS”.
    dialogue.refuse(
      second ? 'not-offered' : 'turned-away',
      'The FTP server refuses AUTH TLS and AUTH SSL',
      wordsOf(answer),
    );
  }
  // RFC 2228 §5.2: 431 lacks a resource for security.
  const cause = answer.code === '431' ? 'cannot-start' : 'turned-away';
  dialogue.refuse(cause, 'The FTP server refuses AUTH TLS', wordsOf(answer));
};

const isAgreed = (code: string) => code === '234' || code === '334';
