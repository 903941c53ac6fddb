import { writeFileSync } from 'node:fs';
import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { connect } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { describe, expect, it } from 'vitest';
import { testMessage } from '../../../electron/engine/channels/message.ts';
import { channelSchema } from '../../../shared/schema/channels/channel.ts';
import { type Issued, makeCa } from '../../support/pki.ts';
import { serveHttpProxy, serveSocksProxy } from '../../support/proxies.ts';
import { makeSender } from '../../support/send-to-webhook.ts';
import { serveSmtp } from '../../support/smtp-server.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { listen, servePlain } from '../../support/tls-server.ts';

const now = Date.now();
const message = testMessage(now);
const ca = makeCa('Channel Root', { now });
const folder = temporaryFolder();
const caFile = folder.file('ca.pem');
writeFileSync(caFile, ca.pem);

/** Sends the test message to a channel. */
const send = (
  given: Record<string, unknown>,
  signal = new AbortController().signal,
  jobsProxy: string | null = null,
) =>
  makeSender({ jobsProxy: () => jobsProxy }).send(
    channelSchema.parse({ name: 'ops', ...given }),
    message,
    signal,
  );
const webhook = (url: string, proxy: string, more: Record<string, unknown> = {}) => ({
  type: 'webhook',
  ...{ url, proxy, caFile },
  ...more,
});

/** The other side of a webhook, which keeps the header Host of each request. */
async function receive(leaf?: Issued) {
  const hosts: (string | undefined)[] = [];
  const answer = (request: IncomingMessage, response: ServerResponse) => {
    hosts.push(request.headers.host);
    request.resume().on('end', () => response.writeHead(204).end());
  };
  const server = leaf
    ? createHttpsServer({ cert: leaf.pem, key: leaf.key }, answer)
    : createHttpServer(answer);
  return Object.assign(await listen(server), { hosts });
}
const leafFor = (...sans: string[]) => ca.issue({ now, sans });

