import type { Socket } from 'node:net';
import type { StarttlsProtocol } from '../../../shared/target.ts';
import { DialogueReader } from './dialogue-reader.ts';
import { printable } from './printable.ts';
import { UnreachableError } from './unreachable.ts';

/** One protocol's words up to the moment at which TLS may start. `name` is the host as it would be asked for. */
type Dialogue = (talk: DialogueReader, name: string) => Promise<void>;

/** Who we say we are where a protocol asks: no real name leaves this machine. */
const clientName = 'notafter.invalid';

const dialogues: Record<StarttlsProtocol, Dialogue> = {
  smtp: (talk) => mail(talk, 'EHLO'),
  lmtp: (talk) => mail(talk, 'LHLO'),
  imap,
  pop3,
  ftp,
  ldap,
  xmpp: (talk, name) => xmpp(talk, name, 'jabber:client'),
  'xmpp-server': (talk, name) => xmpp(talk, name, 'jabber:server'),
  postgres,
  mysql,
  nntp,
  sieve,
  irc,
};

/**
 * Has a plain dialogue until TLS may start on the socket.
 * @param name the name of the service, for protocols that ask for it (XMPP's `to`)
 * @throws UnreachableError `starttls-refused` where the server will not, `reset` where it hangs up
 */
export async function startTls(socket: Socket, protocol: StarttlsProtocol, name: string): Promise<void> {
  using talk = new DialogueReader(socket);
  await dialogues[protocol](talk, name);
  if (talk.hasUnread) {
    throw refused('The server goes on in plain text after it agreed to start TLS');
  }
}

function refused(sentence: string, answer?: string): UnreachableError {
  const said = answer === undefined ? '' : `: “${printable(answer.trim(), 200)}”`;
  return new UnreachableError('starttls-refused', `${sentence}${said}.`);
}

/** A reply of one or more lines, all but the last with `-` after the code (RFC 5321 §4.2.1, RFC 959 §4.2). */
async function reply(talk: DialogueReader): Promise<{ code: string; text: string }> {
  const lines: string[] = [];
  for (;;) {
    const line = await talk.line();
    lines.push(line);
    const code = /^\d{3}/.exec(lines[0] ?? '')?.[0];
    if (code === undefined) throw refused('The server does not speak the protocol that was expected', line);
    if (line === code || line.startsWith(`${code} `)) return { code, text: lines.join('\n') };
  }
}

async function expectReply(
  talk: DialogueReader,
  codes: readonly string[],
  sentence: string,
): Promise<string> {
  const { code, text } = await reply(talk);
  if (!codes.includes(code)) throw refused(sentence, text);
  return text;
}

/** SMTP (RFC 3207) and LMTP (RFC 2033 §4.1), which differ in the greeting. */
async function mail(talk: DialogueReader, greeting: 'EHLO' | 'LHLO'): Promise<void> {
  await expectReply(talk, ['220'], 'The mail server refuses the connection');
  talk.write(`${greeting} ${clientName}\r\n`);
  const features = await expectReply(talk, ['250'], `The mail server refuses ${greeting}`);
  if (!/^250[- ]STARTTLS\s*$/im.test(features)) throw refused('The mail server does not offer STARTTLS');
  talk.write('STARTTLS\r\n');
  await expectReply(talk, ['220'], 'The mail server refuses STARTTLS');
}

/** RFC 9051 §6.2.1. */
async function imap(talk: DialogueReader): Promise<void> {
  const greeting = await talk.line();
  if (!/^\* (OK|PREAUTH)\b/i.test(greeting))
    throw refused('The IMAP server refuses the connection', greeting);
  talk.write('a1 STARTTLS\r\n');
  for (;;) {
    const line = await talk.line();
    if (/^a1 OK\b/i.test(line)) return;
    if (!line.startsWith('* ')) throw refused('The IMAP server refuses STARTTLS', line);
  }
}

/** RFC 2595 §4. */
async function pop3(talk: DialogueReader): Promise<void> {
  const greeting = await talk.line();
  if (!greeting.startsWith('+OK')) throw refused('The POP3 server refuses the connection', greeting);
  talk.write('STLS\r\n');
  const answer = await talk.line();
  if (!answer.startsWith('+OK')) throw refused('The POP3 server refuses STLS', answer);
}

/** RFC 4217 §4. */
async function ftp(talk: DialogueReader): Promise<void> {
  let greeting = await reply(talk);
  while (greeting.code === '120') greeting = await reply(talk);
  if (greeting.code !== '220') throw refused('The FTP server refuses the connection', greeting.text);
  talk.write('AUTH TLS\r\n');
  await expectReply(talk, ['234', '334'], 'The FTP server refuses AUTH TLS');
}

/** ExtendedRequest with StartTLS's object identifier (RFC 4511 §4.14.1), message id 1, in BER. */
const ldapStartTls = Buffer.from('301d02010177188016312e332e362e312e342e312e313436362e3230303337', 'hex');

async function ldap(talk: DialogueReader): Promise<void> {
  talk.write(ldapStartTls);
  const head = await talk.bytes(2);
  if (head[0] !== 0x30) throw refused('The server does not speak LDAP', head.toString('latin1'));
  const message = await talk.bytes(await berLength(talk, head[1] ?? 0));
  const response = readLdapResult(message);
  if (response === null) throw refused('The LDAP server answers what is no extended response');
  if (response.code !== 0) {
    throw refused(
      `The LDAP server refuses StartTLS (result ${response.code})`,
      response.diagnostic || undefined,
    );
  }
}

async function berLength(talk: DialogueReader, first: number): Promise<number> {
  if (first < 0x80) return first;
  const count = first & 0x7f;
  if (count === 0 || count > 2) throw refused('The LDAP server answers at a length that makes no sense');
  return (await talk.bytes(count)).readUIntBE(0, count);
}

