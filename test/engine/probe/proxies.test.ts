import { writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import tls from 'node:tls';
import { afterAll, describe, expect, it } from 'vitest';
import { Prober } from '../../../electron/engine/probe/prober.ts';
import { connectionSchema } from '../../../shared/schema/connection.ts';
import type { StarttlsProtocol } from '../../../shared/schema/target.ts';
import { defaultThresholds } from '../../../shared/schema/thresholds.ts';
import { makeCa } from '../../support/pki.ts';
import { serveHttpProxy, serveSocks4Proxy } from '../../support/proxies.ts';
import { serveScript } from '../../support/scripted-server.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { listen, servePlain, serveTls } from '../../support/tls-server.ts';

const folder = temporaryFolder();
afterAll(() => folder[Symbol.dispose]());
const root = makeCa();
writeFileSync(folder.file('root.pem'), root.pem);
const leaf = root.issue({ sans: ['hidden.internal'] });

async function check(
  port: number,
  proxy: string,
  {
    starttls = null,
    caFiles = [folder.file('root.pem')],
    resolve,
  }: {
    starttls?: StarttlsProtocol | null;
    caFiles?: string[];
    resolve?: (name: string) => Promise<{ address: string; family: 4 | 6 }[]>;
  } = {},
) {
  const { result } = await new Prober(resolve ? { resolve } : {}).check({
    target: { host: 'hidden.internal', port, servername: null, starttls },
    thresholds: defaultThresholds,
    caFiles,
    connection: connectionSchema.parse({ proxy }),
    timeoutMs: 10_000,
  });
  return result;
}

/** A proxy that answers a CONNECT with these bytes and then carries on to a port. */
const tunnel = (port: number, answer: string | string[]) => (client: Socket) => {
  client.once('data', () => {
    const upstream = connect(port, '127.0.0.1');
    upstream.on('error', () => client.destroy());
    client.on('close', () => upstream.destroy());
    for (const piece of [answer].flat()) client.write(piece);
    client.pipe(upstream).pipe(client);
  });
};

describe('an HTTP proxy', () => {
  it.each<[string, string | string[]]>([
    ['200', 'HTTP/1.1 200 OK\r\n\r\n'],
    ['201', 'HTTP/1.1 201 Created\r\n\r\n'],
    ['204', 'HTTP/1.1 204 No Content\r\n\r\n'],
    ['299 without a reason', 'HTTP/1.1 299\r\n\r\n'],
    ['200 in HTTP/1.0, lines ended by LF', 'HTTP/1.0 200\nVia: x\n\n'],
    ['100 before', 'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n\r\n'],
    [
      '102 and 103 before',
      [
        'HTTP/1.1 102 Processing\r\n\r\n',
        'HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n',
        'HTTP/1.1 200 OK\r\n\r\n',
      ],
    ],
    ['a length', 'HTTP/1.1 200 OK\r\nContent-Length: 17\r\n\r\n'],
    [
      'two lengths and chunks',
      'HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\nTransfer-Encoding: chunked, identity\r\n\r\n',
    ],
    ['an answer in pieces', ['HT', 'TP/1.1 2', '00 OK\r\n', '\r', '\n']],
  ])('opens the tunnel by %s (RFC 9110 §9.3.6)', async (_what, answer) => {
    await using server = await serveTls(leaf);
    await using proxy = await servePlain(tunnel(server.port, answer));
    expect(await check(server.port, `http://127.0.0.1:${proxy.port}`)).toMatchObject({
      status: 'ok',
      unreachable: null,
    });
  });

  it('gives the first words of a server that come with its answer to the tunnel', async () => {
    await using server = await serveScript(
      [{ hear: /EHLO/ }, { say: '250 STARTTLS\r\n' }, { hear: /STARTTLS/ }, { say: '220 go\r\n' }, 'tls'],
      leaf,
    );
    await using proxy = await servePlain(
      tunnel(server.port, 'HTTP/1.1 200 OK\r\n\r\n220 mail.example ESMTP\r\n'),
    );
    const result = await check(server.port, `http://127.0.0.1:${proxy.port}`, { starttls: 'smtp' });
    expect(result).toMatchObject({ status: 'ok', unreachable: null });
  });

  it.each([
    [
      'HTTP/1.1 403 Forbidden',
      /^The proxy does not connect to hidden\.internal:443: 403 Forbidden\.$/,
      /may connect/,
    ],
    ['HTTP/1.1 407 Proxy Authentication Required', /407 Proxy Auth/, /user name and password/],
    ['HTTP/1.1 101 Switching Protocols', /101 Switching Protocols/, /may connect/],
    ['HTTP/1.1 302 Found', /302 Found/, /may connect/],
    ['SSH-2.0-OpenSSH_9.6', /cannot be used: it does not answer in HTTP\.$/, /its scheme/],
    ['HTTP/1.1 OK', /cannot be used: it does not answer in HTTP\.$/, /its scheme/],
  ])('that answers %s is told in its words, with a remedy of its cause', async (line, message, remedy) => {
    await using proxy = await servePlain((socket) =>
      socket.once('data', () => socket.end(`${line}\r\n\r\n`)),
    );
    const result = await check(443, `http://127.0.0.1:${proxy.port}`);
    expect(result.unreachable).toMatchObject({ reason: 'refused', message: expect.stringMatching(message) });
    expect(result.problems[0]?.remedy).toMatch(remedy);
  });

  it('that sends more than twenty interim answers is given up, whatever comes then', async () => {
    const interim = 'HTTP/1.1 100 Continue\r\n\r\n'.repeat(21);
    await using proxy = await servePlain((socket) =>
      socket.once('data', () => socket.write(`${interim}HTTP/1.1 200 OK\r\n\r\n`)),
    );
    expect((await check(443, `http://127.0.0.1:${proxy.port}`)).unreachable?.message).toMatch(
      /its answer has no end\.$/,
    );
  });

  it.each([
    ['a head', 'X-A: b\r\n'.repeat(1000)],
    ['informational answers', '\r\nHTTP/1.1 100 Continue\r\n'.repeat(1000)],
  ])('that sends %s without end is given up', async (_what, piece) => {
    await using proxy = await servePlain((socket) =>
      socket.once('data', () => {
        socket.write('HTTP/1.1 100 Continue\r\n');
        const more = () => {
          while (socket.writable && socket.write(piece));
        };
        socket.on('drain', more);
        more();
      }),
    );
    expect((await check(443, `http://127.0.0.1:${proxy.port}`)).unreachable?.message).toMatch(
      /its answer has no end\.$/,
    );
  });
});

describe('a password of a proxy that is no percent-encoding', () => {
  it('is sent as it was stored', async () => {
    await using server = await serveTls(leaf);
    await using proxy = await serveHttpProxy('100%', () => server.port);
    const result = await check(server.port, `http://ops:100%@127.0.0.1:${proxy.port}`);
    expect(result.unreachable).toBeNull();
    expect(proxy.requests[0]?.user).toBe('ops');
  });
});

describe('a proxy that is spoken to in TLS', () => {
  const serveHttps = async (names: string[], upstream: number) => {
    const certificate = root.issue({ sans: names });
    const server = tls.createServer({ cert: certificate.pem, key: certificate.key }, (client) => {
      client.on('error', () => undefined);
      client.once('data', () => {
        const onward = connect(upstream, '127.0.0.1', () => client.write('HTTP/1.1 200 OK\r\n\r\n'));
        onward.on('error', () => client.destroy());
        client.on('close', () => onward.destroy());
        client.pipe(onward).pipe(client);
      });
    });
    server.on('tlsClientError', () => undefined);
    return listen(server);
  };

  it.each(['light', 'full'])('carries a check once it is verified by the CA files', async () => {
    await using server = await serveTls(leaf);
    await using proxy = await serveHttps(['127.0.0.1'], server.port);
    expect(await check(server.port, `https://127.0.0.1:${proxy.port}`)).toMatchObject({
      status: 'ok',
      unreachable: null,
    });
  });

  it.each([
    ['for another name', ['proxy.example'], /its certificate is for another name/, true],
    ['of an unknown CA', ['127.0.0.1'], /its certificate is not trusted here/, false],
  ] as const)(
    'is given no password where its certificate is %s',
    async (_what, names, sentence, isTrusted) => {
      await using server = await serveTls(leaf);
      await using proxy = await serveHttps([...names], server.port);
      const { unreachable } = await check(server.port, `https://ada:s3cret@127.0.0.1:${proxy.port}`, {
        caFiles: isTrusted ? [folder.file('root.pem')] : [],
      });
      expect(unreachable).toMatchObject({ reason: 'refused', message: expect.stringMatching(sentence) });
      expect(server.connections).toBe(0);
    },
  );

  it('is told apart from one in plain text', async () => {
    await using proxy = await servePlain((socket) =>
      socket.once('data', () => socket.end('HTTP/1.1 400 Bad\r\n\r\n')),
    );
    expect((await check(443, `https://127.0.0.1:${proxy.port}`)).unreachable?.message).toMatch(
      /does not answer in TLS/,
    );
  });
});

describe('a SOCKS4 proxy', () => {
  const nobody = async () => {
    throw new Error('The name was looked up.');
  };

  it('is given the name in SOCKS4a, and the user', async () => {
    await using server = await serveTls(leaf);
    await using proxy = await serveSocks4Proxy();
    const result = await check(server.port, `socks4a://ada@127.0.0.1:${proxy.port}`, { resolve: nobody });
    expect(result).toMatchObject({ status: 'ok', unreachable: null });
    expect(proxy.requests).toEqual([{ target: `hidden.internal:${server.port}`, user: 'ada' }]);
  });

  it('is given an IPv4 address in SOCKS4', async () => {
    await using server = await serveTls(leaf);
    await using proxy = await serveSocks4Proxy();
    const at = `socks4://127.0.0.1:${proxy.port}`;
    const both = async () => [
      { address: '::1', family: 6 as const },
      { address: '127.0.0.1', family: 4 as const },
    ];
    expect((await check(server.port, at, { resolve: both })).unreachable).toBeNull();
    expect(proxy.requests[0]?.target).toBe(`127.0.0.1:${server.port}`);
    const only6 = async () => [{ address: '::1', family: 6 as const }];
    expect((await check(server.port, at, { resolve: only6 })).unreachable?.message).toMatch(
      /no IPv6 addresses/,
    );
  });

  it('that refuses is told', async () => {
    await using proxy = await serveSocks4Proxy(91);
    expect((await check(443, `socks4a://127.0.0.1:${proxy.port}`)).unreachable).toMatchObject({
      reason: 'refused',
      message: expect.stringMatching(/^The proxy does not connect to hidden\.internal:443: /),
    });
  });
});
