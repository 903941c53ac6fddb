import type { StarttlsProtocol } from '../../../shared/schema/target.ts';
import {
  hex,
  ldapRequest,
  mysqlGreeting,
  postgresError,
  postgresRequest,
  rdpRequest,
  tdsRequest,
  tdsResponse,
  xmppHeader,
  xmppTls,
} from '../dialogue-bytes.ts';
import { makeCa } from '../pki.ts';
import { type Step, serveScript } from '../scripted-server.ts';
import { servePlain } from '../tls-server.ts';
import { drip, type HostileBehaviour, pour } from './behaviour.ts';

/** Dialogues that lead nowhere, with the reason and the sentence of the check. */
export const refusals: [
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
    /continues in plain text/,
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
    /continues in plain text/,
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
    /continues in plain text/,
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

/** A piece of each protocol after which its clients wait for more: continued replies, untagged answers, half a packet. */
const continued: Record<StarttlsProtocol, string | Buffer> = {
  smtp: '220-more\r\n',
  lmtp: '220-more\r\n',
  ftp: '220-more\r\n',
  imap: '* OK more\r\n',
  pop3: '+OK more\r\n',
  ldap: hex('30 84 00 ff ff ff 02 01 01 78'),
  xmpp: `${xmppHeader}<stream:features><mechanisms><mechanism>X</mechanism>`,
  'xmpp-server': `${xmppHeader}<stream:features>`,
  postgres: 'E',
  mysql: hex('ff ff ff 00 0a'),
  nntp: '200 more\r\n',
  sieve: '"X" "more"\r\n',
  irc: ':irc.example NOTICE * :more\r\n',
  rdp: hex('03 00 ff ff 0e d0'),
  mssql: hex('04 00 ff ff 00 00 01 00'),
  amqp: hex('41 4d 51 50 02 01'),
};

const leaf = makeCa().issue({ sans: ['localhost'] });
const protocols = Object.entries(continued).map(
  // SAFETY: the record is keyed by protocols alone.
  ([protocol, piece]) => [protocol as StarttlsProtocol, Buffer.from(piece)] as const,
);

export const behaviours: Record<string, HostileBehaviour> = {
  ...Object.fromEntries(
    refusals.map(([starttls, what, steps]): [string, HostileBehaviour] => [
      `speaks ${starttls} and answers with ${what}`,
      async () => Object.assign(await serveScript(steps, leaf), { starttls }),
    ]),
  ),
  ...Object.fromEntries(
    protocols.flatMap(([starttls, piece]): [string, HostileBehaviour][] => [
      [
        `speaks ${starttls} without end`,
        async () =>
          Object.assign(await servePlain((socket) => pour(socket, Buffer.alloc(50_000, piece))), {
            starttls,
          }),
      ],
      [
        `speaks ${starttls} a byte now and then`,
        async () => Object.assign(await servePlain((socket) => drip(socket, piece)), { starttls }),
      ],
    ]),
  ),
  'speaks no STARTTLS: it is silent': async () =>
    Object.assign(await serveScript([], leaf), { starttls: 'smtp' as const }),
};
