import { describe, expect, it } from 'vitest';
import { Prober } from '../../../electron/engine/probe/prober.ts';
import { connectionSchema } from '../../../shared/schema/connection.ts';
import type { StarttlsProtocol } from '../../../shared/schema/target.ts';
import { defaultThresholds } from '../../../shared/schema/thresholds.ts';
import { hex } from '../../support/dialogue-bytes.ts';
import { makeCa } from '../../support/pki.ts';
import { type Step, serveScript } from '../../support/scripted-server.ts';

const leaf = makeCa().issue({ sans: ['localhost'] });

async function problemOf(starttls: StarttlsProtocol, steps: Step[], connection: object = {}) {
  await using server = await serveScript(steps, leaf);
  const { result } = await new Prober().check({
    target: { host: 'localhost', port: server.port, servername: null, starttls },
    thresholds: defaultThresholds,
    caFiles: [],
    connection: connectionSchema.parse(connection),
    timeoutMs: 5000,
  });
  const [problem] = result.problems;
  return { message: problem?.message ?? '', remedy: problem?.remedy ?? '', faults: server.faults };
}

const mysqlError = (code: number, text: string) => {
  const body = Buffer.concat([Buffer.from([0xff, code & 0xff, code >> 8]), Buffer.from(text)]);
  return Buffer.concat([Buffer.from([body.length, 0, 0, 0]), body]);
};

/** What servers say that have too many clients, at each place where they can. */
const tooMany: [StarttlsProtocol, Step[]][] = [
  ['smtp', [{ say: '421 4.7.0 mail.example Error: too many connections from 192.0.2.1\r\n' }]],
  ['smtp', [{ say: '220 x\r\n' }, { hear: /EHLO/ }, { say: '421 too many connections\r\n' }]],
  [
    'smtp',
    [
      { say: '220 x\r\n' },
      { hear: /EHLO/ },
      { say: '250 STARTTLS\r\n' },
      { hear: /STARTTLS/ },
      { say: '421 4.3.2 Too many connections\r\n' },
    ],
  ],
  ['lmtp', [{ say: '421 too many connections\r\n' }]],
  ['imap', [{ say: '* BYE Too many connections from your IP\r\n' }]],
  ['imap', [{ say: '* OK x\r\n' }, { hear: /STARTTLS/ }, { say: '* BYE Too many connections\r\n' }]],
  ['imap', [{ say: '* OK x\r\n' }, { hear: /STARTTLS/ }, { say: 'a1 BAD Too many connections\r\n' }]],
  ['pop3', [{ say: '-ERR [IN-USE] too many connections\r\n' }]],
  ['pop3', [{ say: '+OK\r\n' }, { hear: /STLS/ }, { say: '-ERR too many connections\r\n' }]],
  ['ftp', [{ say: '421 Too many connections (8) from this IP\r\n' }]],
  ['nntp', [{ say: '400 too many connections\r\n' }]],
  ['nntp', [{ say: '200 x\r\n' }, { hear: /STARTTLS/ }, { say: '502 too many connections\r\n' }]],
  ['sieve', [{ say: 'BYE "Too many connections"\r\n' }]],
  ['irc', [{ hear: /STARTTLS/ }, { say: 'ERROR :Closing Link: (Too many connections)\r\n' }]],
  ['mysql', [{ say: mysqlError(1040, 'Too many connections') }]],
  ['mysql', [{ say: mysqlError(1129, 'Host ‘x’ is blocked because of many connection errors') }]],
  ['postgres', [{ hear: /./s }, { say: 'Esorry, too many connections\0' }]],
  [
    'ldap',
    [
      { hear: /StartTLS|20037/ },
      {
        say: Buffer.concat([
          Buffer.from('30200201017 81b0a0133 0400 0414'.replaceAll(' ', ''), 'hex'),
          Buffer.from('too many connections'),
        ]),
      },
    ],
  ],
  [
    'xmpp',
    [
      { hear: /jabber/ },
      {
        say: "<stream:stream xmlns:stream='http://etherx.jabber.org/streams'><stream:error><resource-constraint xmlns='urn:ietf:params:xml:ns:xmpp-streams'/><text xmlns='urn:ietf:params:xml:ns:xmpp-streams'>Too many connections</text></stream:error>",
      },
    ],
  ],
];

describe('a server that has too many clients', () => {
  it.each(tooMany)('%s is never told to turn on TLS: %j', async (protocol, steps) => {
    const { message, remedy, faults } = await problemOf(protocol, steps);
    expect(faults).toEqual([]);
    expect(message).toMatch(/too many connections|many connection errors/i);
    expect(remedy).toMatch(/^Follow the server’s message/);
  });
});

