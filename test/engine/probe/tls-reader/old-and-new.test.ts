import { connect } from 'node:net';
import type { TlsOptions } from 'node:tls';
import { brotliCompressSync, deflateSync, zstdCompressSync } from 'node:zlib';
import forge from 'node-forge';
import { describe, expect, it } from 'vitest';
import { Prober } from '../../../../electron/engine/probe/prober.ts';
import { clientHello } from '../../../../electron/engine/probe/tls-reader/client-hello.ts';
import { OfferedShares } from '../../../../electron/engine/probe/tls-reader/key-shares.ts';
import { readPresentation } from '../../../../electron/engine/probe/tls-reader/read-presentation.ts';
import { connectionSchema } from '../../../../shared/schema/connection.ts';
import { defaultThresholds } from '../../../../shared/schema/thresholds.ts';
import {
  compressedCertificate,
  oldSuites,
  serveImpostor,
  serveOldDevice,
} from '../../../support/impostor-server.ts';
import { type Issued, makeCa } from '../../../support/pki.ts';
import { servePlain, serveTls } from '../../../support/tls-server.ts';

const ca = makeCa('Reader Root');
const rsa = ca.issue({ key: 'rsa2048' });

async function check(port: number, connection: object = {}) {
  const { result } = await new Prober().check({
    target: { host: 'localhost', port, servername: null, starttls: null },
    thresholds: defaultThresholds,
    caFiles: [],
    connection: connectionSchema.parse({ family: 'ipv4', ...connection }),
    timeoutMs: 10_000,
  });
  return result;
}

/** Case 13: one group, or one suite, that few have. Node's server has the library's whole choice. */
const newer: TlsOptions[] = [
  ...['X25519MLKEM768', 'SecP256r1MLKEM768', 'SecP384r1MLKEM1024', 'MLKEM512', 'MLKEM768', 'MLKEM1024'],
  ...['X448', 'P-521', 'ffdhe2048', 'ffdhe3072', 'ffdhe4096', 'ffdhe6144', 'ffdhe8192'],
  ...['brainpoolP256r1tls13', 'brainpoolP384r1tls13', 'brainpoolP512r1tls13'],
]
  .map((ecdhCurve): TlsOptions => ({ ecdhCurve, minVersion: 'TLSv1.3' }))
  .concat(
    ['TLS_AES_128_CCM_SHA256', 'TLS_AES_128_CCM_8_SHA256', 'TLS_CHACHA20_POLY1305_SHA256'].map(
      (suite): TlsOptions => ({ ciphers: `${suite}:ALL:@SECLEVEL=0`, minVersion: 'TLSv1.3' }),
    ),
    [{ ecdhCurve: 'X448', maxVersion: 'TLSv1.2' }],
    [{ ciphers: 'DHE-RSA-AES128-CCM:@SECLEVEL=0', dhparam: 'auto', maxVersion: 'TLSv1.2' }],
  );

describe('a server that has only', () => {
  it.each(newer)('%j is read in two attempts at the most', async (options) => {
    await using server = await serveTls(rsa, [ca], options);
    const result = await check(server.port);
    expect(result.unreachable).toBeNull();
    expect(result.problems.map(({ code }) => code)).not.toContain('key-not-proven');
    expect(server.connections).toBeLessThanOrEqual(2);
    expect((await check(server.port, { reader: 'full' })).unreachable).toBeNull();
    expect(server.connections).toBeLessThanOrEqual(4);
  });

  it('what it prefers is not asked for a second hello: OpenSSL’s server forgets its staple over that', async () => {
    await using server = await serveTls(rsa, [ca], { minVersion: 'TLSv1.3' }, Buffer.from('an answer'));
    for (const reader of ['light', 'full'])
      expect((await check(server.port, { reader })).revocation?.source).toBe('staple');
  });

  it('a key of ML-DSA is read, its key proven by either reader, and its signature named', async () => {
    const leaf = makeCa('Post-quantum Root', { key: 'mldsa65' }).issue({ key: 'mldsa65' });
    await using server = await serveTls(leaf, [], { minVersion: 'TLSv1.3' });
    expect(
      await readPresentation(
        connect({ port: server.port, host: '127.0.0.1' }),
        { servername: 'localhost' },
        AbortSignal.timeout(5000),
      ),
    ).toMatchObject({ isKeyProven: true });
    for (const reader of ['light', 'full']) {
      const { certificate, problems } = await check(server.port, { reader });
      expect(certificate).toMatchObject({ signatureAlgorithm: 'ML-DSA-65' });
      expect(problems.map(({ code }) => code)).not.toContain('key-not-proven');
    }
  });
});

