import { writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { checkResultSchema } from '../../../shared/schema/check-result.ts';
import { makeCa } from '../../support/pki.ts';
import { runNotafter } from '../../support/service.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { serveTls } from '../../support/tls-server.ts';

/**
 * Keys on curves other than NIST's end a Node 24 process that describes them carelessly. The checks run in a child
 * process, one after the other in the same one, so that its end would be seen.
 */
describe('certificates on other curves', () => {
  it('are reported, and the process lives to check the next', async () => {
    using folder = temporaryFolder();
    const p256Root = makeCa('P-256 Root');
    const brainpoolRoot = makeCa('Brainpool Root', { key: 'brainpool256' });
    writeFileSync(folder.file('ca.pem'), p256Root.pem + brainpoolRoot.pem);
    await using brainpoolLeaf = await serveTls(p256Root.issue({ key: 'brainpool256' }));
    await using secp256k1Leaf = await serveTls(p256Root.issue({ key: 'secp256k1' }), [], {
      maxVersion: 'TLSv1.2',
      ecdhCurve: 'secp256k1',
    });
    await using underBrainpool = await serveTls(brainpoolRoot.issue(), [brainpoolRoot]);
    await using onlyBrainpool = await serveTls(brainpoolRoot.issue({ key: 'brainpool256' }), [brainpoolRoot]);
    await using last = await serveTls(p256Root.issue());
    const hosts = [brainpoolLeaf, secp256k1Leaf, underBrainpool, onlyBrainpool, last].map(
      ({ port }) => `localhost:${port}`,
    );
    const check = async (...args: string[]) => {
      const { status, stdout, stderr } = await runNotafter('check', ...hosts, '--json', ...args);
      return { status, stderr, results: z.array(checkResultSchema).parse(JSON.parse(stdout)) };
    };

    const trusted = await check('--ca', folder.file('ca.pem'));
    expect(trusted).toMatchObject({ status: 2, stderr: '' });
    const unsupported = [
      ['unsupported-key'],
      ['unsupported-key'],
      ['unsupported-key'],
      ['unsupported-key'],
      [],
    ];
    expect(trusted.results.map(({ problems }) => problems.map(({ code }) => code))).toEqual(unsupported);
    expect(trusted.results.map(({ certificate }) => certificate?.key.curve)).toEqual([
      'brainpoolP256r1',
      'secp256k1',
      'prime256v1',
      'brainpoolP256r1',
      'prime256v1',
    ]);

    const untrusted = await check();
    expect(untrusted.status).toBe(2);
    expect(untrusted.results.map(({ problems }) => problems.map(({ code }) => code))).toEqual([
      ['incomplete-chain', 'unsupported-key'],
      ['incomplete-chain', 'unsupported-key'],
      ['untrusted-issuer', 'unsupported-key'],
      ['untrusted-issuer', 'unsupported-key'],
      ['incomplete-chain'],
    ]);
  });
});
