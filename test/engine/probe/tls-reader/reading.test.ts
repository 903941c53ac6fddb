import { createPrivateKey } from 'node:crypto';
import { connect } from 'node:net';
import tls from 'node:tls';
import { describe, expect, it } from 'vitest';
import { Prober } from '../../../../electron/engine/probe/prober.ts';
import { readPresentation } from '../../../../electron/engine/probe/tls-reader/read-presentation.ts';
import { connectionSchema } from '../../../../shared/schema/connection.ts';
import { defaultThresholds } from '../../../../shared/schema/thresholds.ts';
import { pour } from '../../../support/hostile/behaviour.ts';
import { firstRecords } from '../../../support/hostile/records.ts';
import { flight, serveImpostor } from '../../../support/impostor-server.ts';
import { serveByOpenssl } from '../../../support/openssl-server.ts';
import { type Issued, type KeyKind, makeCa, makeKey } from '../../../support/pki.ts';
import { listen, servePlain, serveTls } from '../../../support/tls-server.ts';

const ca = makeCa('Reader Root');
const never = new AbortController().signal;
const read = (port: number, servername: string | null = 'localhost') =>
  readPresentation(connect({ port, host: '127.0.0.1' }), { servername }, never);

const check = (port: number, connection: object = {}) =>
  new Prober().check({
    target: { host: 'localhost', port, servername: null, starttls: null },
    thresholds: defaultThresholds,
    caFiles: [],
    connection: connectionSchema.parse({ family: 'ipv4', ...connection }),
    timeoutMs: 10_000,
  });

const hex = (bytes: Buffer) => bytes.toString('hex');
const lax = ['-cipher', 'ALL:!aNULL:@SECLEVEL=0'];
const leaves = new Map<KeyKind, Issued>();
function leafOf(kind: KeyKind): Issued {
  const leaf = leaves.get(kind) ?? ca.issue({ key: kind });
  leaves.set(kind, leaf);
  return leaf;
}

