import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { KeyUsageFlags } from '@peculiar/asn1-x509';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TrustStores } from '../../electron/engine/verify/trust.ts';
import { Verifier } from '../../electron/engine/verify/verifier.ts';
import type { ProblemCode } from '../../shared/schema/check-result.ts';
import { alternativeNames, nameConstraints, oddExtension } from '../support/odd-extensions.ts';
import { type CertificateOptions, type Issued, makeCa, makeKey } from '../support/pki.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const hasOpenssl = spawnSync('openssl', ['version']).status === 0;
const now = Math.floor(Date.now() / 1000) * 1000;

/** What a certificate of a generated chain may be made with: what is usual, and each thing that can be wrong. */
const anyLink = fc.oneof(
  { weight: 5, arbitrary: fc.constant<CertificateOptions>({}) },
  fc.constantFrom<CertificateOptions>(
    { notBeforeDays: -20, notAfterDays: -2 },
    { notBeforeDays: 2, notAfterDays: 90 },
    { pathLength: 0 },
    { pathLength: 1 },
    { keyUsage: KeyUsageFlags.cRLSign },
    { keyUsage: KeyUsageFlags.digitalSignature },
    { hasKeyUsage: false },
    { omit: ['2.5.29.19'] },
    { omit: ['2.5.29.14'] },
    { omit: ['2.5.29.35'] },
    { extensions: [oddExtension('2.5.29.37', '300a06082b06010505070302')] },
    { extensions: [oddExtension('2.5.29.37', '300a06082b06010505070301')] },
    { extensions: [oddExtension('1.2.3.4', '0500', true)] },
    { extensions: [oddExtension('1.2.3.4', '0500')] },
    { extensions: [oddExtension('2.5.29.35', '30068004deadbeef')] },
    { extensions: [oddExtension('2.5.29.15', '03020700', true)] },
    { extensions: [oddExtension('2.5.29.36', '3003800100', true)] },
    { extensions: [nameConstraints({ permitted: ['DNS:server.test'] })] },
    { extensions: [nameConstraints({ permitted: ['DNS:test'], excluded: ['DNS:a.server.test'] })] },
    { extensions: [nameConstraints({ excluded: ['DNS:server.test'] })] },
    { extensions: [nameConstraints({ permitted: ['dirName:server.test', 'dirName:CA 1'] })] },
    { extensions: [nameConstraints({ permitted: ['IP:192.0.2.0/24'] })] },
    // Extensions that few servers have, or in a form that is not RFC 5280's.
    { extensions: [oddExtension('2.16.840.1.113730.1.1', '03020780')] },
    { extensions: [oddExtension('2.16.840.1.113730.1.1', '03020640')] },
    { extensions: [oddExtension('1.3.6.1.5.5.7.1.14', '300c300a06082b06010505071501')] },
    { extensions: [oddExtension('1.3.6.1.5.5.7.1.7', '300e300c040200013006030400c00002')] },
    { extensions: [oddExtension('1.3.6.1.5.5.7.1.24', '3003020105')] },
    { extensions: [oddExtension('1.3.6.1.5.5.7.1.24', '3003020111')] },
    { extensions: [oddExtension('2.5.29.14', '0500')] },
    { extensions: [oddExtension('2.5.29.19', '30030101ff00', true)] },
    { extensions: [oddExtension('2.5.29.30', '0500', true)] },
    { extensions: [oddExtension('2.5.29.31', '3006300481020640')] },
    { extensions: [oddExtension('2.5.29.31', '30020500')] },
    { extensions: [oddExtension('2.5.29.31', '3000', true)] },
    { extensions: [oddExtension('2.5.29.32', '300c300406022a03300406022a03')] },
    { extensions: [oddExtension('2.5.29.35', '3003820107')] },
    { extensions: [oddExtension('2.5.29.35', '3003830101')] },
    { extensions: [oddExtension('1.3.6.1.5.5.7.1.1', '0500')] },
    { key: 'p521' },
    { key: 'dsa2048' },
    { key: 'rsa1024' },
    { key: 'rsa2048' },
    { key: 'ed25519' },
    { key: 'brainpool256' },
    { key: 'secp192r1' },
    { key: 'rsa2048', hash: 'sha1' },
  ),
);
const anyNames = fc.constantFrom(
  ['DNS:server.test'],
  ['DNS:*.test'],
  ['DNS:a.server.test', 'DNS:server.test'],
  ['DNS:other.test'],
  ['DNS:server.test', 'IP:192.0.2.7'],
  ['DNS:server.test', 'email:x@server.test'],
);

