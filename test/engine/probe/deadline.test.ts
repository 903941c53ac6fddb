import { once } from 'node:events';
import type { Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { Prober } from '../../../electron/engine/probe/prober.ts';
import { connectionSchema } from '../../../shared/schema/connection.ts';
import { defaultThresholds } from '../../../shared/schema/thresholds.ts';
import { silentHttpProxies, silentSocksProxies } from '../../support/hostile/proxies.ts';
import { servePlain } from '../../support/tls-server.ts';

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
async function serve(play: (socket: Socket, connections: number) => void) {
  const closed: Promise<unknown>[] = [];
  const server = await servePlain((socket) => {
    closed.push(once(socket, 'close'));
    socket.resume();
    play(socket, closed.length);
  });
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
