import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import tls from 'node:tls';
import { describe, expect, it } from 'vitest';
import { Deadline } from '../../../electron/engine/probe/deadline.ts';
import { Prober } from '../../../electron/engine/probe/prober.ts';
import { connectionSchema } from '../../../shared/schema/connection.ts';
import { defaultThresholds } from '../../../shared/schema/thresholds.ts';
import { silentHttpProxies, silentSocksProxies } from '../../support/hostile/proxies.ts';
import { makeSelfSigned } from '../../support/pki.ts';
import { der } from '../../support/revocation-list.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
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

const oid = (hex: string) => der(0x06, Buffer.from(hex, 'hex'));

/** An EncryptedPrivateKeyInfo (RFC 5958 §3) by PBES2, whose key derivation is given. */
function encryptedKey(derivation: Buffer): string {
  const cipher = der(0x30, oid('60864801650304012a'), der(0x04, Buffer.alloc(16)));
  const scheme = der(0x30, oid('2a864886f70d01050d'), der(0x30, derivation, cipher));
  const info = der(0x30, scheme, der(0x04, Buffer.alloc(144)));
  return `-----BEGIN ENCRYPTED PRIVATE KEY-----\n${info.toString('base64')}\n-----END ENCRYPTED PRIVATE KEY-----\n`;
}

/** @param rounds as an INTEGER's octets */
const pbkdf2 = (rounds: string) =>
  der(
    0x30,
    oid('2a864886f70d01050c'),
    der(0x30, der(0x04, Buffer.alloc(16)), der(0x02, Buffer.from(rounds, 'hex'))),
  );

/** scrypt with N and p of 2^17: within OpenSSL's bound of memory, and half an hour of work. */
const scrypt = der(
  0x30,
  oid('2b06010401da47040b'),
  der(
    0x30,
    der(0x04, Buffer.alloc(16)),
    der(0x02, Buffer.from('020000', 'hex')),
    der(0x02, Buffer.from('01', 'hex')),
    der(0x02, Buffer.from('020000', 'hex')),
  ),
);

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

  const tooMuch = /client\.key asks for more than 10 million rounds to open it/;
  const tooLong = /The client certificate could not be read in time/;
  it.each([
    ['2^31 rounds of PBKDF2', pbkdf2('7fffffff'), tooMuch],
    ['scrypt for half an hour', scrypt, tooMuch],
    ['nine million rounds, which outlast it', pbkdf2('00895440'), tooLong],
  ])('reaches the key of a client certificate that asks for %s', async (_what, derivation, sentence) => {
    await using server = await silent();
    using folder = temporaryFolder();
    writeFileSync(folder.file('client.pem'), makeSelfSigned().pem);
    writeFileSync(folder.file('client.key'), encryptedKey(derivation));
    writeFileSync(folder.file('passphrase'), 'secret');
    const clientCertificate = {
      certFile: folder.file('client.pem'),
      keyFile: folder.file('client.key'),
      passphraseFile: folder.file('passphrase'),
    };
    await expect(new Prober().check(request(server.port, {}, { clientCertificate }))).rejects.toThrow(
      sentence,
    );
    expect(server.connections).toBe(0);
  });

  it('ends within four timeouts, however often it starts again', () => {
    using deadline = new Deadline(100_000, undefined, performance.now() - 90_000);
    for (let count = 0; count < 50; count += 1) deadline.restart(3);
    expect(deadline.leftMs).toBeLessThanOrEqual(310_000);
    using part = deadline.fork();
    expect(part.leftMs).toBeLessThanOrEqual(10_000);
    part.restart(2);
    expect(part.leftMs).toBeGreaterThan(150_000);
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
