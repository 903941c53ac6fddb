import type { Dialogue, UntilTls } from './dialogue.ts';

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
  if (answer.startsWith('+OK')) return;
  // RFC 3206: both codes are of a fault of the server's, in a command that it knows.
  const cause = /^-ERR \[SYS\/(?:TEMP|PERM)\]/i.test(answer) ? 'cannot-start' : 'not-offered';
  dialogue.refuse(cause, 'The POP3 server refuses STLS', answer);
};

/** ManageSieve (RFC 5804 §2.2): capabilities end with a line that begins with OK. */
export const sieve: UntilTls = async (dialogue) => {
  let offers = false;
  for (;;) {
    const line = await sieveLine(dialogue);
    if (/^"STARTTLS"/i.test(line)) offers = true;
    if (/^OK\b/i.test(line)) break;
    if (/^(NO|BYE)\b/i.test(line))
      dialogue.refuse('turned-away', 'The ManageSieve server refuses the connection', line);
    if (!line.startsWith('"')) dialogue.refuse('not-spoken', 'The server does not speak ManageSieve', line);
  }
  dialogue.greeted();
  if (!offers) dialogue.refuse('not-offered', 'The ManageSieve server does not offer STARTTLS');
  dialogue.write('STARTTLS\r\n');
  const answer = await sieveLine(dialogue);
  if (/^OK\b/i.test(answer)) return;
  const cause = /^BYE\b/i.test(answer) ? 'turned-away' : 'cannot-start';
  dialogue.refuse(cause, 'The ManageSieve server refuses STARTTLS', answer);
};

/** Reads a line with its literals (RFC 5804 §4: a length in braces, a line break, so many bytes) as quoted strings. */
async function sieveLine(dialogue: Dialogue): Promise<string> {
  let text = '';
  for (;;) {
    // Only in what came last: a server may send thousands of literals.
    const line = await dialogue.line();
    const literal = /\{(\d{1,5})\+?\}$/.exec(line);
    if (!literal) return text + line;
    const words = (await dialogue.bytes(Number(literal[1]))).toString('latin1');
    text += `${line.slice(0, literal.index)}"${words}"`;
  }
}