/** The result code and diagnostic message of `messageID, [APPLICATION 24] { ENUMERATED, matchedDN, diagnostic … }`. */
function readLdapResult(message: Buffer): { code: number; diagnostic: string } | null {
  let at = 0;
  const next = (): { tag: number; value: Buffer } | null => {
    const tag = message[at];
    let length = message[at + 1];
    if (tag === undefined || length === undefined) return null;
    at += 2;
    if (length >= 0x80) {
      const count = length & 0x7f;
      if (count === 0 || count > 2 || at + count > message.length) return null;
      length = message.readUIntBE(at, count);
      at += count;
    }
    if (at + length > message.length) return null;
    const value = message.subarray(at, at + length);
    at += tag === 0x78 ? 0 : length; // Step into the response, over everything else.
    return { tag, value };
  };
  const [id, response, code, , diagnostic] = [next(), next(), next(), next(), next()];
  if (id?.tag !== 0x02 || response?.tag !== 0x78 || code?.tag !== 0x0a || code.value.length !== 1)
    return null;
  return { code: code.value[0] ?? -1, diagnostic: diagnostic?.value.toString('utf8') ?? '' };
}

/** RFC 6120 §5.4. The stream's `to` is the domain of the service. */
async function xmpp(talk: DialogueReader, name: string, namespace: string): Promise<void> {
  const to = name.replace(/[<>&'"]/g, '');
  talk.write(
    `<?xml version='1.0'?><stream:stream to='${to}' xmlns='${namespace}' xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>`,
  );
  const features = await talk.through(
    /<\/stream:features>|<stream:features\s*\/>|<\/stream:stream>|<stream:error>/,
  );
  if (!/<starttls\b[^>]*urn:ietf:params:xml:ns:xmpp-tls/.test(features)) {
    throw refused(
      'The XMPP server does not offer STARTTLS',
      /<stream:error>/.test(features) ? features.slice(-200) : undefined,
    );
  }
  talk.write("<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>");
  const answer = await talk.through(/<(proceed|failure)\b[^>]*>/);
  if (!/<proceed\b/.test(answer)) throw refused('The XMPP server refuses STARTTLS', answer);
}

/** SSLRequest (PostgreSQL's protocol, "Message Formats"): length 8, code 80877103. One byte answers. */
async function postgres(talk: DialogueReader): Promise<void> {
  talk.write(Buffer.from([0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f]));
  const answer = (await talk.bytes(1)).toString('latin1');
  if (answer === 'N') throw refused('The PostgreSQL server has TLS turned off');
  if (answer !== 'S') throw refused('The server does not speak PostgreSQL’s protocol', answer);
}

const mysqlClientSsl = 0x0800;

/** Initial handshake packet and SSLRequest (MySQL's client/server protocol, "Connection Phase"). */
async function mysql(talk: DialogueReader): Promise<void> {
  const header = await talk.bytes(4);
  const greeting = await talk.bytes(header.readUIntLE(0, 3));
  if (greeting[0] === 0xff)
    throw refused('The MySQL server refuses the connection', greeting.toString('latin1', 3));
  const afterVersion = greeting.indexOf(0, 1) + 1;
  const flagsAt = afterVersion + 4 + 8 + 1; // thread id, first part of the scramble, a filler
  if (greeting[0] !== 10 || afterVersion === 0 || greeting.length < flagsAt + 2) {
    throw refused('The server does not speak MySQL’s protocol', greeting.toString('latin1'));
  }
  if ((greeting.readUInt16LE(flagsAt) & mysqlClientSsl) === 0)
    throw refused('The MySQL server does not offer TLS');
  const request = Buffer.alloc(4 + 32);
  request.writeUIntLE(32, 0, 3);
  request.writeUInt8((header.readUInt8(3) + 1) & 0xff, 3);
  request.writeUInt32LE(0x0000_8a00 | mysqlClientSsl, 4); // protocol 4.1, secure connection, SSL
  request.writeUInt32LE(0x0100_0000, 8); // largest packet
  request.writeUInt8(45, 12); // utf8mb4
  talk.write(request);
}

/** RFC 4642 §2.2. */
async function nntp(talk: DialogueReader): Promise<void> {
  await expectReply(talk, ['200', '201'], 'The news server refuses the connection');
  talk.write('STARTTLS\r\n');
  await expectReply(talk, ['382'], 'The news server refuses STARTTLS');
}

/** RFC 5804 §2.2: capabilities end with a line that begins with OK. */
async function sieve(talk: DialogueReader): Promise<void> {
  let offers = false;
  for (;;) {
    const line = await talk.line();
    if (/^"STARTTLS"/i.test(line)) offers = true;
    if (/^OK\b/i.test(line)) break;
    if (/^(NO|BYE)\b/i.test(line)) throw refused('The ManageSieve server refuses the connection', line);
  }
  if (!offers) throw refused('The ManageSieve server does not offer STARTTLS');
  talk.write('STARTTLS\r\n');
  const answer = await talk.line();
  if (!/^OK\b/i.test(answer)) throw refused('The ManageSieve server refuses STARTTLS', answer);
}

/** IRCv3's tls extension: numeric 670 agrees, 691 refuses. Notices may come before it. */
async function irc(talk: DialogueReader): Promise<void> {
  talk.write('STARTTLS\r\n');
  for (;;) {
    const line = await talk.line();
    const command = /^(?::\S+ )?(\S+)/.exec(line)?.[1]?.toUpperCase();
    if (command === '670') return;
    if (command === '691' || command === '421' || command === '451' || command === 'ERROR') {
      throw refused('The IRC server refuses STARTTLS', line);
    }
  }
}
