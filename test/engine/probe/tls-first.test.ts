import { connect, createServer, type Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { Prober } from '../../../electron/engine/probe/prober.ts';
import { SpokenPorts } from '../../../electron/engine/probe/spoken-ports.ts';
import { startTls } from '../../../electron/engine/probe/starttls.ts';
import { protocolEntries } from '../../../shared/domain/starttls/protocols.ts';
import { alpnOf, isTlsPort } from '../../../shared/domain/tls-services.ts';
import { connectionSchema } from '../../../shared/schema/connection.ts';
import { type StarttlsProtocol, starttlsProtocols } from '../../../shared/schema/target.ts';
import { defaultThresholds } from '../../../shared/schema/thresholds.ts';
import { makeCa } from '../../support/pki.ts';
import { type Step, serveScript } from '../../support/scripted-server.ts';
import { listen, servePlain, serveTls, type TestServer } from '../../support/tls-server.ts';

const leaf = makeCa().issue({ sans: ['localhost'] });

/** The deadline is far: what ends a check before it is what was seen. */
const farDeadlineMs = 600_000;

async function check(
  { port }: TestServer,
  starttls: StarttlsProtocol | null,
  { host = 'localhost', timeoutMs = farDeadlineMs, ...connection }: Record<string, unknown> = {},
) {
  const { result } = await new Prober({ resolve: async () => [{ address: '127.0.0.1', family: 4 }] }).check({
    target: { host: String(host), port, servername: null, starttls },
    thresholds: defaultThresholds,
    caFiles: [],
    connection: connectionSchema.parse(connection),
    timeoutMs: Number(timeoutMs),
  });
  return result;
}

describe('STARTTLS on a port where TLS comes first', () => {
  it.each(starttlsProtocols)('%s is told by looking, long before the deadline', async (protocol) => {
    await using server = await serveTls(leaf);
    const result = await check(server, protocol);
    expect(result).toMatchObject({
      unreachable: {
        reason: 'starttls-refused',
        message: 'TLS comes first on this port: the server knows no STARTTLS here.',
      },
      problems: [{ remedy: expect.stringMatching(/^Turn off STARTTLS/) }],
    });
  });

  it('is told of a server that hangs up on what is no TLS, and of one that waits', async () => {
    const isHello = (chunk: Buffer) => chunk[0] === 22;
    const alert = Buffer.from([21, 3, 3, 0, 2, 2, 40]);
    for (const otherwise of [(socket: Socket) => void socket.destroy(), () => undefined]) {
      await using server = await servePlain((socket) =>
        socket.once('data', (chunk: Buffer) => (isHello(chunk) ? socket.end(alert) : otherwise(socket))),
      );
      expect((await check(server, 'ldap')).unreachable?.message).toMatch(/^TLS comes first/);
    }
  });

  it('is not told of a server that is merely slow: it is waited for', async () => {
    const sockets: Socket[] = [];
    await using server = await servePlain((socket) => {
      sockets.push(socket);
      // The second connection is the look: the first is greeted once that has said its hello.
      if (sockets.length === 2) socket.once('data', () => sockets[0]?.write('554 at last\r\n'));
      if (sockets.length === 2) socket.once('data', () => socket.end('554 no\r\n'));
    });
    expect((await check(server, 'smtp')).unreachable?.message).toContain('“554 at last”');
    expect(server.connections).toBe(2);
  });

  it('is not looked for where a port must not be spoken to first', async () => {
    // postscreen(8): who speaks before its turn is taken for a spammer (PREGREET).
    let looks = 0;
    await using server = await servePlain((socket) => socket.end());
    const talking = startTls(connect(server.port, '127.0.0.1'), {
      protocol: 'smtp',
      parties: { service: 'x', client: 'x' },
      onGreeted: () => undefined,
      silenceMs: null,
      answersInTls: async () => {
        looks += 1;
        return true;
      },
    });
    await expect(talking).rejects.toThrow('closed the connection before TLS started');
    expect(looks).toBe(0);
  });
});

const xmppError =
  "<stream:stream xmlns:stream='http://etherx.jabber.org/streams'><stream:error><host-unknown xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>";

/** Servers in which the client speaks first, by what they must hear and what they say then. */
const waiting: [StarttlsProtocol, Step[]][] = [
  ['postgres', [{ hear: /^\0\0\0\x08\x04\xd2\x16\x2f$/ }, { say: 'S' }]],
  ['ldap', [{ hear: /20037$/ }, { say: Buffer.from('300c02010178070a010004000400', 'hex') }]],
  ['amqp', [{ hear: /^AMQP\x02/ }, { say: Buffer.from('414d515002010000', 'hex') }]],
  [
    'rdp',
    [
      { hear: /^\x03\0\0\x13/ },
      { say: Buffer.from('0300 0013 0ed0 0000 1234 0002 0008 0001 0000 00'.replaceAll(' ', ''), 'hex') },
    ],
  ],
  ['irc', [{ hear: /^STARTTLS/ }, { say: ':irc.example 670 * :go\r\n' }]],
  ['xmpp', [{ hear: /jabber/ }, { say: xmppError }]],
];

describe('TLS first on a port of STARTTLS', () => {
  it.each(waiting)('%s is known by looking where it hangs up on a TLS hello', async (protocol, steps) => {
    await using script = await serveScript(steps, leaf);
    await using server = await servePlain((socket) =>
      socket.once('data', (chunk: Buffer) => {
        if (chunk[0] === 22) return void socket.end();
        const onward = connect(script.port, '127.0.0.1');
        onward.on('error', () => socket.destroy()).write(chunk);
        socket.pipe(onward).pipe(socket);
      }),
    );
    expect((await check(server, null)).unreachable).toMatchObject({
      reason: 'not-tls',
      message: expect.stringMatching(
        protocol === 'xmpp'
          ? /^The server speaks plain XMPP/
          : new RegExp(`turn on STARTTLS for ${protocol}\\.$`),
      ),
    });
  });

  it.each<[StarttlsProtocol, string, RegExp]>([
    ['smtp', '220 mail.example ready\r\n', /EHLO/],
    ['lmtp', '220 mail.example Dovecot ready.\r\n', /LHLO/],
    ['ftp', '220 ready\r\n', /AUTH TLS/],
  ])(
    '%s is told from the others that greet by 220 by what it answers: %j',
    async (protocol, greeting, known) => {
      await using server = await servePlain((socket) => {
        socket.write(greeting);
        socket.on('data', (chunk: Buffer) => {
          const text = chunk.toString('latin1');
          if (!known.test(text)) socket.write('500 what?\r\n');
          else socket.write(protocol === 'ftp' ? '234 go\r\n' : '250 CHUNKING\r\n');
        });
      });
      const { message = '' } = (await check(server, null)).unreachable ?? {};
      expect(message).toMatch(
        protocol === 'ftp'
          ? /turn on STARTTLS for ftp\.$/
          : new RegExp(`speaks plain ${protocol.toUpperCase()}, and starts no TLS`),
      );
    },
  );

  it.each([
    ['220 ProFTPD Server (Debian)', 'ftp'],
    ['220 (vsFTPd 3.0.5)', 'ftp'],
    ['220---------- Welcome to Pure-FTPd', 'ftp'],
    ['220-FileZilla Server 1.8', 'ftp'],
    ['220 ftp.example.com ESMTP Postfix', 'smtp'],
    ['220 mail.example.com', 'smtp'],
    ['220 mail LMTP Server', 'lmtp'],
  ])('the greeting %j is that of %s', (greeting, protocol) => {
    expect(protocolEntries.find(([, entry]) => entry.greeting?.test(greeting))?.[0]).toBe(protocol);
  });

  it('is known of a server that hangs up on a TLS hello, as PostgreSQL does', async () => {
    const request = Buffer.from('0000000804d2162f', 'hex');
    await using server = await servePlain((socket) =>
      socket.once('data', (chunk: Buffer) => (chunk.equals(request) ? socket.write('S') : socket.end())),
    );
    expect((await check(server, null)).unreachable?.message).toBe(
      'The server speaks plain PostgreSQL: turn on STARTTLS for postgres.',
    );
  });

  it('is known of a server that says nothing, on the port of its protocol', async () => {
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.once(
        'data',
        (chunk: Buffer) => chunk.equals(Buffer.from('0000000804d2162f', 'hex')) && socket.write('S'),
      );
    });
    await using listening = await listen(server, '127.77.0.1', 5432);
    expect((await check(listening, null, { address: '127.77.0.1' })).unreachable?.message).toBe(
      'The server speaks plain PostgreSQL: turn on STARTTLS for postgres.',
    );
    expect(listening.connections).toBeLessThanOrEqual(3);
  });

  it('is not looked for where a server of another port says nothing: one that is down is left alone', async () => {
    await using server = await servePlain(() => undefined);
    expect((await check(server, null, { timeoutMs: 1500 })).unreachable?.reason).toBe('timeout');
    expect(server.connections).toBe(1);
  });

  it('is a reset, not a timeout, of a server that hangs up once and says nothing after that', async () => {
    let connections = 0;
    await using server = await servePlain((socket) => {
      connections += 1;
      if (connections === 1) socket.once('data', () => socket.destroy());
    });
    const { unreachable } = await check(server, null, { timeoutMs: 10_000 });
    expect(unreachable?.reason).toBe('reset');
  });

  it('is not looked for on ports of TLS: one failed check asks no other protocol', async () => {
    expect([443, 8443, 8883, 5671, 2484, 6443].every(isTlsPort)).toBe(true);
    expect([5432, 389, 1433, 12_345].some(isTlsPort)).toBe(false);
  });
});

