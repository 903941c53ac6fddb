import { connect } from 'node:net';
import type { Duplex } from 'node:stream';
import type { TlsOptions } from 'node:tls';
import { brotliCompressSync, deflateSync, zstdCompressSync } from 'node:zlib';
import {
  compressedCertificate,
  oldSuites,
  serveImpostor,
  serveOldDevice,
} from '../support/impostor-server.ts';
import { serveByOpenssl } from '../support/openssl-server.ts';
import { type Issued, type KeyKind, makeCa } from '../support/pki.ts';
import { serveTls } from '../support/tls-server.ts';

/** A server that has one thing alone, to see which reader can read it. */
export interface TableCase {
  kind: 'version' | 'group' | 'suite' | 'signature' | 'key' | 'compression';
  name: string;
  by: 'openssl s_server' | 'Node' | 'scripted';
  serve: () => Promise<AsyncDisposable & { open: () => Promise<Duplex> | Duplex }>;
}

const ca = makeCa('Table Root', { key: 'rsa2048' });
const leaves = new Map<KeyKind, Issued>();
function leafOf(kind: KeyKind): Issued {
  const leaf = leaves.get(kind) ?? ca.issue({ key: kind, sans: ['localhost'] });
  leaves.set(kind, leaf);
  return leaf;
}