describe('an old device', () => {
  const cases = Object.entries(oldSuites).flatMap(([name, suite]) =>
    [0x0301, 0x0303].map((version) => [name, version, suite] as const),
  );
  it.each(cases)(
    'with %s alone, version %i, is read with what the light reader saw',
    async (name, version, suite) => {
      await using server = await serveOldDevice(version, suite, [rsa, ca]);
      const result = await check(server.port);
      expect(result).toMatchObject({
        status: 'critical',
        unreachable: null,
        cipher: name,
        certificate: { subject: 'CN=localhost' },
        chain: [{}, { subject: 'CN=Reader Root' }],
      });
      const codes = result.problems.map(({ code }) => code);
      expect(codes).toContain('key-not-proven');
      expect(result.problems.find(({ code }) => code === 'key-not-proven')?.message).toBe(
        `The server presented this certificate but did not prove that it holds the key. It agrees on ${name} alone, which TLS libraries of today refuse.`,
      );
      expect(codes.includes('old-protocol')).toBe(version === 0x0301);
    },
  );

  it('whose certificate runs out says so, too: it is what nobody looks at', async () => {
    const expired = ca.issue({ key: 'rsa2048', notBeforeDays: -90, notAfterDays: -1 });
    await using server = await serveOldDevice(0x0301, oldSuites.TLS_RSA_WITH_RC4_128_SHA, [expired, ca]);
    expect((await check(server.port)).problems.map(({ code }) => code)).toEqual(
      expect.arrayContaining(['expired', 'key-not-proven']),
    );
  });

  it('that demands a client certificate first is a warning', async () => {
    const suite = oldSuites.TLS_RSA_WITH_3DES_EDE_CBC_SHA;
    await using server = await serveOldDevice(0x0303, suite, [rsa, ca], true);
    const fault = (await check(server.port)).problems.find(({ code }) => code === 'key-not-proven');
    expect(fault).toMatchObject({
      severity: 'warning',
      message: expect.stringContaining('It requires a client certificate first.'),
    });
  });
});

/** RFC 8879. */
describe('a compressed certificate', () => {
  const serve = (encode: (certificate: Buffer) => Buffer) =>
    serveImpostor('TLSv1.3', [rsa, ca], rsa.privateKey, encode);
  const read = (port: number) =>
    readPresentation(connect({ port, host: '127.0.0.1' }), { servername: null }, AbortSignal.timeout(5000));

  it.each<[string, number, (body: Buffer) => Buffer]>([
    ['zlib', 1, deflateSync],
    ['brotli', 2, brotliCompressSync],
    ['zstd', 3, zstdCompressSync],
  ])('by %s is read, and its key proven over what came', async (_name, algorithm, compress) => {
    await using server = await serve((certificate) =>
      compressedCertificate(certificate, algorithm, compress),
    );
    const presented = await read(server.port);
    expect(presented.isKeyProven).toBe(true);
    expect(presented.chain.map((der) => der.equals(rsa.der))).toEqual([true, false]);
  });

  it.each<[string, (certificate: Buffer) => Buffer, RegExp]>([
    [
      'that is longer than it names',
      (one) => compressedCertificate(one, 1, deflateSync, one.length - 5),
      /cannot be read/,
    ],
    ['that is shorter', (one) => compressedCertificate(one, 1, deflateSync, one.length), /another length/],
    ['of an unknown kind', (one) => compressedCertificate(one, 9, deflateSync), /not offered/],
    ['that is none', (one) => compressedCertificate(one, 3, (body) => body), /cannot be read/],
    ['that names 16 MB', (one) => compressedCertificate(one, 2, brotliCompressSync, 0xff_ffff), /too long/],
    [
      'that inflates without end',
      (one) => compressedCertificate(one, 2, () => brotliCompressSync(Buffer.alloc(64 * 1024 * 1024)), 1000),
      /cannot be read/,
    ],
  ])('%s is refused', async (_what, encode, sentence) => {
    await using server = await serve(encode);
    await expect(read(server.port)).rejects.toThrow(sentence);
  });
});

