import type { Refusal } from '../refusal.ts';
import { type Dialogue, type Parties, type Reply, readReply, type UntilTls, wordsOf } from './dialogue.ts';

/** SMTP: RFC 3207. */
export const smtp: UntilTls = (dialogue, parties) => mail(dialogue, 'EHLO', parties);

/** LMTP (RFC 2033 §4.1), which differs in the greeting. */
export const lmtp: UntilTls = (dialogue, parties) => mail(dialogue, 'LHLO', parties);

async function mail(dialogue: Dialogue, hello: 'EHLO' | 'LHLO', { client }: Parties): Promise<undefined> {
  const greeting = await readReply(dialogue);
  dialogue.greeted();
  if (greeting.code !== '220')
    dialogue.refuse('turned-away', 'The mail server refuses the connection', wordsOf(greeting));
  dialogue.write(`${hello} ${client}\r\n`);
  const features = await readReply(dialogue);
  if (features.code !== '250')
    dialogue.refuse(whyNoHello(features), `The mail server refuses ${hello} ${client}`, wordsOf(features));
  if (!features.lines.some((line) => /^250[- ]STARTTLS\s*$/i.test(line)))
    dialogue.refuse('not-offered', 'The mail server does not offer STARTTLS');
  dialogue.write('STARTTLS\r\n');
  const answer = await readReply(dialogue);
  if (answer.code !== '220')
    dialogue.refuse(whyNoTls(answer), 'The mail server refuses STARTTLS', wordsOf(answer));
}

/** Words about the client's address or about lists it is on, whatever name it gives (Postfix's reject_unknown_client_hostname and others). */
const isAboutAddress =
  /client host|your (?:\w+ )?host ?name|\b(?:your|client|this) ip\b|ip address|reverse|\bPTR\b|listed|\b[rd]nsbl?\b/i;

/**
 * RFC 5321 §4.2.2 and §4.1.4: 500 and 502 know no such command, as no server of the protocol does, and may quote it; 421 closes; the
 * name is refused by 501, 504, 550 and others.
 */
function whyNoHello(reply: Reply): Refusal {
  const words = wordsOf(reply);
  if (/^50[02]$/.test(reply.code) && !/\b(?:name|argument|host ?name|fully.qualified)\b/i.test(words))
    return 'not-spoken';
  if (isAboutAddress.test(words)) return 'turned-away';
  if (/helo|ehlo|lhlo|host ?name|fully.qualified/i.test(words)) return 'client-name';
  return /^(501|504|550|553)$/.test(reply.code) ? 'client-name' : 'turned-away';
}

/** RFC 3207 §4: 454 cannot start TLS for the moment. */
function whyNoTls({ code }: Reply): Refusal {
  if (code === '454') return 'cannot-start';
  return /^50[0-4]$/.test(code) ? 'not-offered' : 'turned-away';
}
