import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { jobInputSchema } from '../../../shared/schema/job.ts';
import { type Issued, makeCa } from '../../support/pki.ts';
import { TestEngine } from '../../support/test-engine.ts';
import { serveTls } from '../../support/tls-server.ts';

const start = Date.parse('2026-11-24T10:00:00Z');

/** An engine with a job on a server that nobody trusts yet. */
async function watched(leaf: Issued, chain: Issued[]) {
  const test = new TestEngine({ now: start });
  const server = await serveTls(leaf, chain);
  test.engine.start();
  const target = { host: 'localhost', port: server.port };
  const { id } = await test.engine.jobs.add(jobInputSchema.parse({ target }));
  const check = async () => {
    const result = await test.engine.jobs.check(id);
    if (!result) throw new Error('The job is gone.');
    return result;
  };
  const before = await check();
  return {
    test,
    id,
    before,
    check,
    async [Symbol.asyncDispose]() {
      await test[Symbol.asyncDispose]();
      await server.close();
    },
  };
}

const untrusted = (codes: readonly { code: string }[]) =>
  codes.map(({ code }) => code).filter((code) => code === 'untrusted-issuer' || code === 'self-signed');

function issued() {
  const now = start;
  const root = makeCa('Printer Root', { now });
  const intermediate = root.issue({ name: 'Printer CA', isCa: true, sans: [], now });
  return [
    ['a root that the server sends', root.issue({ now }), [root]],
    ['an intermediate whose root it does not send', intermediate.issue({ now }), [intermediate]],
  ] as const;
}

describe('TrustedFiles', () => {
  it.each(['host', 'all'] as const)(
    'refuses one CA file too many for %s with a sentence, and keeps everything as it was',
    async (scope) => {
      const root = makeCa('Printer Root', { now: start });
      await using site = await watched(root.issue({ now: start }), [root]);
      const { test, id, before } = site;
      const named = (count: number) => Array.from({ length: count }, (_, index) => `/etc/ssl/${index}.pem`);
      await test.engine.jobs.edit(id, { caFiles: named(20) });
      await test.engine.settings.edit({ caFiles: named(100) });
      const top = before.chain.at(-1)?.fingerprint256 ?? '';
      await expect(test.engine.jobs.trusted.trust(id, top, scope)).rejects.toThrow(
        /^At most \d+ CA files\.$/,
      );
      expect(test.engine.jobs.get(id)?.caFiles).toHaveLength(20);
      expect(readdirSync(test.folder.file('trusted'))).toEqual([]);
    },
  );

  it.each(issued())('trusts %s for one host, and undoes that', async (_what, leaf, chain) => {
    await using site = await watched(leaf, [...chain]);
    const { test, id, before, check } = site;
    expect(untrusted(before.problems)).not.toEqual([]);
    const top = before.chain.at(-1)?.fingerprint256 ?? '';
    const view = await test.engine.jobs.trusted.trust(id, top, 'host');
    expect(view?.caFiles).toHaveLength(1);
    expect(untrusted((await check()).problems)).toEqual([]);
    await test.engine.jobs.trusted.trust(id, top, 'host');
    expect(test.engine.jobs.get(id)?.caFiles).toHaveLength(1);
    await test.engine.jobs.trusted.untrust(id, top, 'host');
    expect(test.engine.jobs.get(id)?.caFiles).toEqual([]);
    expect(untrusted((await check()).problems)).toEqual(untrusted(before.problems));
  });

  it('trusts for all hosts by the settings, keeps the file to its owner, and refuses what the host does not show', async () => {
    const root = makeCa('Printer Root', { now: start });
    await using site = await watched(root.issue({ now: start }), [root]);
    const { test, id, before, check } = site;
    const { trusted } = test.engine.jobs;
    await expect(trusted.trust(id, 'AA:'.repeat(31).concat('AA'), 'host')).rejects.toThrow(
      'The host now shows a different certificate. Check it again.',
    );
    const top = before.chain.at(-1)?.fingerprint256 ?? '';
    await trusted.trust(id, top, 'all');
    expect(test.engine.settings.current.caFiles).toHaveLength(1);
    expect(untrusted((await check()).problems)).toEqual([]);
    const folder = test.folder.file('trusted');
    const [name = ''] = readdirSync(folder);
    if (process.platform !== 'win32') expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600);
    expect(await trusted.trust('no such job', top, 'host')).toBeNull();
    await trusted.untrust(id, top, 'all');
    expect(test.engine.settings.current.caFiles).toEqual([]);
  });
});

it('a certificate that a host showed is read in full, also after it was renewed', async () => {
  const ca = makeCa('Printer Root', { now: start });
  const leaf = ca.issue({ now: start });
  await using site = await watched(leaf, [ca]);
  const { test, id, before } = site;
  const { fingerprint256 } = before.certificate ?? { fingerprint256: '' };
  const read = test.engine.results.certificate(id, fingerprint256, start);
  expect(read).toEqual(before.certificate);
  expect(test.engine.results.certificate(id, before.chain.at(-1)?.fingerprint256 ?? '', start)).toBeNull();
});