/**
 * Problems where another client than OpenSSL refuses: what NotAfter reports beyond it, each a line of docs/checks.md.
 * The other way round nothing may differ: what OpenSSL refuses is critical, but for the leaf's path length.
 */
const refusedByOthers: ReadonlySet<ProblemCode> = new Set([
  'unsupported-key',
  'weak-signature',
  'wrong-usage',
  'issuer-not-for-servers',
  'invalid-policy',
  'not-a-ca',
  'key-usage',
  'malformed-certificate',
  'critical-extension',
  'refused-extension',
  'weak-key',
]);

const keys = new Map<string, ReturnType<typeof makeKey>>();
function keyFor(place: string, { key = 'p256' }: CertificateOptions) {
  const name = `${place} ${key}`;
  const known = keys.get(name) ?? makeKey(key);
  keys.set(name, known);
  return known;
}

/** From the root to the leaf, each certificate made with its options. SHA-1 is for what an RSA key signs. */
function makeChain(links: readonly CertificateOptions[], names: readonly string[]): Issued[] {
  const chain: Issued[] = [];
  for (const [place, options] of links.entries()) {
    const { hash: _hash, ...plain } = options;
    const isLeaf = place === links.length - 1;
    const issuer = chain.at(-1);
    const canHash = issuer ? issuer.privateKey.asymmetricKeyType === 'rsa' : options.key === 'rsa2048';
    const all = { ...(canHash ? options : plain), privateKey: keyFor(`${place}`, options), now };
    const extensions = [...(options.extensions ?? []), ...(isLeaf ? [alternativeNames(names)] : [])];
    const made = isLeaf
      ? { ...all, name: 'server.test', extensions }
      : { ...all, isCa: true, sans: [], name: `CA ${place}`, extensions };
    chain.push(issuer ? issuer.issue(made) : makeCa('CA 0', made));
  }
  return chain;
}

describe.skipIf(!hasOpenssl)('2,000 generated chains', () => {
  it('are critical wherever openssl verify refuses them, and else only by a rule of another client', async () => {
    using folder = temporaryFolder();
    const [leafFile, sentFile, rootFile] = ['leaf.pem', 'sent.pem', 'root.pem'].map((name) =>
      folder.file(name),
    );
    if (!leafFile || !sentFile || !rootFile) throw new Error('A file is missing.');
    const args = ['verify', '-purpose', 'sslserver', '-auth_level', '2', '-verify_hostname', 'server.test'];
    const links = fc.array(anyLink, { minLength: 2, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(links, anyNames, async (options, names) => {
        const [root, ...below] = makeChain(options, names);
        const [leaf, ...sent] = below.reverse();
        if (!root || !leaf) return;
        writeFileSync(leafFile, leaf.pem);
        writeFileSync(sentFile, sent.map(({ pem }) => pem).join(''));
        writeFileSync(rootFile, root.pem);
        const files = ['-CAfile', rootFile, ...(sent.length > 0 ? ['-untrusted', sentFile] : []), leafFile];
        const openssl = spawnSync('openssl', [...args, '-attime', `${now / 1000}`, ...files], {
          encoding: 'utf8',
        });
        const judgement = await new Verifier(new TrustStores([], [root.pem])).verify(
          {
            chain: [leaf, ...sent].map(({ der }) => der),
            protocol: null,
            cipher: null,
            staple: null,
            isKeyProven: true,
          },
          {
            host: 'server.test',
            thresholds: { warning: { days: 0 }, critical: { days: 0 } },
            caFiles: [],
            now,
          },
        );
        const critical = (judgement?.problems ?? []).filter(({ severity }) => severity === 'critical');
        const codes = critical.map(({ code }) => code);
        const isLeafPathLength = options.at(-1)?.pathLength !== undefined;
        if (openssl.status === 0) expect(codes.filter((code) => !refusedByOthers.has(code))).toEqual([]);
        else if (!isLeafPathLength)
          expect({ codes, openssl: openssl.stderr }).not.toMatchObject({ codes: [] });
      }),
      { numRuns: 2000 },
    );
  }, 300_000);
});