describe('openssl s_server', () => {
  it.each<[version: string, kind: KeyKind, args: string[], cipher: RegExp]>([
    ['TLSv1', 'rsa2048', ['-tls1', ...lax], /^TLS_ECDHE_RSA_/],
    ['TLSv1', 'p256', ['-tls1', ...lax], /^TLS_ECDHE_ECDSA_/],
    ['TLSv1.1', 'rsa2048', ['-tls1_1', ...lax], /^TLS_ECDHE_RSA_/],
    ['TLSv1.1', 'p384', ['-tls1_1', ...lax], /^TLS_ECDHE_ECDSA_/],
    ['TLSv1', 'dsa2048', ['-tls1', ...lax], /^TLS_DHE_DSS_/],
    ...(
      [
        'ECDHE-RSA-AES256-GCM-SHA384',
        'ECDHE-RSA-AES128-GCM-SHA256',
        'ECDHE-RSA-CHACHA20-POLY1305',
        'ECDHE-RSA-AES256-SHA384',
        'ECDHE-RSA-AES128-SHA',
        'DHE-RSA-AES256-GCM-SHA384',
        'DHE-RSA-AES128-SHA256',
        'DHE-RSA-CHACHA20-POLY1305',
      ] as const
    ).map((suite): [string, KeyKind, string[], RegExp] => [
      'TLSv1.2',
      'rsa2048',
      ['-tls1_2', '-cipher', `${suite}:@SECLEVEL=0`],
      suite.startsWith('DHE') ? /^TLS_DHE_RSA_/ : /^TLS_ECDHE_RSA_/,
    ]),
    ...[
      'ECDHE-ECDSA-AES256-GCM-SHA384',
      'ECDHE-ECDSA-AES128-CCM',
      'ECDHE-ECDSA-CHACHA20-POLY1305',
      'ECDHE-ECDSA-AES256-SHA',
    ].map((suite): [string, KeyKind, string[], RegExp] => [
      'TLSv1.2',
      'p256',
      ['-tls1_2', '-cipher', suite],
      /^TLS_ECDHE_ECDSA_/,
    ]),
    ...(['p384', 'p521', 'ed25519', 'secp256k1', 'brainpool256'] as const).map(
      (kind): [string, KeyKind, string[], RegExp] => ['TLSv1.2', kind, ['-tls1_2'], /^TLS_ECDHE_ECDSA_/],
    ),
    ...['X25519', 'P-256', 'P-384', 'P-521', 'brainpoolP256r1', 'secp256k1'].map(
      (group): [string, KeyKind, string[], RegExp] => [
        'TLSv1.2',
        'p256',
        ['-tls1_2', '-groups', group],
        /^TLS_ECDHE_ECDSA_/,
      ],
    ),
    ...['X25519', 'P-256', 'P-384', 'P-521'].map((group): [string, KeyKind, string[], RegExp] => [
      'TLSv1.3',
      'p256',
      ['-tls1_3', '-groups', group],
      /^TLS_AES_256_GCM_SHA384$/,
    ]),
    ...['TLS_AES_128_GCM_SHA256', 'TLS_AES_256_GCM_SHA384'].map(
      (suite): [string, KeyKind, string[], RegExp] => [
        'TLSv1.3',
        'rsa2048',
        ['-tls1_3', '-ciphersuites', suite],
        new RegExp(`^${suite}$`),
      ],
    ),
    ...(['p256', 'p384', 'p521', 'ed25519', 'rsa2048', 'rsa4096'] as const).map(
      (kind): [string, KeyKind, string[], RegExp] => ['TLSv1.3', kind, ['-tls1_3'], /^TLS_AES_/],
    ),
    ...['RSA+SHA1', 'RSA+SHA256', 'RSA+SHA512', 'RSA-PSS+SHA256', 'RSA-PSS+SHA384'].map(
      (algorithm): [string, KeyKind, string[], RegExp] => [
        'TLSv1.2',
        'rsa2048',
        ['-tls1_2', '-sigalgs', algorithm, '-cipher', 'ECDHE-RSA-AES256-GCM-SHA384:@SECLEVEL=0'],
        /^TLS_ECDHE_RSA_/,
      ],
    ),
    ...['RSA-PSS+SHA256', 'RSA-PSS+SHA384', 'RSA-PSS+SHA512'].map(
      (algorithm): [string, KeyKind, string[], RegExp] => [
        'TLSv1.3',
        'rsa2048',
        ['-tls1_3', '-sigalgs', algorithm],
        /^TLS_AES_/,
      ],
    ),
    ['TLSv1.3', 'p256', ['-tls1_3', '-Verify', '1'], /^TLS_AES_/],
    ['TLSv1.2', 'p256', ['-tls1_2', '-Verify', '1'], /^TLS_ECDHE_ECDSA_/],
  ])('%s, %s, %j: is read, and its key proven', async (version, kind, args, cipher) => {
    const leaf = leafOf(kind);
    await using server = await serveByOpenssl(leaf, [ca], args);
    const presented = await read(server.port);
    expect(presented).toMatchObject({ protocol: version, isKeyProven: true });
    expect(presented.cipher).toMatch(cipher);
    expect(presented.chain.map(hex)).toEqual([leaf.der, ca.der].map(hex));
  });

  it('with RSA key exchange alone is read unproven, and the full reader has the last word', async () => {
    const leaf = leafOf('rsa2048');
    const args = ['-tls1_2', '-cipher', 'AES256-GCM-SHA384:@SECLEVEL=0'];
    await using server = await serveByOpenssl(leaf, [ca], args);
    expect(await read(server.port)).toMatchObject({
      isKeyProven: false,
      cipher: 'TLS_RSA_WITH_AES_256_GCM_SHA384',
    });
    const { result } = await check(server.port);
    expect(result).toMatchObject({ unreachable: null, cipher: 'TLS_RSA_WITH_AES_256_GCM_SHA384' });
  });

  it('with ChaCha20 alone in TLS 1.3 is read by the full reader', async () => {
    const args = ['-tls1_3', '-ciphersuites', 'TLS_CHACHA20_POLY1305_SHA256'];
    await using server = await serveByOpenssl(leafOf('p256'), [ca], args);
    await expect(read(server.port)).rejects.toThrow(/no TLS settings in common \(alert handshake_failure\)/);
    await using again = await serveByOpenssl(leafOf('p256'), [ca], args);
    expect((await check(again.port)).result.cipher).toBe('TLS_CHACHA20_POLY1305_SHA256');
  });
});

describe('a server with the right certificate', () => {
  it.each(['TLSv1.2', 'TLSv1.3'] as const)('and its key is believed, in %s', async (version) => {
    for (const kind of ['p256', 'rsa2048'] as const) {
      const leaf = leafOf(kind);
      await using server = await serveImpostor(version, [leaf, ca], createPrivateKey(leaf.key));
      expect(await read(server.port)).toMatchObject({ protocol: version, isKeyProven: true });
    }
  });
  it.each(['TLSv1.2', 'TLSv1.3'] as const)('and another key is found out, in %s', async (version) => {
    for (const kind of ['p256', 'rsa2048'] as const) {
      await using server = await serveImpostor(version, [leafOf(kind), ca], makeKey(kind));
      const { result } = await check(server.port);
      expect(result).toMatchObject({
        status: 'critical',
        certificate: { subject: 'CN=localhost' },
        unreachable: null,
      });
      const fault = result.problems.find(({ code }) => code === 'key-not-proven');
      expect(fault?.message).toMatch(/The server does not hold the certificate’s key\.$/);
      expect(server.connections).toBe(1); // The full reader is not asked again.
    }
  });
  it('and a signature from another handshake is found out', async () => {
    const leaf = leafOf('p256');
    let recorded: Buffer | null = null;
    await using server = await servePlain((socket) => {
      socket.once('data', (chunk: Buffer) => {
        recorded ??= flight('TLSv1.2', chunk.subarray(5), [leaf, ca], createPrivateKey(leaf.key));
        socket.write(recorded);
      });
    });
    expect(await read(server.port)).toMatchObject({ isKeyProven: true });
    await expect(read(server.port)).rejects.toThrow('The server does not hold the certificate’s key.');
  });
});