describe('a refusal', () => {
  it('of many lines is quoted in one, its code and status once', async () => {
    const reply =
      '554-5.7.1 No mail from here\r\n554-5.7.1 see\thttps://mail.example/why\r\n554 5.7.1 Goodbye\r\n';
    const { message } = await problemOf('smtp', [{ say: reply }]);
    expect(message).toBe(
      'The mail server refuses the connection: “554 5.7.1 No mail from here see https://mail.example/why Goodbye”.',
    );
  });

  it('in UTF-8 is quoted in its letters, and what is none byte by byte', async () => {
    const own = await problemOf('imap', [{ say: '* BYE Grüße, zu viele Verbindungen\r\n' }]);
    expect(own.message).toContain('“BYE Grüße, zu viele Verbindungen”');
    const old = await problemOf('imap', [{ say: Buffer.from('* BYE Gr\xfc\xdfe\r\n', 'latin1') }]);
    expect(old.message).toContain('“BYE Grüße”');
  });

  const sieveAnswer: Step[] = [
    { say: '"STARTTLS"\r\nOK\r\n' },
    { hear: /STARTTLS/ },
    { say: 'NO {21}\r\nCannot load\r\n' },
    { say: 'the key.\r\n' },
  ];
  it.each<[string, StarttlsProtocol, Step[], string]>([
    [
      'that ends a greeting which had begun, as postscreen’s does',
      'smtp',
      [
        { say: '220-mail.example ESMTP Postfix\r\n' },
        { say: '521 5.7.1 Service unavailable; client [192.0.2.1] blocked using bl.example\r\n' },
        'close',
      ],
      'The mail server refuses the connection: “521 5.7.1 Service unavailable; client [192.0.2.1] blocked using bl.example”.',
    ],
    [
      'within an answer',
      'smtp',
      [
        { say: '220 x\r\n' },
        { hear: /EHLO/ },
        { say: '250-x\r\n250-SIZE\r\n421 4.4.2 x Error: timeout exceeded\r\n' },
      ],
      '“421 4.4.2 x Error: timeout exceeded”.',
    ],
    [
      'within a welcome',
      'ftp',
      [{ say: '220-Welcome,\r\n 421 friends\r\n421 Too many connections\r\n' }],
      'The FTP server refuses the connection: “421 Too many connections”.',
    ],
    [
      'that closes the connection',
      'ftp',
      [
        { say: '220 x\r\n' },
        { hear: /AUTH TLS/ },
        { say: '500 OOPS: SSL: cannot load RSA certificate\r\n' },
        'close',
      ],
      '“500 OOPS: SSL: cannot load RSA certificate”.',
    ],
    ['in a literal', 'sieve', sieveAnswer, '“NO "Cannot load the key."”.'],
  ])('%s is quoted', async (_what, protocol, steps, words) => {
    expect((await problemOf(protocol, steps)).message).toContain(words);
  });

  it('keeps no line break and no control character', async () => {
    const { message } = await problemOf('postgres', [
      { hear: /./s },
      { say: 'Ecould not fork\n\tnew\r\nprocess\u001b[31m\0' },
    ]);
    expect(message).toContain('“could not fork new process\\u{1b}[31m”');
  });

  it.each<[string, StarttlsProtocol, Step[], RegExp]>([
    [
      'that has no TLS',
      'imap',
      [{ say: '* OK\r\n' }, { hear: /a1/ }, { say: 'a1 BAD Unknown command.\r\n' }],
      /^Turn on TLS/,
    ],
    [
      'that cannot start it',
      'imap',
      [{ say: '* OK\r\n' }, { hear: /a1/ }, { say: 'a1 NO TLS init failed\r\n' }],
      /cannot start TLS/,
    ],
    ['of another protocol', 'imap', [{ say: 'SSH-2.0-OpenSSH_9.6\r\n' }], /^Correct the port/],
    [
      'of a name that it does not like',
      'smtp',
      [
        { say: '220 x\r\n' },
        { hear: /EHLO/ },
        { say: '550 5.7.1 Invalid HELO name (See RFC2821 4.1.1.1)\r\n' },
      ],
      /^Set an EHLO name/,
    ],
    [
      'of a name for now',
      'smtp',
      [
        { say: '220 x\r\n' },
        { hear: /EHLO/ },
        { say: '450 4.7.1 <x>: Helo command rejected: Host not found\r\n' },
      ],
      /^Set an EHLO name/,
    ],
    [
      'of an address',
      'smtp',
      [{ say: '554 5.7.1 Service unavailable; listed\r\n' }],
      /^Follow the server’s message/,
    ],
    ...[
      '450 4.7.1 Client host rejected: cannot find your hostname, [192.0.2.1]',
      '550 5.7.1 Client host rejected: cannot find your reverse hostname, [192.0.2.1]',
      '550 5.7.1 Access denied, your IP is listed at bl.example',
    ].map((answer): [string, StarttlsProtocol, Step[], RegExp] => [
      `of an address, in answer to the name: ${answer}`,
      'smtp',
      [{ say: '220 x\r\n' }, { hear: /EHLO/ }, { say: `${answer}\r\n` }],
      /^Follow the server’s message/,
    ]),
    ...[
      '500 5.5.1 Command unrecognized: "LHLO mail"',
      '502 5.5.1 LHLO not implemented',
      '500 unrecognized command',
    ].map((answer): [string, StarttlsProtocol, Step[], RegExp] => [
      `of a command that it does not know: ${answer}`,
      'lmtp',
      [{ say: '220 x\r\n' }, { hear: /LHLO/ }, { say: `${answer}\r\n` }],
      /^Correct the port/,
    ]),
    [
      'of a news server for now',
      'nntp',
      [{ say: '200 x\r\n' }, { hear: /STARTTLS/ }, { say: '400 Idle for too long\r\n' }],
      /^Follow the server’s message/,
    ],
    [
      'of a news server that takes no readers',
      'nntp',
      [
        { say: '200 x\r\n' },
        { hear: /STARTTLS/ },
        { say: '401 MODE-READER\r\n' },
        { hear: /MODE READER/ },
        { say: '502 Permission denied\r\n' },
      ],
      /^Follow the server’s message/,
    ],
    [
      'of STLS by a fault (RFC 3206)',
      'pop3',
      [{ say: '+OK\r\n' }, { hear: /STLS/ }, { say: '-ERR [SYS/TEMP] no certificate\r\n' }],
      /cannot start TLS/,
    ],
    [
      'by goodbye',
      'sieve',
      [{ say: '"STARTTLS"\r\nOK\r\n' }, { hear: /STARTTLS/ }, { say: 'BYE "no"\r\n' }],
      /^Follow the server’s message/,
    ],
    ['by a greeting of mail', 'sieve', [{ say: '220 mail.example ESMTP\r\n' }], /^Correct the port/],
    [
      'by LDAP’s notice of disconnection (RFC 4511 §4.4.1)',
      'ldap',
      [
        { hear: /20037/ },
        {
          say: hex(
            '30 24 02 01 00 78 1f 0a 01 02 04 00 04 00 8a 16 31 2e 33 2e 36 2e 31 2e 34 2e 31 2e 31 34 36 36 2e 32 30 30 33 36',
          ),
        },
      ],
      /^Follow the server’s message/,
    ],
  ])('%s has the remedy of its cause', async (_what, protocol, steps, remedy) => {
    expect((await problemOf(protocol, steps)).remedy).toMatch(remedy);
  });
});

