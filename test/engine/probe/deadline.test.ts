import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import tls from 'node:tls';
import { describe, expect, it } from 'vitest';
import { Deadline } from '../../../electron/engine/probe/deadline.ts';
import { Prober } from '../../../electron/engine/probe/prober.ts';
import { connectionSchema } from '../../../shared/schema/connection.ts';
import { defaultThresholds } from '../../../shared/schema/thresholds.ts';
import { silentHttpProxies, silentSocksProxies } from '../../support/hostile/proxies.ts';
import { makeSelfSigned } from '../../support/pki.ts';
import { listen } from '../../support/tls-server.ts';

async function check(port: number, connection: object = {}, starttls: 'smtp' | null = null) {
  const { result } = await new Prober().check({
    target: { host: 'localhost', port, servername: null, starttls },
    thresholds: defaultThresholds,
    caFiles: [],
    connection: connectionSchema.parse({ family: 'ipv4', ...connection }),
    timeoutMs: 400,
  });
  return result;
}

/** A server that plays a part, with the close of its latest connection to wait for. */
async function serve(play: (socket: Socket, connections: number) => void, host = '127.0.0.1') {
  const closed: Promise<unknown>[] = [];
  const plain = createServer((socket) => {
    closed.push(once(socket, 'close'));
    socket.resume();
    play(socket, closed.length);
  });
  const server = await listen(plain, host);
  return Object.assign(server, { allClosed: () => Promise.all(closed) });
}

describe('the deadline of a check', () => {
  it('reaches the look at what a port speaks, and what was found out by then is the answer (F10)', async () => {
    await using server = await serve((socket, connections) => {
      if (connections === 1) socket.once('data', () => socket.end('no TLS here\r\n'));
    });
    expect((await check(server.port)).unreachable).toEqual({
      reason: 'not-tls',
      message: 'The server does not answer in TLS: is this the right port?',
    });
    await server.allClosed(); // The second connection, which never answers, is ended by us.
  });

  it('reaches a dialogue, and says so', async () => {
    await using server = await serve((socket) => socket.write('220 hello\r\n'));
    expect((await check(server.port, {}, 'smtp')).unreachable).toMatchObject({
      reason: 'timeout',
      message: expect.stringMatching(/before TLS started/),
    });
    await server.allClosed();
  });

  const proxies = [
    ...Object.entries(silentHttpProxies).map(([what, play]) => ['http', what, play] as const),
    ...Object.entries(silentSocksProxies).map(([what, play]) => ['socks5', what, play] as const),
  ];
  it.each(proxies)(
    'ends the connection to a silent proxy: %s, that %s (finding 15)',
    async (scheme, _what, play) => {
      await using proxy = await serve(play);
      const result = await check(443, { proxy: `${scheme}://127.0.0.1:${proxy.port}` });
      expect(result.unreachable?.reason).toBe('timeout');
      await proxy.allClosed();
    },
  );
});

describe('one deadline', () => {
  const silent = () => serve(() => undefined);
  const request = (port: number, more: object = {}, connection: object = {}) => ({
    target: { host: 'localhost', port, servername: null, starttls: null },
    thresholds: defaultThresholds,
    caFiles: [],
    connection: connectionSchema.parse({ family: 'ipv4', ...connection }),
    timeoutMs: 400,
    ...more,
  });

  it('holds for both certificates of a server together: the second is not asked for once it has passed', async () => {
    await using server = await silent();
    const { result } = await new Prober().check(request(server.port, {}, { bothCertificates: true }));
    expect(result.unreachable?.reason).toBe('timeout');
    expect(server.connections).toBe(1);
  });

  it('holds for all addresses together: each is asked at once, and a silent one costs the others nothing', async () => {
    const leaf = makeSelfSigned();
    const addresses = Array.from({ length: 12 }, (_, index) => `127.0.1.${index + 1}`);
    await using server = await serve((socket) => {
      if (socket.localAddress !== addresses.at(-1)) return;
      socket.pause();
      tlsServer.emit('connection', socket);
    }, '0.0.0.0');
    const tlsServer = tls.createServer({ cert: leaf.pem, key: leaf.key });
    tlsServer.on('tlsClientError', () => undefined); // The check hangs up once it has read the certificate.
    const resolve = async () => addresses.map((address) => ({ address, family: 4 as const }));
    const { result } = await new Prober({ resolve }).check(
      request(server.port, { timeoutMs: 2_000 }, { allAddresses: true }),
    );
    const seen = result.addresses?.filter(({ status }) => status !== 'unreachable');
    expect(seen?.map(({ address }) => address)).toEqual(addresses.slice(-1));
    expect(result.addresses).toHaveLength(12);
    expect(server.connections).toBeGreaterThanOrEqual(12);
  });

  it('counts from when the check began, for files and hosts alike', async () => {
    await using server = await silent();
    const past = { begunAt: performance.now() - 1_000 };
    const { result } = await new Prober().check(request(server.port, past));
    expect(result.unreachable).toMatchObject({
      reason: 'timeout',
      message: expect.stringContaining('within 0.4 seconds'),
    });
    expect(server.connections).toBe(0);
    const files = { certFile: '/nowhere.pem', keyFile: '/nowhere.key', passphraseFile: null };
    await expect(
      new Prober().check(request(server.port, past, { clientCertificate: files })),
    ).rejects.toThrow(/could not be read in time/);
    await expect(
      new Prober().check(request(server.port, { ...past, caFiles: ['/nowhere.pem'] })),
    ).rejects.toThrow(/could not be read in time/);
  });

  it('ends within four timeouts, however often it starts again', () => {
    using deadline = new Deadline(1_000, undefined, performance.now() - 900);
    for (let count = 0; count < 50; count += 1) deadline.restart(3);
    expect(deadline.leftMs).toBeLessThanOrEqual(3_100);
    using part = deadline.fork();
    expect(part.leftMs).toBeLessThanOrEqual(100);
    part.restart(2);
    expect(part.leftMs).toBeGreaterThan(1_500);
  });
});

describe('a proxy’s words', () => {
  it.each([
    ['refuses', 'HTTP/1.1 403'],
    ['does not know CONNECT', 'HTTP/1.1 405'],
  ])('are one line that can be shown where it %s (finding 12)', async (_what, status) => {
    const words = `\u001b[31mred\u009b\u200f ${'x'.repeat(5_000)}`;
    await using proxy = await serve((socket) =>
      socket.once('data', () => socket.end(Buffer.from(`${status} ${words}\r\n\r\n`, 'latin1'))),
    );
    const { unreachable } = await check(443, { proxy: `http://127.0.0.1:${proxy.port}` });
    const message = unreachable?.message ?? '';
    expect(message).toMatch(/^The proxy/);
    expect(message).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    expect(message.length).toBeLessThan(400);
  });
});