describe('a server with an RSA and an ECDSA certificate', () => {
  /** Node's server takes both and chooses by what the client can verify. */
  const serveBoth = (ecdsa: Issued, rsa: Issued, options: tls.TlsOptions = {}) =>
    listen(
      tls
        .createServer({ cert: [ecdsa.pem, rsa.pem], key: [ecdsa.key, rsa.key], ...options })
        .on('tlsClientError', () => undefined),
    );
  it.each(['TLSv1.2', 'TLSv1.3'] as const)(
    'shows both when asked twice: the worse decides, in %s',
    async (version) => {
      const ecdsa = ca.issue({ key: 'p256', notAfterDays: 80 });
      const rsa = ca.issue({ key: 'rsa2048', notBeforeDays: -85, notAfterDays: 3 });
      await using server = await serveBoth(ecdsa, rsa, { minVersion: version, maxVersion: version });
      const one = await check(server.port);
      expect(one.result.certificates).toBeNull();
      const { result } = await check(server.port, { bothCertificates: true });
      expect(result.certificate?.key.type).toBe('rsa');
      expect(result.problems.map(({ code }) => code)).toContain('expiring');
      expect(result.certificates?.map(({ keyType }) => keyType)).toEqual(['ec', 'rsa']);
    },
  );
  it('is shown with the one that it has where it has but one', async () => {
    await using server = await serveTls(leafOf('rsa2048'), [ca]);
    const { result } = await check(server.port, { bothCertificates: true });
    expect(result.certificates).toMatchObject([{ keyType: 'rsa' }]);
  });
  it('cannot be asked twice by the full reader', () => {
    expect(connectionSchema.safeParse({ bothCertificates: true, reader: 'full' }).success).toBe(false);
  });
});

describe('what the full reader cannot read', () => {
  it('is read by the light one: a certificate message over 100 kB', async () => {
    const names = Array.from({ length: 12_000 }, (_, index) => `name-${index}.example`);
    const leaf = ca.issue({ sans: ['localhost', ...names] });
    await using server = await serveTls(leaf, [ca]);
    const { result } = await check(server.port);
    expect(result.certificate?.sans).toHaveLength(12_001);
    const { result: byFull } = await check(server.port, { reader: 'full' });
    // The library reads no message so large: what the light reader sees is kept.
    expect(byFull.certificate?.sans).toHaveLength(12_001);
  });
});

describe('what is no handshake', () => {
  const said: Record<keyof typeof firstRecords, RegExp> = {
    'plain HTTP': /does not answer in TLS/,
    'a record of nothing': /breaks the rules of TLS: a handshake record is empty/,
    'a record that is too long': /longer than TLS allows/,
    'application data at once': /has no place in a handshake/,
    'an alert': /does not know this name \(alert unrecognized_name\)/,
    'an alert without a name': /\(alert number 199\)/,
    'a goodbye': /closed the connection/,
    'a message of another kind': /first message is no ServerHello/,
  };
  it.each(Object.entries(firstRecords))('%s has its sentence', async (name, bytes) => {
    await using server = await servePlain((socket) => socket.once('data', () => socket.write(bytes)));
    // SAFETY: the name is a key of the records.
    await expect(read(server.port)).rejects.toThrow(said[name as keyof typeof firstRecords]);
  });
  it('that goes on without end is cut off', async () => {
    const warnings = Buffer.alloc(6 * 4000, Buffer.from([20, 3, 3, 0, 1, 1]));
    await using server = await servePlain((socket) => socket.once('data', () => pour(socket, warnings)));
    await expect(read(server.port)).rejects.toThrow(/goes on without end/);
  });
  it('ends when the check does', async () => {
    await using silent = await servePlain(() => undefined);
    const abort = new AbortController();
    const reading = readPresentation(
      connect({ port: silent.port, host: '127.0.0.1' }),
      { servername: null },
      abort.signal,
    );
    abort.abort(new Error('enough'));
    await expect(reading).rejects.toThrow('enough');
  });
});

it('ends every reading with a goodbye that the server understands', async () => {
  for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
    const leaf = leafOf('p256');
    const server = tls.createServer({
      cert: leaf.pem,
      key: leaf.key,
      minVersion: version,
      maxVersion: version,
    });
    const ended = Promise.withResolvers<string>();
    server.on('tlsClientError', (error) => ended.resolve(error.message));
    await using listening = await listen(server);
    await read(listening.port);
    // Node's words for a client that left in order: no alert that cannot be read, no broken record, no reset.
    expect(await ended.promise).toBe('socket hang up');
  }
});
