import { describe, expect, it } from 'vitest';
import { Prober } from '../../../electron/engine/probe/prober.ts';
import type { CheckResult } from '../../../shared/schema/check-result.ts';
import { connectionSchema } from '../../../shared/schema/connection.ts';
import { type StarttlsProtocol, starttlsProtocols } from '../../../shared/schema/target.ts';
import { defaultThresholds } from '../../../shared/schema/thresholds.ts';
import { makeCa } from '../../support/pki.ts';
import { type Step, serveScript } from '../../support/scripted-server.ts';

const leaf = makeCa().issue({ sans: ['localhost'] });
const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex');

/** MySQL's first packet, with or without the flag that offers TLS (0x0800). */
function mysqlGreeting(offersTls: boolean, version = '10.11.6-MariaDB'): Buffer {
  const flags = Buffer.alloc(2);
  flags.writeUInt16LE(0xfffe & (offersTls ? 0xffff : ~0x0800));
  const body = Buffer.concat([
    Buffer.from([10]),
    Buffer.from(`${version}\0`),
    Buffer.alloc(4, 1),
    Buffer.alloc(8, 65),
    Buffer.alloc(1),
    flags,
    Buffer.alloc(40),
  ]);
  const header = Buffer.alloc(4);
  header.writeUIntLE(body.length, 0, 3);
  return Buffer.concat([header, body]);
}

/** An element whose length takes so many octets (X.690 §8.1.3.5). */
function ber(tag: number, octets: number, ...content: Buffer[]): Buffer {
  const body = Buffer.concat(content);
  const length = Buffer.alloc(octets);
  if (octets === 1) length.writeUInt8(body.length);
  else length.writeUInt16BE(body.length, octets - 2);
  return Buffer.concat([Buffer.from([tag, 0x80 | octets]), length, body]);
}

const ldapRequest = hex(
  '30 1d 02 01 01 77 18 80 16 31 2e 33 2e 36 2e 31 2e 34 2e 31 2e 31 34 36 36 2e 32 30 30 33 37',
);
const mysqlRequest = hex(`20 00 00 01 00 8a 00 00 00 00 00 01 2d ${'00'.repeat(23)}`);
/** ErrorResponse with severity, SQLSTATE and message (PostgreSQL's protocol, “Message Formats”). */
const postgresError = (() => {
  const fields = Buffer.from('SFATAL\0VFATAL\0C53300\0Msorry, too many clients already\0\0');
  const head = Buffer.from('E\0\0\0\0');
  head.writeUInt32BE(fields.length + 4, 1);
  return Buffer.concat([head, fields]);
})();
const postgresRequest = hex('00 00 00 08 04 d2 16 2f');
const rdpRequest = hex('03 00 00 13 0e e0 00 00 00 00 00 01 00 08 00 03 00 00 00');
const xmppHeader =
  "<?xml version='1.0'?><stream:stream id='1' from='localhost' xmlns:stream='http://etherx.jabber.org/streams' version='1.0' xmlns='jabber:client'>";
const xmppTls = "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'><required/></starttls>";

/** TDS 7.x: VERSION and ENCRYPTION, on. */
const tdsRequest = hex('12 01 00 1a 00 00 01 00 00 00 0b 00 06 01 00 11 00 01 ff 00 00 00 00 00 00 01');
/** The response of [MS-TDS] §4.2, “Pre-Login Response”, which has 2 for its encryption: not supported. */
const tdsResponse = (encryption: number) =>
  hex(
    `04 01 00 2b 00 00 01 00 00 00 1a 00 06 01 00 20 00 01 02 00 21 00 01 03 00 22 00 00 04 00 22 00 01 ff 08 00 01 55 00 00 0${encryption} 00 00`,
  );