describe('a channel with a proxy', () => {
  it('reaches its server through the tunnel alone, by the name that the proxy looks up', async () => {
    await using server = await receive();
    await using proxy = await serveHttpProxy();
    const url = `http://hook.invalid:${server.port}/path`;
    expect(await send(webhook(url, `http://127.0.0.1:${proxy.port}`))).toEqual({ ok: true });
    expect(proxy.requests).toEqual([{ target: `hook.invalid:${server.port}`, user: null }]);
    expect([server.connections, server.hosts]).toEqual([1, [`hook.invalid:${server.port}`]]);
    await proxy.allClosed();
  });

  it('verifies its server by the CA file within the tunnel', async () => {
    await using server = await receive(leafFor('hook.invalid'));
    await using proxy = await serveHttpProxy();
    const place = `hook.invalid:${server.port}`;
    const through = `http://127.0.0.1:${proxy.port}`;
    expect(await send(webhook(`https://${place}/`, through))).toEqual({ ok: true });
    expect(proxy.requests).toEqual([{ target: place, user: null }]);
    expect(await send(webhook(`https://other.invalid:${server.port}/`, through))).toMatchObject({
      ok: false,
      error: 'It could not be reached (ERR_TLS_CERT_ALTNAME_INVALID).',
    });
    expect((await send(webhook(`https://${place}/`, through, { caFile: null }))).ok).toBe(false);
    expect(server.hosts).toEqual([place]);
    await proxy.allClosed();
  });

  it.each([
    ['https', 443],
    ['http', 80],
  ] as const)(
    'asks for the usual port of %s, and leaves it out of the header Host',
    async (scheme, usual) => {
      await using server = await receive(scheme === 'https' ? leafFor('hook.invalid') : undefined);
      await using proxy = await serveHttpProxy(undefined, () => server.port);
      const sent = await send(webhook(`${scheme}://hook.invalid/`, `http://127.0.0.1:${proxy.port}`));
      expect(sent).toEqual({ ok: true });
      expect(proxy.requests).toMatchObject([{ target: `hook.invalid:${usual}` }]);
      expect(server.hosts).toEqual(['hook.invalid']);
    },
  );

  it('verifies a server without a name by its address', async () => {
    await using proxy = await serveHttpProxy();
    const through = `http://127.0.0.1:${proxy.port}`;
    await using named = await receive(leafFor('localhost'));
    expect(await send(webhook(`https://127.0.0.1:${named.port}/`, through))).toMatchObject({ ok: false });
    await using right = await receive(leafFor('127.0.0.1'));
    expect(await send(webhook(`https://127.0.0.1:${right.port}/`, through))).toEqual({ ok: true });
  });

  it('signs in to the proxy, and says so where it is refused', async () => {
    await using server = await receive();
    await using proxy = await serveHttpProxy('right');
    const url = `http://hook.invalid:${server.port}/`;
    expect(await send(webhook(url, `http://ops:right@127.0.0.1:${proxy.port}`))).toEqual({ ok: true });
    expect(await send(webhook(url, `http://ops:wrong@127.0.0.1:${proxy.port}`))).toMatchObject({
      ok: false,
      error: expect.stringContaining('407'),
    });
    expect(server.connections).toBe(1);
    await proxy.allClosed();
  });

  it('uses the one of checks, and SOCKS, and one in TLS', async () => {
    await using server = await receive(leafFor('hook.invalid'));
    const url = `https://hook.invalid:${server.port}/`;
    await using socks = await serveSocksProxy();
    expect(await send(webhook(url, `socks5://127.0.0.1:${socks.port}`))).toEqual({ ok: true });
    await using plain = await serveHttpProxy();
    const jobsProxy = `http://127.0.0.1:${plain.port}`;
    expect(await send(webhook(url, 'jobs'), undefined, jobsProxy)).toEqual({ ok: true });
    const leaf = leafFor('127.0.0.1');
    const inTls = createTlsServer({ cert: leaf.pem, key: leaf.key }, (client) => {
      const upstream = connect(plain.port, '127.0.0.1');
      client
        .on('error', () => upstream.destroy())
        .pipe(upstream)
        .pipe(client);
    });
    await using secure = await listen(inTls);
    expect(await send(webhook(url, `https://127.0.0.1:${secure.port}`))).toEqual({ ok: true });
    expect([socks.requests.length, plain.requests.length, server.hosts.length]).toEqual([1, 2, 3]);
    await plain.allClosed();
  });

  it.each([
    ['email', { type: 'email', security: 'none', from: 'na@x.test', to: ['ops@x.test'] }],
    ['syslog', { type: 'syslog', transport: 'tcp' }],
  ])('of type %s goes through the tunnel, too', async (type, fields) => {
    await using smtp = await serveSmtp();
    await using syslog = await servePlain((socket) => socket.resume());
    await using proxy = await serveHttpProxy();
    const port = type === 'email' ? smtp.port : syslog.port;
    const through = { host: 'server.internal', port, proxy: `http://127.0.0.1:${proxy.port}` };
    expect(await send({ ...fields, ...through })).toEqual({ ok: true });
    expect(proxy.requests).toEqual([{ target: `server.internal:${port}`, user: null }]);
    await proxy.allClosed();
  });
});

describe('the tunnel of a channel', () => {
  it('ends with the deadline of a server that never answers', async () => {
    await using silent = await servePlain((socket) => socket.resume());
    await using proxy = await serveHttpProxy();
    const through = `http://127.0.0.1:${proxy.port}`;
    for (const scheme of ['http', 'https']) {
      const controller = new AbortController();
      const sent = send(webhook(`${scheme}://hook.invalid:${silent.port}/`, through), controller.signal);
      await expect.poll(() => silent.connections).toBe(scheme === 'http' ? 1 : 2);
      controller.abort();
      expect(await sent).toMatchObject({ ok: false });
    }
    await proxy.allClosed();
  });

  it('ends where the request cannot be made, and the channel says why', async () => {
    await using server = await receive();
    await using proxy = await serveHttpProxy();
    const headers = [{ name: 'X-Team', value: 'wächter ✓' }];
    const url = `http://hook.invalid:${server.port}/`;
    for (const through of ['none', `http://127.0.0.1:${proxy.port}`])
      expect(await send(webhook(url, through, { headers }))).toMatchObject({
        ok: false,
        error: expect.stringContaining('header'),
      });
    await proxy.allClosed();
  });

  it('ends where a syslog channel cannot read its CA file', async () => {
    await using server = await servePlain((socket) => socket.resume());
    await using proxy = await serveHttpProxy();
    const through = { host: 'log.internal', port: server.port, proxy: `http://127.0.0.1:${proxy.port}` };
    const sent = await send({
      type: 'syslog',
      transport: 'tls',
      ...through,
      caFile: folder.file('none.pem'),
    });
    expect(sent).toMatchObject({ ok: false });
    await proxy.allClosed();
  });
});