const opening = async <Server extends AsyncDisposable & { port: number }>(serving: Promise<Server>) => {
  const server = await serving;
  return {
    open: () => connect(server.port, '127.0.0.1'),
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
};

function openssl(kind: TableCase['kind'], name: string, args: string[], key: KeyKind = 'rsa2048'): TableCase {
  return {
    kind,
    name,
    by: 'openssl s_server',
    serve: () => opening(serveByOpenssl(leafOf(key), [ca], args)),
  };
}

function node(
  kind: TableCase['kind'],
  name: string,
  options: TlsOptions,
  key: KeyKind = 'rsa2048',
): TableCase {
  return { kind, name, by: 'Node', serve: () => opening(serveTls(leafOf(key), [ca], options)) };
}

const lax = ['-cipher', 'ALL:@SECLEVEL=0'];
const versions: [name: string, option: string][] = [
  ['TLS 1.0', '-tls1'],
  ['TLS 1.1', '-tls1_1'],
  ['TLS 1.2', '-tls1_2'],
  ['TLS 1.3', '-tls1_3'],
];

const groups13 = [
  ...['X25519', 'P-256', 'P-384', 'P-521', 'X448'],
  ...['ffdhe2048', 'ffdhe3072', 'ffdhe4096', 'ffdhe6144', 'ffdhe8192'],
  ...['brainpoolP256r1tls13', 'brainpoolP384r1tls13', 'brainpoolP512r1tls13'],
  ...['X25519MLKEM768', 'SecP256r1MLKEM768', 'SecP384r1MLKEM1024', 'MLKEM512', 'MLKEM768', 'MLKEM1024'],
];
const groups12 = ['X448', 'secp256k1', 'secp224r1', 'brainpoolP256r1', 'brainpoolP384r1', 'brainpoolP512r1'];

const suites13 = [
  'TLS_AES_128_GCM_SHA256',
  'TLS_AES_256_GCM_SHA384',
  'TLS_CHACHA20_POLY1305_SHA256',
  'TLS_AES_128_CCM_SHA256',
  'TLS_AES_128_CCM_8_SHA256',
];
const suites12: [suite: string, key?: KeyKind][] = [
  ['ECDHE-ECDSA-AES256-GCM-SHA384', 'p256'],
  ['ECDHE-ECDSA-AES128-CCM8', 'p256'],
  ['ECDHE-ECDSA-ARIA256-GCM-SHA384', 'p256'],
  ['ECDHE-ECDSA-CAMELLIA256-SHA384', 'p256'],
  ['ECDHE-RSA-AES128-GCM-SHA256'],
  ['ECDHE-RSA-CHACHA20-POLY1305'],
  ['ECDHE-RSA-AES256-SHA'],
  ['ECDHE-ARIA128-GCM-SHA256'],
  ['ECDHE-RSA-CAMELLIA128-SHA256'],
  ['DHE-RSA-AES256-GCM-SHA384'],
  ['DHE-RSA-AES256-CCM'],
  ['DHE-RSA-CAMELLIA256-SHA'],
  ['AES256-GCM-SHA384'],
  ['AES128-CCM8'],
  ['AES128-SHA'],
  ['CAMELLIA256-SHA'],
];

const signatures12 = ['RSA+SHA1', 'RSA+SHA256', 'RSA+SHA512', 'RSA-PSS+SHA256', 'RSA-PSS+SHA512'];
const keys: [name: string, kind: KeyKind][] = [
  ['RSA 2048', 'rsa2048'],
  ['RSA 1024', 'rsa1024'],
  ['P-256', 'p256'],
  ['P-384', 'p384'],
  ['P-521', 'p521'],
  ['Ed25519', 'ed25519'],
  ['secp256k1', 'secp256k1'],
  ['brainpoolP256r1', 'brainpool256'],
];

const scripted = (name: string, algorithm: number, compress: (body: Buffer) => Buffer): TableCase => ({
  kind: 'compression',
  name,
  by: 'scripted',
  serve: () =>
    opening(
      serveImpostor('TLSv1.3', [leafOf('rsa2048'), ca], leafOf('rsa2048').privateKey, (certificate) =>
        compressedCertificate(certificate, algorithm, compress),
      ),
    ),
});

/** Every row of the table in docs/checks.md, in its order. */
export const tableCases: TableCase[] = [
  ...versions.map(([name, option]) => openssl('version', name, [option, ...lax])),
  ...groups13.map((group) => node('group', `${group}, TLS 1.3`, { ecdhCurve: group, minVersion: 'TLSv1.3' })),
  ...groups12.map((group) =>
    node('group', `${group}, TLS 1.2`, {
      ecdhCurve: group,
      maxVersion: 'TLSv1.2',
      ciphers: 'ECDHE-RSA-AES128-SHA:@SECLEVEL=0',
    }),
  ),
  ...suites13.map((suite) =>
    node('suite', suite, { ciphers: `${suite}:ALL:@SECLEVEL=0`, minVersion: 'TLSv1.3' }),
  ),
  ...suites12.map(([suite, key]) =>
    openssl('suite', suite, ['-tls1_2', '-cipher', `${suite}:@SECLEVEL=0`], key),
  ),
  ...Object.entries(oldSuites).map(
    ([name, suite]): TableCase => ({
      kind: 'suite',
      name,
      by: 'scripted',
      serve: () => opening(serveOldDevice(0x0301, suite, [leafOf('rsa2048'), ca])),
    }),
  ),
  ...signatures12.map((signature) =>
    openssl('signature', `${signature}, TLS 1.2`, [
      ...['-tls1_2', '-sigalgs', signature],
      ...['-cipher', 'ECDHE-RSA-AES256-GCM-SHA384:@SECLEVEL=0'],
    ]),
  ),
  ...keys.map(([name, kind]) => openssl('key', `${name}, TLS 1.2`, ['-tls1_2', ...lax], kind)),
  openssl('key', 'DSA 2048, TLS 1.0', ['-tls1', ...lax], 'dsa2048'),
  ...keys
    .filter(([name]) => name !== 'secp256k1')
    .map(([name, kind]) =>
      node('key', `${name}, TLS 1.3`, { ciphers: 'ALL:@SECLEVEL=0', minVersion: 'TLSv1.3' }, kind),
    ),
  node('key', 'ML-DSA-65, TLS 1.3', { minVersion: 'TLSv1.3' }, 'mldsa65'),
  // Debian's GnuTLS is built without any of them, and Node's OpenSSL, too.
  scripted('zlib', 1, deflateSync),
  scripted('brotli', 2, brotliCompressSync),
  scripted('zstd', 3, zstdCompressSync),
];