/** Dialogues that lead to TLS, with greetings as real servers have them. */
const agreed: Record<StarttlsProtocol, Record<string, Step[]>> = {
  smtp: {
    'a plain greeting': [
      { say: '220 mail.example ESMTP Postfix\r\n' },
      { hear: /^EHLO \S+\r\n$/ },
      { say: '250-mail.example\r\n250-SIZE 10240000\r\n250-STARTTLS\r\n250 SMTPUTF8\r\n' },
      { hear: /^STARTTLS\r\n$/ },
      { say: '220 2.0.0 Ready to start TLS\r\n' },
      'tls',
    ],
    'a greeting of many lines': [
      { say: '220-mail.example ESMTP\r\n220-No unsolicited mail\r\n220 please\r\n' },
      { hear: /EHLO/ },
      { say: '250-mail.example\r\n250 STARTTLS\r\n' },
      { hear: /STARTTLS/ },
      { say: '220 go\r\n' },
      'tls',
    ],
    'a greeting in pieces': [
      { say: '22' },
      { say: '0 mail' },
      { say: '.example\r' },
      { say: '\n' },
      { hear: /EHLO/ },
      { say: '250-x\r\n250-STAR' },
      { say: 'TTLS\r\n250 OK\r\n' },
      { hear: /STARTTLS/ },
      { say: '220 go\r\n' },
      'tls',
    ],
  },
  lmtp: {
    'a plain greeting': [
      { say: '220 mail.example LMTP\r\n' },
      { hear: /^LHLO \S+\r\n$/ },
      { say: '250-mail\r\n250-STARTTLS\r\n250 CHUNKING\r\n' },
      { hear: /STARTTLS/ },
      { say: '220 go\r\n' },
      'tls',
    ],
  },
  imap: {
    'capabilities in the greeting': [
      { say: '* OK [CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED] Dovecot ready.\r\n' },
      { hear: /^a1 STARTTLS\r\n$/ },
      { say: 'a1 OK Begin TLS negotiation now.\r\n' },
      'tls',
    ],
    'untagged lines before the answer': [
      { say: '* OK hello\r\n' },
      { hear: /STARTTLS/ },
      { say: '* CAPABILITY IMAP4rev1\r\na1 OK go\r\n' },
      'tls',
    ],
  },
  pop3: {
    'a plain greeting': [
      { say: '+OK Dovecot ready. <1@mail>\r\n' },
      { hear: /^STLS\r\n$/ },
      { say: '+OK Begin TLS negotiation now.\r\n' },
      'tls',
    ],
  },
  ftp: {
    'a plain greeting': [
      { say: '220 ProFTPD Server\r\n' },
      { hear: /^AUTH TLS\r\n$/ },
      { say: '234 AUTH TLS successful\r\n' },
      'tls',
    ],
    'AUTH SSL alone': [
      { say: '220 FTP\r\n' },
      { hear: /^AUTH TLS\r\n$/ },
      { say: '504 Command not implemented for that parameter\r\n' },
      { hear: /^AUTH SSL\r\n$/ },
      { say: '234 AUTH SSL successful\r\n' },
      'tls',
    ],
    'a delay and lines between': [
      { say: '120 in a minute\r\n220-Welcome\r\n  to this server\r\n220 ready\r\n' },
      { hear: /AUTH TLS/ },
      { say: '234 go\r\n' },
      'tls',
    ],
  },
  ldap: {
    // testssl.sh #2290: Active Directory writes each length in four octets behind 84.
    'the lengths of Active Directory': [
      { hear: ldapRequest },
      {
        say: hex(
          '30 84 00 00 00 28 02 01 01 78 84 00 00 00 1f 0a 01 00 04 00 04 00 8a 16 31 2e 33 2e 36 2e 31 2e 34 2e 31 2e 31 34 36 36 2e 32 30 30 33 37',
        ),
      },
      'tls',
    ],
    ...Object.fromEntries(
      [1, 2, 3, 8, 126].map((octets) => [
        `lengths in ${octets} octets`,
        [
          { hear: ldapRequest },
          {
            say: ber(0x30, octets, ber(0x02, octets, hex('01')), ber(0x78, octets, hex('0a0100 0400 0400'))),
          },
          'tls',
        ] satisfies Step[],
      ]),
    ),
    'a short answer': [
      { hear: ldapRequest },
      { say: hex('30 0c 02 01 01 78 07 0a 01 00 04 00 04 00') },
      'tls',
    ],
    'a name in the answer': [
      { hear: ldapRequest },
      {
        say: hex(
          '30 81 25 02 01 01 78 81 1f 0a 01 00 04 00 04 00 8a 16 31 2e 33 2e 36 2e 31 2e 34 2e 31 2e 31 34 36 36 2e 32 30 30 33 37',
        ),
      },
      'tls',
    ],
  },
  xmpp: {
    // ejabberd #814: prefixes are the server's to choose (Namespaces in XML §4).
    'another prefix for the stream': [
      { hear: /jabber:client/ },
      {
        say: `<s:stream xmlns:s='http://etherx.jabber.org/streams' xmlns='jabber:client' id='1' version='1.0'><s:features>${xmppTls}</s:features>`,
      },
      { hear: /starttls/ },
      { say: "<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>" },
      'tls',
    ],
    'the stream’s namespace by default': [
      { hear: /jabber:client/ },
      {
        say: "<?xml version='1.0' encoding='UTF-8'?>\n<stream xmlns='http://etherx.jabber.org/streams' version='1.0'><!-- hello --><features><tls:starttls xmlns:tls='urn:ietf:params:xml:ns:xmpp-tls'><tls:required/></tls:starttls><auth xmlns='http://jabber.org/features/iq-auth'/></features>",
      },
      { hear: /starttls/ },
      { say: '<t:proceed xmlns:t="urn:ietf:params:xml:ns:xmpp-tls"></t:proceed >' },
      'tls',
    ],
    'features with other things': [
      { hear: /to='localhost' xmlns='jabber:client'.*version='1.0'>$/ },
      { say: `${xmppHeader}<stream:features>${xmppTls}<mechanisms/></stream:features>` },
      { hear: /<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'\/>$/ },
      { say: "<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>" },
      'tls',
    ],
    'features in pieces': [
      { hear: /jabber:client/ },
      { say: xmppHeader },
      { say: `<stream:features>${xmppTls.slice(0, 20)}` },
      { say: `${xmppTls.slice(20)}</stream:fea` },
      { say: 'tures>' },
      { hear: /starttls/ },
      { say: '<proceed ' },
      { say: "xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>" },
      'tls',
    ],
  },
  'xmpp-server': {
    features: [
      { hear: /xmlns='jabber:server'/ },
      { say: `${xmppHeader}<stream:features>${xmppTls}</stream:features>` },
      { hear: /starttls/ },
      { say: "<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>" },
      'tls',
    ],
  },
  postgres: { yes: [{ hear: postgresRequest }, { say: 'S' }, 'tls'] },
  mysql: {
    MariaDB: [{ say: mysqlGreeting(true) }, { hear: mysqlRequest }, 'tls'],
    'a greeting in pieces': [
      { say: mysqlGreeting(true, '8.0.36').subarray(0, 3) },
      { say: mysqlGreeting(true, '8.0.36').subarray(3) },
      { hear: mysqlRequest },
      'tls',
    ],
  },
  mssql: {
    'encryption on': [{ hear: tdsRequest }, { say: tdsResponse(1) }, 'tds-tls'],
    'encryption of the login alone': [{ hear: tdsRequest }, { say: tdsResponse(0) }, 'tds-tls'],
    'encryption required, in pieces': [
      { hear: tdsRequest },
      { say: tdsResponse(3).subarray(0, 9) },
      { say: tdsResponse(3).subarray(9) },
      'tds-tls',
    ],
  },
  amqp: {
    'the same header': [
      { hear: hex('41 4d 51 50 02 01 00 00') },
      { say: hex('41 4d 51 50 02 01 00 00') },
      'tls',
    ],
  },
  nntp: {
    'posting allowed': [
      { say: '200 news.example ready\r\n' },
      { hear: /^STARTTLS\r\n$/ },
      { say: '382 Continue with TLS negotiation\r\n' },
      'tls',
    ],
    'posting prohibited': [
      { say: '201 news.example ready\r\n' },
      { hear: /STARTTLS/ },
      { say: '382 go\r\n' },
      'tls',
    ],
  },
  sieve: {
    capabilities: [
      {
        say: '"IMPLEMENTATION" "Dovecot Pigeonhole"\r\n"SIEVE" "fileinto"\r\n"STARTTLS"\r\n"VERSION" "1.0"\r\nOK "Dovecot ready."\r\n',
      },
      { hear: /^STARTTLS\r\n$/ },
      { say: 'OK "Begin TLS negotiation now."\r\n' },
      'tls',
    ],
  },
  irc: {
    'notices first': [
      { say: ':irc.example NOTICE * :*** Looking up your hostname...\r\n' },
      { hear: /^STARTTLS\r\n$/ },
      {
        say: ':irc.example NOTICE * :*** Found\r\n:irc.example 670 * :STARTTLS successful, go ahead with TLS handshake\r\n',
      },
      'tls',
    ],
  },
  rdp: {
    'a choice of TLS': [
      { hear: rdpRequest },
      { say: hex('03 00 00 13 0e d0 00 00 12 34 00 02 00 08 00 01 00 00 00') },
      'tls',
    ],
    'a choice of CredSSP': [
      { hear: rdpRequest },
      { say: hex('03 00 00 13 0e d0 00 00 12 34 00 02 1f 08 00 02 00 00 00') },
      'tls',
    ],
  },
};

/** Dialogues that lead nowhere, with the reason and the sentence. */
const refusals: [
  protocol: StarttlsProtocol,
  what: string,
  steps: Step[],
  reason: string,
  sentence: RegExp,
][] = [
  [
    'smtp',
    'a host that is not wanted',
    [{ say: '554 5.7.1 Go away\r\n' }],
    'starttls-refused',
    /refuses the connection: “554 5.7.1 Go away”/,
  ],
  [
    'smtp',
    'no STARTTLS among the features',
    [{ say: '220 x\r\n' }, { hear: /EHLO/ }, { say: '250-x\r\n250 SIZE 1\r\n' }],
    'starttls-refused',
    /does not offer STARTTLS/,
  ],
  [
    'smtp',
    'a refusal of EHLO',
    [{ say: '220 x\r\n' }, { hear: /EHLO/ }, { say: '502 what?\r\n' }],
    'starttls-refused',
    /refuses EHLO/,
  ],
  [
    'smtp',
    'a refusal of STARTTLS',
    [
      { say: '220 x\r\n' },
      { hear: /EHLO/ },
      { say: '250 STARTTLS\r\n' },
      { hear: /STARTTLS/ },
      { say: '454 4.7.0 TLS not available\r\n' },
    ],
    'starttls-refused',
    /“454 4.7.0 TLS not available”/,
  ],
  [
    'smtp',
    'plain text after the agreement',
    [
      { say: '220 x\r\n' },
      { hear: /EHLO/ },
      { say: '250 STARTTLS\r\n' },
      { hear: /STARTTLS/ },
      { say: '220 go\r\n250 injected\r\n' },
    ],
    'starttls-refused',
    /goes on in plain text/,
  ],
  [
    'smtp',
    'a reply whose code changes between lines',
    [{ say: '220 x\r\n' }, { hear: /EHLO/ }, { say: 'hello there\r\n' }],
    'starttls-refused',
    /does not speak the protocol/,
  ],
  [
    'smtp',
    'control characters in the answer',
    [{ say: '554 \u001b[31mred\u0007\r\n' }],
    'starttls-refused',
    /\\u\{1b\}\[31mred\\u\{7\}/,
  ],
  ['smtp', 'an end', ['close'], 'reset', /before TLS started/],
  [
    'lmtp',
    'SMTP in its place',
    [{ say: '220 x ESMTP\r\n' }, { hear: /LHLO/ }, { say: '500 unknown command\r\n' }],
    'starttls-refused',
    /refuses LHLO/,
  ],
  ['imap', 'a goodbye', [{ say: '* BYE busy\r\n' }], 'starttls-refused', /refuses the connection/],
  [
    'imap',
    'a refusal',
    [{ say: '* OK x\r\n' }, { hear: /STARTTLS/ }, { say: 'a1 BAD TLS support isn’t enabled.\r\n' }],
    'starttls-refused',
    /refuses STARTTLS/,
  ],
  [
    'pop3',
    'a refusal',
    [{ say: '+OK x\r\n' }, { hear: /STLS/ }, { say: '-ERR no TLS\r\n' }],
    'starttls-refused',
    /refuses STLS/,
  ],
  [
    'ftp',
    'a refusal',
    [
      { say: '220 x\r\n' },
      { hear: /AUTH TLS/ },
      { say: '500 AUTH not understood\r\n' },
      { hear: /AUTH SSL/ },
      { say: '500 nor this\r\n' },
    ],
    'starttls-refused',
    /refuses AUTH TLS and AUTH SSL: “500 AUTH not understood”/,
  ],
  [
    'mssql',
    'no encryption',
    [{ hear: tdsRequest }, { say: tdsResponse(2) }],
    'starttls-refused',
    /does not offer TLS/,
  ],
  [
    'mssql',
    'another protocol',
    [{ hear: tdsRequest }, { say: 'HTTP/1.1 400' }],
    'starttls-refused',
    /does not speak SQL Server/,
  ],
  [
    'amqp',
    'AMQP 0-9-1',
    [{ hear: /AMQP/ }, { say: hex('41 4d 51 50 00 00 09 01') }, 'close'],
    'starttls-refused',
    /answers with AMQP 0-9-1/,
  ],
  [
    'amqp',
    'another protocol',
    [{ hear: /AMQP/ }, { say: 'HTTP/1.1 400' }],
    'starttls-refused',
    /does not speak AMQP/,
  ],
  [
    'ldap',
    'a result code',
    [{ hear: ldapRequest }, { say: hex('30 13 02 01 01 78 0e 0a 01 34 04 00 04 07 6e 6f 20 54 4c 53 21') }],
    'starttls-refused',
    /result 52, unavailable\).*no TLS!/,
  ],
  [
    'ldap',
    'an answer that is no LDAP',
    [{ hear: ldapRequest }, { say: 'HTTP/1.1 400' }],
    'starttls-refused',
    /does not speak LDAP/,
  ],
  [
    'ldap',
    'a length beyond any answer',
    [{ hear: ldapRequest }, { say: hex('30 84 ff ff ff ff') }],
    'starttls-refused',
    /announces an answer that is too long/,
  ],
  [
    'ldap',
    'a length that overflows numbers',
    [{ hear: ldapRequest }, { say: hex(`30 fe ${'7f'.repeat(126)}`) }],
    'starttls-refused',
    /announces an answer that is too long/,
  ],
  ...(['30 80', '30 ff'] as const).map((head): (typeof refusals)[number] => [
    'ldap',
    `a length by ${head}`,
    [{ hear: ldapRequest }, { say: hex(head) }],
    'starttls-refused',
    /length that LDAP does not allow/,
  ]),
  [
    'ldap',
    'a length within that does not add up',
    [{ hear: ldapRequest }, { say: hex('30 0c 02 01 01 78 84 00 00 00 ff 0a 01 00') }],
    'starttls-refused',
    /no extended response/,
  ],
  [
    'ldap',
    'an answer cut short',
    [{ hear: ldapRequest }, { say: hex('30 0c 02 01 01') }, 'close'],
    'reset',
    /before TLS started/,
  ],
  [
    'xmpp',
    'no STARTTLS among the features',
    [{ hear: /jabber/ }, { say: `${xmppHeader}<stream:features><mechanisms/></stream:features>` }],
    'starttls-refused',
    /does not offer STARTTLS/,
  ],
  [
    'xmpp',
    'a failure',
    [
      { hear: /jabber/ },
      { say: `${xmppHeader}<stream:features>${xmppTls}</stream:features>` },
      { hear: /starttls/ },
      { say: "<failure xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>" },
    ],
    'starttls-refused',
    /refuses STARTTLS/,
  ],
  [
    'xmpp',
    'a host that is not served',
    [
      { hear: /jabber/ },
      {
        say: `${xmppHeader}<stream:error><host-unknown xmlns='urn:ietf:params:xml:ns:xmpp-streams'/><text xmlns='urn:ietf:params:xml:ns:xmpp-streams'>No such\n host</text></stream:error></stream:stream>`,
      },
    ],
    'starttls-refused',
    /does not serve localhost \(host-unknown\): “No such host”\.$/,
  ],
  [
    'xmpp',
    'an error instead of an answer',
    [
      { hear: /jabber/ },
      { say: `${xmppHeader}<stream:features>${xmppTls}</stream:features>` },
      { hear: /starttls/ },
      {
        say: "<stream:error><policy-violation xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>",
      },
    ],
    'starttls-refused',
    /ends the stream \(policy-violation\)\.$/,
  ],
  [
    'xmpp',
    'a document type',
    [{ hear: /jabber/ }, { say: '<!DOCTYPE x [<!ENTITY a "b">]><x/>' }],
    'starttls-refused',
    /document type/,
  ],
  [
    'xmpp',
    'another protocol',
    [{ hear: /jabber/ }, { say: 'HTTP/1.1 400 Bad Request' }],
    'starttls-refused',
    /does not speak XMPP/,
  ],
  [
    'xmpp',
    'words behind proceed',
    [
      { hear: /jabber/ },
      { say: `${xmppHeader}<stream:features>${xmppTls}</stream:features>` },
      { hear: /starttls/ },
      { say: "<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/><message/>" },
    ],
    'starttls-refused',
    /goes on in plain text/,
  ],
  ['xmpp-server', 'an end', [{ hear: /jabber/ }, 'close'], 'reset', /before TLS started/],
  ['postgres', 'no', [{ hear: postgresRequest }, { say: 'N' }], 'starttls-refused', /TLS turned off/],
  [
    'postgres',
    'an error',
    [{ hear: postgresRequest }, { say: postgresError }],
    'starttls-refused',
    /refuses the connection: “FATAL: sorry, too many clients already \(53300\)”\.$/,
  ],
  [
    'postgres',
    'an error of the old protocol',
    [
      { hear: postgresRequest },
      { say: 'Ecould not fork new process for connection: Cannot allocate memory\n\0' },
    ],
    'starttls-refused',
    /“could not fork new process for connection: Cannot allocate memory”\.$/,
  ],
  [
    'postgres',
    'another protocol',
    [{ hear: postgresRequest }, { say: 'HTTP/1.1 400' }],
    'starttls-refused',
    /does not speak PostgreSQL/,
  ],
  [
    'postgres',
    'more than one byte',
    [{ hear: postgresRequest }, { say: 'Sinjected' }],
    'starttls-refused',
    /goes on in plain text/,
  ],
  [
    'mysql',
    'a host that is not allowed',
    [{ say: Buffer.concat([hex('14 00 00 00 ff 6a 04'), Buffer.from('Host not allowed.')]) }],
    'starttls-refused',
    /\(error 1130\): “Host not allowed\.”\.$/,
  ],
  [
    'mysql',
    'too many connections, with a state',
    [{ say: Buffer.concat([hex('1d 00 00 00 ff 10 04'), Buffer.from('#08004Too many connections')]) }],
    'starttls-refused',
    /\(error 1040\): “Too many connections”\.$/,
  ],
  ['mysql', 'no TLS', [{ say: mysqlGreeting(false) }], 'starttls-refused', /does not offer TLS/],
  [
    'mysql',
    'another protocol',
    [{ say: Buffer.concat([hex('05 00 00 00'), Buffer.from('hello')]) }],
    'starttls-refused',
    /does not speak MySQL/,
  ],
  [
    'nntp',
    'a refusal',
    [{ say: '200 x\r\n' }, { hear: /STARTTLS/ }, { say: '580 Can not initiate TLS negotiation\r\n' }],
    'starttls-refused',
    /refuses STARTTLS/,
  ],
  ['sieve', 'no STARTTLS', [{ say: '"SIEVE" "x"\r\nOK\r\n' }], 'starttls-refused', /does not offer STARTTLS/],
  [
    'sieve',
    'a refusal',
    [{ say: '"STARTTLS"\r\nOK\r\n' }, { hear: /STARTTLS/ }, { say: 'NO "not now"\r\n' }],
    'starttls-refused',
    /refuses STARTTLS/,
  ],
  [
    'irc',
    'a refusal',
    [{ hear: /STARTTLS/ }, { say: ':x 691 * :STARTTLS failed\r\n' }],
    'starttls-refused',
    /refuses STARTTLS/,
  ],
  [
    'irc',
    'a server that knows it not',
    [{ hear: /STARTTLS/ }, { say: ':x 421 * STARTTLS :Unknown command\r\n' }],
    'starttls-refused',
    /refuses STARTTLS/,
  ],
  [
    'rdp',
    'a refusal',
    [{ hear: rdpRequest }, { say: hex('03 00 00 13 0e d0 00 00 12 34 00 03 00 08 00 03 00 00 00') }],
    'starttls-refused',
    /refuses TLS \(failure code 3: it has no certificate\)/,
  ],
  [
    'rdp',
    'a server from before TLS',
    [{ hear: rdpRequest }, { say: hex('03 00 00 0b 06 d0 00 00 12 34 00') }],
    'starttls-refused',
    /does not offer TLS/,
  ],
  [
    'rdp',
    'the protocol’s own encryption',
    [{ hear: rdpRequest }, { say: hex('03 00 00 13 0e d0 00 00 12 34 00 02 00 08 00 00 00 00 00') }],
    'starttls-refused',
    /does not offer TLS/,
  ],
  [
    'rdp',
    'another protocol',
    [{ hear: rdpRequest }, { say: 'HTTP/1.1 400 Bad Request\r\n' }],
    'starttls-refused',
    /does not speak Remote Desktop’s protocol: “HTTP”/,
  ],
];

async function checkScript(protocol: StarttlsProtocol, steps: Step[], reader: 'light' | 'full' = 'light') {
  await using server = await serveScript(steps, leaf);
  const { result } = await new Prober().check({
    target: { host: 'localhost', port: server.port, servername: null, starttls: protocol },
    thresholds: defaultThresholds,
    caFiles: [],
    connection: connectionSchema.parse({ reader }),
    timeoutMs: 5000,
  });
  return { result, faults: server.faults };
}

describe('STARTTLS', () => {
  it('has a dialogue for every protocol', () =>
    expect(Object.keys(agreed).sort()).toEqual([...starttlsProtocols].sort()));

  const dialogues = Object.entries(agreed).flatMap(([protocol, variants]) =>
    Object.entries(variants).map(
      ([variant, steps]) => [protocol as StarttlsProtocol, variant, steps] as const,
    ),
  );
  it.each(dialogues)('%s is read after %s', async (protocol, _variant, steps) => {
    const { result, faults } = await checkScript(protocol, steps);
    expect(faults).toEqual([]);
    expect(result.unreachable).toBeNull();
    expect(result).toMatchObject({
      target: { starttls: protocol },
      certificate: { subject: 'CN=localhost' },
    });
    expect(result.timings.starttls).not.toBeNull();
    const { result: byFull } = await checkScript(protocol, steps, 'full');
    const verdictOf = ({ status, problems, certificate, protocol: version }: CheckResult) => ({
      status,
      problems,
      certificate,
      version,
    });
    expect(verdictOf(byFull)).toEqual(verdictOf(result));
  });

  it.each(refusals)('%s meets %s', async (protocol, _what, steps, reason, sentence) => {
    const { result } = await checkScript(protocol, steps);
    expect(result).toMatchObject({
      status: 'unreachable',
      unreachable: { reason, message: expect.stringMatching(sentence) },
    });
  });

  it('covers a refusal for every protocol', () => {
    expect(new Set(refusals.map(([protocol]) => protocol))).toEqual(new Set(starttlsProtocols));
  });

  it('gives up at the deadline where the server says nothing', async () => {
    await using server = await serveScript([], leaf);
    const { result } = await new Prober().check({
      target: { host: 'localhost', port: server.port, servername: null, starttls: 'smtp' },
      thresholds: defaultThresholds,
      caFiles: [],
      timeoutMs: 300,
    });
    expect(result.unreachable).toMatchObject({
      reason: 'timeout',
      message: expect.stringContaining('before TLS started'),
    });
  });

  it('is cut off where the server sends without end', async () => {
    const { result } = await checkScript('smtp', [{ say: Buffer.alloc(200_000, 'x') }]);
    expect(result.unreachable).toMatchObject({
      reason: 'starttls-refused',
      message: expect.stringContaining('without end'),
    });
  });
});
