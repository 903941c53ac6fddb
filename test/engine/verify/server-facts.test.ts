import { X509Certificate } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { KeyUsageFlags } from '@peculiar/asn1-x509';
import { describe, expect, it } from 'vitest';
import { Prober } from '../../../electron/engine/probe/prober.ts';
import { TrustStores } from '../../../electron/engine/verify/trust.ts';
import { defaultThresholds } from '../../../shared/schema/thresholds.ts';
import { makeCa } from '../../support/pki.ts';
import { sctExtension } from '../../support/scts.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { serveTls } from '../../support/tls-server.ts';

const root = makeCa('Facts Root');
const check = async (port: number, trustStores: TrustStores, caFiles: string[] = []) =>
  (
    await new Prober({ trustStores }).check({
      target: { host: 'localhost', port, servername: null, starttls: null },
      thresholds: defaultThresholds,
      caFiles,
      timeoutMs: 10_000,
    })
  ).result;

describe('a key usage', () => {
  it('that does not fit RSA key exchange is critical on a real server', async () => {
    const leaf = root.issue({
      key: 'rsa2048',
      keyUsage: KeyUsageFlags.digitalSignature,
      sans: ['localhost'],
    });
    await using server = await serveTls(leaf, [], { maxVersion: 'TLSv1.2', ciphers: 'AES128-GCM-SHA256' });
    const { problems } = await check(server.port, new TrustStores([], [root.pem]));
    expect(problems).toMatchObject([{ code: 'key-usage', severity: 'critical' }]);
    expect(problems[0]?.message).toContain('keyEncipherment');
  });
});

describe('the stores that trust a certificate', () => {
  const between = root.issue({ name: 'Between', isCa: true, sans: [] });
  const leaf = between.issue({ sans: ['localhost'], extensions: [sctExtension()] });
  const fingerprint = (pem: string) => new X509Certificate(pem).fingerprint256;

  it('are named, with the path that leads there', async () => {
    await using server = await serveTls(leaf, [between]);
    const { trust } = await check(server.port, new TrustStores([root.pem], []));
    expect(trust).toMatchObject({ root: 'CN=Facts Root', stores: [{ store: 'mozilla', file: null }] });
    expect(trust?.path.map(({ fingerprint256, isSent }) => [fingerprint256, isSent])).toEqual([
      [fingerprint(leaf.pem), true],
      [fingerprint(between.pem), true],
      [fingerprint(root.pem), false],
    ]);
  });

  it('trusted by the system and not by Mozilla is a fact, no problem', async () => {
    await using server = await serveTls(leaf, [between]);
    const result = await check(server.port, new TrustStores([], [root.pem]));
    expect(result).toMatchObject({ status: 'ok', trust: { stores: [{ store: 'system', file: null }] } });
  });

  it('are all named: Mozilla’s, the system’s and a CA file', async () => {
    using folder = temporaryFolder();
    const file = folder.file('ca.pem');
    const other = folder.file('other.pem');
    writeFileSync(file, root.pem);
    writeFileSync(other, makeCa('Other').pem);
    await using server = await serveTls(leaf, [between]);
    const result = await check(server.port, new TrustStores([root.pem], [root.pem]), [other, file]);
    expect(result.trust?.stores).toEqual([
      { store: 'mozilla', file: null },
      { store: 'system', file: null },
      { store: 'file', file },
    ]);
  });

  it('are none where nobody trusts it', async () => {
    await using server = await serveTls(leaf, [between]);
    expect((await check(server.port, new TrustStores([], []))).trust).toBeNull();
  });

  it('a CA file exempts a root from Mozilla’s date of distrust', async () => {
    using folder = temporaryFolder();
    const file = folder.file('ca.pem');
    writeFileSync(file, root.pem);
    const dates = new Map([[fingerprint(root.pem), '2020-01-01T00:00:00.000Z']]);
    const stores = new TrustStores([root.pem], [], dates);
    await using server = await serveTls(leaf, [between]);
    expect((await check(server.port, stores)).problems).toMatchObject([{ code: 'distrusted-root' }]);
    expect((await check(server.port, stores, [file])).status).toBe('ok');
  });
});
