import type { UntilTls } from './dialogue.ts';

/** IMAP: RFC 9051 §6.2.1. */
export const imap: UntilTls = async (dialogue) => {
  const greeting = await dialogue.line();
  dialogue.greeted();
  if (/^\* BYE\b/i.test(greeting))
    dialogue.refuse('turned-away', 'The IMAP server refuses the connection', greeting.slice(2));
  if (!/^\* (OK|PREAUTH)\b/i.test(greeting))
    dialogue.refuse('not-spoken', 'The server does not speak IMAP', greeting);
  dialogue.write('a1 STARTTLS\r\n');
  for (;;) {
    const line = await dialogue.line();
    if (/^a1 OK\b/i.test(line)) return;
    if (/^\* BYE\b/i.test(line))
      dialogue.refuse('turned-away', 'The IMAP server ends the connection', line.slice(2));
    if (line.startsWith('* ')) continue;
    // RFC 9051 §7.1.2 and §7.1.3: NO knows the command, BAD does not.
    const cause = /^a1 NO\b/i.test(line) ? 'cannot-start' : 'not-offered';
    dialogue.refuse(cause, 'The IMAP server refuses STARTTLS', line.replace(/^a1 /i, ''));
  }
};

/** POP3: RFC 2595 §4. */
export const pop3: UntilTls = async (dialogue) => {
  const greeting = await dialogue.line();
  dialogue.greeted();
  if (greeting.startsWith('-ERR'))
    dialogue.refuse('turned-away', 'The POP3 server refuses the connection', greeting);
  if (!greeting.startsWith('+OK')) dialogue.refuse('not-spoken', 'The server does not speak POP3', greeting);
  dialogue.write('STLS\r\n');
  const answer = await dialogue.line();
  if (!answer.startsWith('+OK')) dialogue.refuse('not-offered', 'The POP3 server refuses STLS', answer);
  return undefined;
};

/** ManageSieve (RFC 5804 §2.2): capabilities end with a line that begins with OK. */
export const sieve: UntilTls = async (dialogue) => {
  let offers = false;
  for (;;) {
    const line = await dialogue.line();
    if (/^"STARTTLS"/i.test(line)) offers = true;
    if (/^OK\b/i.test(line)) break;
    if (/^(NO|BYE)\b/i.test(line))
      dialogue.refuse('turned-away', 'The ManageSieve server refuses the connection', line);
  }
  dialogue.greeted();
  if (!offers) dialogue.refuse('not-offered', 'The ManageSieve server does not offer STARTTLS');
  dialogue.write('STARTTLS\r\n');
  const answer = await dialogue.line();
  if (!/^OK\b/i.test(answer))
    dialogue.refuse('cannot-start', 'The ManageSieve server refuses STARTTLS', answer);
  return undefined;
};
