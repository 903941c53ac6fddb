import { type Dialogue, expectReply, latin1, reply, type Talk } from './dialogue.ts';

/** All there is to know of a protocol in which a plain connection is upgraded to TLS. */
interface Protocol {
  /** What people call it. */
  title: string;
  /** Ports on which it is usual (IANA's port registry). */
  ports: readonly number[];
  /** URL schemes that mean it, with the port that each has unless given. */
  schemes: Readonly<Record<string, number>>;
  /** What a server says unasked by which it is known; left out where it waits to be spoken to. */
  greeting?: RegExp;
  dialogue: Dialogue;
}

/** Who we say we are where a protocol asks: no real name leaves this machine. */
const clientName = 'notafter.invalid';

/** In the order in which a form offers them. What is added here is known everywhere: see CONTRIBUTING.md. */
export const protocols = {
  smtp: {
    title: 'SMTP',
    ports: [25, 587],
    schemes: { smtp: 25, submission: 587 },
    // LMTP and FTP greet by the same number.
    greeting: /^220[ -](?!.*(LMTP|\b(FTP|FileZilla|vsFTPd)\b))/i,
    dialogue: (talk) => mail(talk, 'EHLO'),
  },
  lmtp: {
    title: 'LMTP',
    ports: [24, 2003],
    schemes: { lmtp: 24 },
    greeting: /^220[ -].*LMTP/i,
    dialogue: (talk) => mail(talk, 'LHLO'),
  },

  /** RFC 9051 §6.2.1. */
  imap: {
    title: 'IMAP',
    ports: [143],
    schemes: { imap: 143 },
    greeting: /^\* (OK|PREAUTH)/i,
    async dialogue(talk) {
      const greeting = await talk.line();
      if (!/^\* (OK|PREAUTH)\b/i.test(greeting))
        talk.refuse('The IMAP server refuses the connection', greeting);
      talk.write('a1 STARTTLS\r\n');
      for (;;) {
        const line = await talk.line();
        if (/^a1 OK\b/i.test(line)) return;
        if (!line.startsWith('* ')) talk.refuse('The IMAP server refuses STARTTLS', line);
      }
    },
  },

  /** RFC 2595 §4. */
  pop3: {
    title: 'POP3',
    ports: [110],
    schemes: { pop3: 110 },
    greeting: /^\+OK/,
    async dialogue(talk) {
      const greeting = await talk.line();
      if (!greeting.startsWith('+OK')) talk.refuse('The POP3 server refuses the connection', greeting);
      talk.write('STLS\r\n');
      const answer = await talk.line();
      if (!answer.startsWith('+OK')) talk.refuse('The POP3 server refuses STLS', answer);
    },
  },

  /** RFC 4217 §4. */
  ftp: {
    title: 'FTP',
    ports: [21],
    schemes: { ftp: 21 },
    greeting: /^220[ -].*\b(FTP|FileZilla|vsFTPd)\b/i,
    async dialogue(talk) {
      let greeting = await reply(talk);
      while (greeting.code === '120') greeting = await reply(talk);
      if (greeting.code !== '220') talk.refuse('The FTP server refuses the connection', greeting.text);
      talk.write('AUTH TLS\r\n');
      await expectReply(talk, ['234', '334'], 'The FTP server refuses AUTH TLS');
    },
  },

  /** RFC 4511 §4.14. */
  ldap: {
    title: 'LDAP',
    ports: [389],
    schemes: { ldap: 389 },
    async dialogue(talk) {
      talk.write(ldapStartTls());
      const [tag = 0, first = 0] = await talk.bytes(2);
      if (tag !== 0x30) talk.refuse('The server does not speak LDAP', latin1(Uint8Array.of(tag, first)));
      const response = readLdapResult(await talk.bytes(await berLength(talk, first)));
      if (response === null) return talk.refuse('The LDAP server answers what is no extended response');
      if (response.code !== 0) {
        const sentence = `The LDAP server refuses StartTLS (result ${response.code})`;
        talk.refuse(sentence, response.diagnostic || undefined);
      }
    },
  },
  xmpp: {
    title: 'XMPP',
    ports: [5222],
    schemes: { xmpp: 5222 },
    dialogue: (talk, name) => xmpp(talk, name, 'jabber:client'),
  },
  'xmpp-server': {
    title: 'XMPP between servers',
    ports: [5269],
    schemes: { 'xmpp-server': 5269 },
    dialogue: (talk, name) => xmpp(talk, name, 'jabber:server'),
  },

  /** SSLRequest (PostgreSQL's protocol, "Message Formats"): length 8, code 80877103. One byte answers. */
  postgres: {
    title: 'PostgreSQL',
    ports: [5432],
    schemes: { postgres: 5432, postgresql: 5432 },
    async dialogue(talk) {
      talk.write(Uint8Array.of(0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f));
      const answer = latin1(await talk.bytes(1));
      if (answer === 'N') talk.refuse('The PostgreSQL server has TLS turned off');
      if (answer !== 'S') talk.refuse('The server does not speak PostgreSQL’s protocol', answer);
    },
  },

  /** Initial handshake packet and SSLRequest (MySQL's client/server protocol, "Connection Phase"). */
  mysql: {
    title: 'MySQL',
    ports: [3306],
    schemes: { mysql: 3306, mariadb: 3306 },
    greeting: /^.{4}\x0a[\d.][^\0]*\0/s,
    async dialogue(talk) {
      const [low = 0, middle = 0, high = 0, sequence = 0] = await talk.bytes(4);
      const greeting = await talk.bytes(low | (middle << 8) | (high << 16));
      if (greeting[0] === 0xff)
        talk.refuse('The MySQL server refuses the connection', latin1(greeting.subarray(3, 203)));
      const afterVersion = greeting.indexOf(0, 1) + 1;
      const flagsAt = afterVersion + 4 + 8 + 1; // thread id, first part of the scramble, a filler
      if (greeting[0] !== 10 || afterVersion === 0 || greeting.length < flagsAt + 2)
        talk.refuse('The server does not speak MySQL’s protocol', latin1(greeting.subarray(0, 200)));
      const flags = (greeting[flagsAt] ?? 0) | ((greeting[flagsAt + 1] ?? 0) << 8);
      if ((flags & mysqlClientSsl) === 0) talk.refuse('The MySQL server does not offer TLS');
      const request = new DataView(new ArrayBuffer(4 + 32));
      request.setUint32(0, 32 | (((sequence + 1) & 0xff) << 24), true); // length in three bytes, sequence
      request.setUint32(4, 0x0000_8a00 | mysqlClientSsl, true); // protocol 4.1, secure connection, SSL
      request.setUint32(8, 0x0100_0000, true); // largest packet
      request.setUint8(12, 45); // utf8mb4
      talk.write(new Uint8Array(request.buffer));
    },
  },

  /** RFC 4642 §2.2. */
  nntp: {
    title: 'NNTP',
    ports: [119],
    schemes: { nntp: 119 },
    greeting: /^20[01] /,
    async dialogue(talk) {
      await expectReply(talk, ['200', '201'], 'The news server refuses the connection');
      talk.write('STARTTLS\r\n');
      await expectReply(talk, ['382'], 'The news server refuses STARTTLS');
    },
  },

  /** RFC 5804 §2.2: capabilities end with a line that begins with OK. */
  sieve: {
    title: 'ManageSieve',
    ports: [4190],
    schemes: { sieve: 4190 },
    greeting: /^"IMPLEMENTATION"/i,
    async dialogue(talk) {
      let offers = false;
      for (;;) {
        const line = await talk.line();
        if (/^"STARTTLS"/i.test(line)) offers = true;
        if (/^OK\b/i.test(line)) break;
        if (/^(NO|BYE)\b/i.test(line)) talk.refuse('The ManageSieve server refuses the connection', line);
      }
      if (!offers) talk.refuse('The ManageSieve server does not offer STARTTLS');
      talk.write('STARTTLS\r\n');
      const answer = await talk.line();
      if (!/^OK\b/i.test(answer)) talk.refuse('The ManageSieve server refuses STARTTLS', answer);
    },
  },

  /** IRCv3's tls extension: numeric 670 agrees, 691 refuses. Notices may come before it. */
  irc: {
    title: 'IRC',
    ports: [6667],
    schemes: { irc: 6667 },
    async dialogue(talk) {
      talk.write('STARTTLS\r\n');
      for (;;) {
        const line = await talk.line();
        const command = /^(?::\S+ )?(\S+)/.exec(line)?.[1]?.toUpperCase();
        if (command === '670') return;
        if (command === '691' || command === '421' || command === '451' || command === 'ERROR') {
          talk.refuse('The IRC server refuses STARTTLS', line);
        }
      }
    },
  },

  /** Connection request and confirm, in TPKT and X.224 ([MS-RDPBCGR] §2.2.1.1, §2.2.1.2). */
  rdp: {
    title: 'Remote Desktop',
    ports: [3389],
    schemes: { rdp: 3389 },
    async dialogue(talk) {
      // TPKT of 19 bytes, X.224 connection request, and an RDP_NEG_REQ for TLS or CredSSP, which begins with TLS too.
      talk.write(Uint8Array.of(3, 0, 0, 19, 14, 0xe0, 0, 0, 0, 0, 0, 0x01, 0, 8, 0, 0x03, 0, 0, 0));
      const head = await talk.bytes(4);
      const length = bigEndian(head.subarray(2));
      if (head[0] !== 3 || length < 11 || length > 64)
        talk.refuse('The server does not speak Remote Desktop’s protocol', latin1(head));
      const confirm = await talk.bytes(length - 4);
      if (confirm[1] !== 0xd0) talk.refuse('The Remote Desktop server refuses the connection');
      const [kind, , , , choice = 0] = confirm.subarray(7);
      if (kind === 0x03) talk.refuse(`The Remote Desktop server refuses TLS (failure code ${choice})`);
      if (kind !== 0x02 || choice === 0) talk.refuse('The Remote Desktop server does not offer TLS');
    },
  },
} as const satisfies Record<string, Protocol>;