describe('the name by which a mail server is greeted', () => {
  const greetedBy = async (connection: object) => {
    await using server = await serveScript(
      [{ say: '220 x\r\n' }, { hear: /^EHLO \S+\r\n$/ }, { say: '550 no\r\n' }],
      leaf,
    );
    const { result } = await new Prober().check({
      target: { host: '127.0.0.1', port: server.port, servername: null, starttls: 'smtp' },
      thresholds: defaultThresholds,
      caFiles: [],
      connection: connectionSchema.parse(connection),
      timeoutMs: 5000,
    });
    return /refuses EHLO (\S+):/.exec(result.unreachable?.message ?? '')?.[1];
  };

  it('is this machine’s own, or its address (RFC 5321 §4.1.4)', async () => {
    expect(await greetedBy({})).toMatch(/^([\w-]+(\.[\w-]+)+|\[127\.0\.0\.1\])$/);
  });

  it('is the one that is set', async () => {
    expect(await greetedBy({ ehloName: 'monitor.example.com' })).toBe('monitor.example.com');
    expect(await greetedBy({ ehloName: '[192.0.2.7]' })).toBe('[192.0.2.7]');
  });

  it.each(['two words', 'a\r\nMAIL FROM:<x>', '192.0.2.7', '[not an address]', ''])(
    '%j is none',
    (ehloName) => {
      expect(connectionSchema.safeParse({ ehloName }).error?.issues[0]).toMatchObject({ path: ['ehloName'] });
    },
  );
});