describe('a certificate whose dates OpenSSL cannot read', () => {
  /** Case 39: dates as old CAs write them, and none at all. */
  const withDate = (leaf: Issued, date: string): Issued => {
    const certificate = forge.asn1.fromDer(leaf.der.toString('latin1'));
    // SAFETY: TBSCertificate is the first part, validity the fifth of it (RFC 5280 §4.1).
    const parts = (certificate.value as forge.asn1.Asn1[])[0]?.value as forge.asn1.Asn1[];
    const dates = parts[4]?.value as forge.asn1.Asn1[];
    (dates[1] as forge.asn1.Asn1).value = date;
    return { ...leaf, der: Buffer.from(forge.asn1.toDer(certificate).getBytes(), 'latin1') };
  };
  const p256 = ca.issue();

  it.each(['3001010000Z', '301301000000Z', '30010100000'])('%s is told in words', async (date) => {
    await using server = await serveImpostor('TLSv1.2', [withDate(p256, date), ca], p256.privateKey);
    const { unreachable, problems } = await check(server.port);
    const words = unreachable?.message ?? problems.map(({ message }) => message).join(' ');
    expect(words).toMatch(/certificate|date|expire/i);
    expect(words).not.toMatch(/\b\d{3}\.$|routines|error:/);
  });
});

describe('a server that drops who asks for a name that it does not know', () => {
  it('is told apart from one that is ill (case 23)', async () => {
    await using tlsServer = await serveTls(rsa);
    const hasName = (chunk: Buffer) => chunk.includes('unknown.test');
    await using server = await servePlain((socket) =>
      socket.once('data', (chunk: Buffer) => {
        if (hasName(chunk)) return void socket.destroy();
        const upstream = connect(tlsServer.port, '127.0.0.1');
        upstream.on('error', () => socket.destroy()).write(chunk);
        socket.pipe(upstream).pipe(socket);
      }),
    );
    const { result } = await new Prober({ resolve: async () => [{ address: '127.0.0.1', family: 4 }] }).check(
      {
        target: { host: 'unknown.test', port: server.port, servername: null, starttls: null },
        thresholds: defaultThresholds,
        caFiles: [],
        timeoutMs: 10_000,
      },
    );
    expect(result.unreachable).toEqual({
      reason: 'reset',
      message:
        'The server closes the connection when asked for unknown.test, but answers without a server name (SNI).',
    });
    expect(result.problems[0]?.remedy).toContain('--servername');
  });
});

describe('the hello', () => {
  const helloFor = (servername: string) =>
    clientHello({
      random: Buffer.alloc(32),
      sessionId: Buffer.alloc(32),
      servername,
      shares: new OfferedShares().get(),
      alpn: [],
      preference: 'any',
    });

  it('is never 256 to 511 bytes long: some boxes hang on it (RFC 7685 §1)', () => {
    for (let length = 1; length < 250; length += 1) {
      const hello = helloFor('a'.repeat(length));
      expect(hello.length < 256 || hello.length > 511).toBe(true);
      expect(hello.readUIntBE(1, 3)).toBe(hello.length - 4);
    }
  });
});