describe('a greeting that takes long', () => {
  it('may outlast the check’s timeout once it has begun, and starts the timeout of the dialogue when it is complete', async () => {
    // Postscreen’s teaser first, the rest later than the check’s own timeout (postscreen_greet_wait).
    const timeoutMs = 1_000;
    await using server = await servePlain((socket) => {
      socket.write('220-mail.example ESMTP\r\n');
      const timer = setTimeout(() => {
        socket.write('220 mail.example ESMTP Postfix\r\n');
        socket.once('data', () => socket.write('554 5.7.0 no\r\n'));
      }, timeoutMs * 1.3);
      socket.once('close', () => clearTimeout(timer));
    });
    const { unreachable } = await check(server, 'smtp', { timeoutMs });
    expect(unreachable?.message).toMatch(/refuses EHLO .*“554 5\.7\.0 no”/);
  });

  it.each([
    ['says nothing', '', '0.3'],
    ['never ends its greeting', '220-mail.example ESMTP\r\n', '0.6'],
    ['says nothing after its greeting', '220 mail.example ESMTP\r\n', '0.3'],
  ])('is given up where the server %s', async (_what, words, seconds) => {
    await using server = await servePlain((socket) => socket.write(words));
    expect((await check(server, 'smtp', { timeoutMs: 300 })).unreachable?.message).toBe(
      `localhost did not answer within ${seconds} seconds before TLS started.`,
    );
  });
});