export type StarttlsProtocol = keyof typeof protocols;

/** Every protocol by its name. The cast is true because Object.entries forgets what the keys are. */
export const protocolEntries = Object.entries<Protocol>(protocols) as [StarttlsProtocol, Protocol][];

/** SMTP (RFC 3207) and LMTP (RFC 2033 §4.1), which differ in the greeting. */
async function mail(talk: Talk, greeting: 'EHLO' | 'LHLO'): Promise<void> {
  await expectReply(talk, ['220'], 'The mail server refuses the connection');
  talk.write(`${greeting} ${clientName}\r\n`);
  const features = await expectReply(talk, ['250'], `The mail server refuses ${greeting}`);
  if (!/^250[- ]STARTTLS\s*$/im.test(features)) talk.refuse('The mail server does not offer STARTTLS');
  talk.write('STARTTLS\r\n');
  await expectReply(talk, ['220'], 'The mail server refuses STARTTLS');
}

/** RFC 6120 §5.4. The stream's `to` is the domain of the service. */
async function xmpp(talk: Talk, name: string, namespace: string): Promise<void> {
  const to = name.replace(/[<>&'"]/g, '');
  talk.write(
    `<?xml version='1.0'?><stream:stream to='${to}' xmlns='${namespace}' xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>`,
  );
  const features = await talk.through(
    /<\/stream:features>|<stream:features\s{0,20}\/>|<\/stream:stream>|<stream:error>/,
  );
  if (!features.includes('<starttls') || !features.includes('urn:ietf:params:xml:ns:xmpp-tls')) {
    const isError = /<stream:error>/.test(features);
    talk.refuse('The XMPP server does not offer STARTTLS', isError ? features.slice(-200) : undefined);
  }
  talk.write("<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>");
  const answer = await talk.through(/<(proceed|failure)\b[^<>]*>/);
  if (!/<proceed\b/.test(answer)) talk.refuse('The XMPP server refuses STARTTLS', answer);
}

const mysqlClientSsl = 0x0800;

/** ExtendedRequest with StartTLS's object identifier (RFC 4511 §4.14.1), message id 1, in BER. */
function ldapStartTls(): Uint8Array {
  const identifier = new TextEncoder().encode('1.3.6.1.4.1.1466.20037');
  const head = [
    0x30,
    7 + identifier.length,
    0x02,
    1,
    1,
    0x77,
    2 + identifier.length,
    0x80,
    identifier.length,
  ];
  return Uint8Array.of(...head, ...identifier);
}

/** A number of up to two bytes, the greatest first. */
const bigEndian = (bytes: Uint8Array) => bytes.reduce((sum, byte) => sum * 256 + byte, 0);

async function berLength(talk: Talk, first: number): Promise<number> {
  if (first < 0x80) return first;
  const count = first & 0x7f;
  if (count === 0 || count > 2) talk.refuse('The LDAP server answers at a length that makes no sense');
  return bigEndian(await talk.bytes(count));
}

/** The result code and diagnostic message of `messageID, [APPLICATION 24] { ENUMERATED, matchedDN, diagnostic … }`. */
function readLdapResult(message: Uint8Array): { code: number; diagnostic: string } | null {
  let at = 0;
  const next = (): { tag: number; value: Uint8Array } | null => {
    const tag = message[at];
    let length = message[at + 1];
    if (tag === undefined || length === undefined) return null;
    at += 2;
    if (length >= 0x80) {
      const count = length & 0x7f;
      if (count === 0 || count > 2 || at + count > message.length) return null;
      length = bigEndian(message.subarray(at, at + count));
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
  return { code: code.value[0] ?? -1, diagnostic: new TextDecoder().decode(diagnostic?.value) };
}