describe('a server that answers nobody without an application protocol', () => {
  it.each(['light', 'full'] as const)('is offered all known ones: TDS 8.0, %s', async (reader) => {
    await using server = await serveTls(leaf, [], {
      ALPNCallback: ({ protocols }) => protocols.find((one) => one === 'tds/8.0'),
    });
    expect((await check(server, null, { reader })).certificate?.subject).toBe('CN=localhost');
  });

  it('is offered the one of its port at once', () => {
    expect(alpnOf(1433)).toEqual(['tds/8.0']);
    expect(alpnOf(443)).toEqual([]);
  });
});

describe('a host that hangs up on a port of no known use', () => {
  const target = { host: 'localhost', servername: null, starttls: null };
  const counting = async (onConnection: (socket: Socket) => void) => {
    let connections = 0;
    const server = await servePlain((socket) => {
      connections += 1;
      onConnection(socket);
    });
    const prober = new Prober({ resolve: async () => [{ address: '127.0.0.1', family: 4 }] });
    const look = async () => {
      const before = connections;
      const { result } = await prober.check({
        target: { ...target, port: server.port },
        thresholds: defaultThresholds,
        caFiles: [],
        timeoutMs: farDeadlineMs,
      });
      return { made: connections - before, message: result.unreachable?.message };
    };
    return Object.assign(server, { look });
  };

  it('is asked in every protocol once, and not at each check', async () => {
    await using server = await counting((socket) => void socket.destroy());
    const first = await server.look();
    const second = await server.look();
    expect(second.message).toBe(first.message);
    expect(first.made).toBeGreaterThan(8);
    // One by each reader, and one without a server name.
    expect(second.made).toBeLessThan(4);
  });

  it('is told by what it speaks at each check, also once that is something else', async () => {
    let isPostgres = true;
    await using server = await counting((socket) =>
      socket.once('data', (chunk: Buffer) => {
        // SSLRequest of PostgreSQL (protocol 3.0): its length, and 80877103.
        if (isPostgres && chunk.toString('hex') === '0000000804d2162f') socket.end('S');
        else if (/^HEAD/.test(chunk.toString('latin1')) && !isPostgres)
          socket.end('HTTP/1.1 400 Bad Request\r\n\r\n');
        else socket.destroy();
      }),
    );
    const [first, second] = [await server.look(), await server.look()];
    expect([first.message, second.message]).toEqual(
      Array(2).fill('The server speaks plain PostgreSQL: turn on STARTTLS for postgres.'),
    );
    isPostgres = false;
    expect((await server.look()).message).toBe('The server answers in plain HTTP: is TLS on another port?');
  });
});

describe('what a port was found to speak', () => {
  it('is asked again after six hours where it was nothing', async () => {
    let now = 0;
    const ports = new SpokenPorts(() => now);
    const asked: number[] = [];
    const ask = async (names: readonly StarttlsProtocol[]) => {
      asked.push(names.length);
      return null;
    };
    for (const at of [0, 1, 6 * 3_600_000 - 1, 6 * 3_600_000]) {
      now = at;
      await ports.ask('host:1', ['imap', 'xmpp'], ask);
    }
    expect(asked).toEqual([2, 2]);
  });

  it('is asked for by itself first where it was something', async () => {
    const ports = new SpokenPorts();
    const asked: string[] = [];
    let speaks: StarttlsProtocol | null = 'xmpp';
    const ask = async (names: readonly StarttlsProtocol[]) => {
      asked.push(names.join());
      return speaks !== null && names.includes(speaks) ? { sentence: speaks, by: speaks } : null;
    };
    const all: StarttlsProtocol[] = ['ldap', 'xmpp'];
    expect(await ports.ask('host:1', all, ask)).toBe('xmpp');
    expect(await ports.ask('host:1', all, ask)).toBe('xmpp');
    speaks = 'ldap';
    expect(await ports.ask('host:1', all, ask)).toBe('ldap');
    speaks = null;
    expect(await ports.ask('host:1', all, ask)).toBeNull();
    expect(asked).toEqual(['ldap,xmpp', 'xmpp', 'xmpp', 'ldap,xmpp', 'ldap', 'ldap,xmpp']);
  });
});
