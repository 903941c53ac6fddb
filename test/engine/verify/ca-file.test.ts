import { spawnSync } from 'node:child_process';
import { utimesSync, writeFileSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { Prober } from '../../../electron/engine/probe/prober.ts';
import { loadCaFile } from '../../../electron/engine/verify/ca-file.ts';
import { CaFiles } from '../../../electron/engine/verify/ca-files.ts';
import { defaultThresholds } from '../../../shared/schema/thresholds.ts';
import { makeCa } from '../../support/pki.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { serveTls } from '../../support/tls-server.ts';
import { turnsOf } from '../../support/turns.ts';

const folder = temporaryFolder();
afterAll(() => folder[Symbol.dispose]());
const [first, second] = [makeCa('First Root'), makeCa('Second Root')];
/** A certificate in which one octet of DER is another: its first length. */
const broken = first.pem.replace(/(?<=-\n)MII/, 'MAA');
const file = (name: string, content: string | Buffer): string => {
  writeFileSync(folder.file(name), content);
  return folder.file(name);
};
const { signal } = new AbortController();
const subjects = async (path: string) =>
  (await loadCaFile(path, signal)).certificates.map(({ facts }) => facts.subject);

describe('a CA file', () => {
  it('with one certificate that cannot be read is used without it, and names it (mql #10611)', async () => {
    const path = file('mixed.pem', first.pem + broken + second.pem);
    expect(await subjects(path)).toEqual(['CN=First Root', 'CN=Second Root']);
    expect((await loadCaFile(path, signal)).faults).toEqual([
      `Certificate 2 of 3 in the CA file ${path} cannot be read and is left out.`,
    ]);
  });

  it('with many of them names a few and counts the rest', async () => {
    const { faults } = await loadCaFile(file('many.pem', broken.repeat(8) + second.pem), signal);
    expect(faults).toHaveLength(6);
    expect(faults.at(-1)).toMatch(/^3 more in .* are left out for the same reason\.$/);
  });

  it('with trust settings of OpenSSL is used by them, as OpenSSL does', async () => {
    const withSettings = (...args: string[]) =>
      spawnSync('openssl', ['x509', '-trustout', ...args], { input: first.pem, encoding: 'utf8' }).stdout;
    const trusted = withSettings('-addtrust', 'serverAuth', '-setalias', 'ours');
    expect(trusted).toContain('BEGIN TRUSTED CERTIFICATE');
    for (const pem of [
      trusted,
      withSettings('-addtrust', 'anyExtendedKeyUsage'),
      withSettings('-setalias', 'x'),
    ])
      expect(await subjects(file('trusted.pem', pem))).toEqual(['CN=First Root']);
    for (const args of [
      ['-addreject', 'serverAuth'],
      ['-addreject', 'anyExtendedKeyUsage', '-addtrust', 'serverAuth'],
      ['-addtrust', 'emailProtection'],
    ]) {
      const path = file('excluded.pem', withSettings(...args));
      await expect(loadCaFile(path, signal)).rejects.toThrow(
        `The CA file ${path} holds no certificate that its trust settings allow for servers.`,
      );
      const beside = file('beside.pem', withSettings(...args) + second.pem);
      expect(await loadCaFile(beside, signal)).toMatchObject({
        certificates: [{ facts: { subject: 'CN=Second Root' } }],
        faults: [
          `Certificate 1 of 2 in the CA file ${beside} is not trusted for servers by its trust settings and is left out.`,
        ],
      });
    }
  });

  it.each<[string, () => string | Buffer]>([
    [
      'PEM in UTF-16, as PowerShell writes it',
      () => Buffer.from(`\ufeff${first.pem}${second.pem}`, 'utf16le'),
    ],
    [
      'PEM with a byte order mark, text and a key between',
      () => `\ufefffirst:\r\n${first.pem}${first.key}second:\r\n${second.pem}`,
    ],
    ['PKCS#7 in DER', () => pkcs7('DER')],
    ['PKCS#7 in PEM', () => pkcs7('PEM')],
    ['a truststore in PKCS#12 with the passphrase of Java', () => pkcs12('changeit')],
    [
      'a Secret of Kubernetes',
      () => `data:\n  ca.crt: ${Buffer.from(first.pem + second.pem).toString('base64')}\n`,
    ],
    ['PEM in JSON', () => JSON.stringify({ ca: first.pem, other: second.pem })],
  ])('in the form of %s is read', async (_form, content) => {
    expect((await subjects(file('form', content()))).toSorted()).toEqual(['CN=First Root', 'CN=Second Root']);
  });

  it.each([
    ['nothing', '', /none\.pem is empty\.$/],
    ['a key', first.key, /none\.pem is a private key, not a certificate\.$/],
    ['a text', 'hello', /none\.pem is a text without certificates\.$/],
    ['a PKCS#12 with a passphrase', pkcs12('secret'), /is a PKCS#12 file that needs a passphrase\.$/],
    ['broken certificates alone', broken + broken, /no certificate that can be read/],
  ])('with %s is refused', async (_what, content, sentence) => {
    await expect(loadCaFile(file('none.pem', content), signal)).rejects.toThrow(sentence);
  });

  function pkcs7(form: 'DER' | 'PEM'): Buffer {
    const args = [
      'crl2pkcs7',
      '-nocrl',
      '-certfile',
      file('both.pem', first.pem + second.pem),
      '-outform',
      form,
    ];
    return spawnSync('openssl', args).stdout;
  }

  function pkcs12(passphrase: string): Buffer {
    const both = file('both.pem', first.pem + second.pem);
    const args = ['pkcs12', '-export', '-nokeys', '-in', both, '-passout', `pass:${passphrase}`];
    return spawnSync('openssl', args).stdout;
  }

  it('that is used in part verifies what it can, and is named where it may be why an issuer is not trusted', async () => {
    const caFiles = [file('part.pem', broken + second.pem)];
    const check = async (port: number) =>
      (
        await new Prober().check({
          target: { host: 'localhost', port, servername: null, starttls: null },
          thresholds: defaultThresholds,
          caFiles,
          timeoutMs: 5000,
        })
      ).result;
    await using good = await serveTls(second.issue({ sans: ['localhost'] }));
    expect((await check(good.port)).status).toBe('ok');
    await using other = await serveTls(first.issue({ sans: ['localhost'] }), [first]);
    expect((await check(other.port)).problems[0]).toMatchObject({
      code: 'untrusted-issuer',
      remedy: expect.stringMatching(
        /^Certificate 1 of 2 in the CA file .* cannot be read and is left out\. If/,
      ),
    });
  });
});

describe('CA files of a check', () => {
  it('are read ahead, and not again until they change', async () => {
    const path = file('ahead.pem', first.pem);
    const files = new CaFiles();
    await files.load([path, path], signal);
    const known = files.get(path);
    expect(known.certificates).toHaveLength(1);
    await files.load([path], signal);
    expect(files.get(path)).toBe(known);
  });

  it('are as they are on disk for one that asks later', async () => {
    const path = file('changed.pem', first.pem);
    const earlier = new CaFiles();
    await earlier.load([path], signal);
    const before = earlier.get(path);
    file('changed.pem', first.pem + second.pem);
    utimesSync(path, 1, 1);
    const files = new CaFiles();
    await files.load([path], signal);
    expect([before, files.get(path)].map(({ certificates }) => certificates.length)).toEqual([1, 2]);
  });

  it('that cannot be used are told of by whoever uses them, and read once', async () => {
    const files = new CaFiles();
    const path = file('zeros.pem', Buffer.alloc(100));
    await files.load([path, folder.file('missing.pem'), '/dev/zero'], signal);
    expect(() => files.get(path)).toThrow(/is a binary file without certificates/);
    expect(() => files.get(folder.file('missing.pem'))).toThrow(/missing\.pem does not exist/);
    expect(() => files.get('/dev/zero')).toThrow(/not a regular file/);
  });

  it('that were not loaded are never asked of the disk', () => {
    const files = new CaFiles();
    const path = file('unloaded.pem', first.pem);
    expect(() => files.get(path)).toThrow(/could not be read in time/);
    expect(files.modifiedMs(path)).toBe(0);
  });

  it('of which one is not read in time: the others are known all the same', async () => {
    const ending = new AbortController();
    const files = new CaFiles();
    const [slow, quick] = [file('slow.pem', first.pem.repeat(3_000)), file('quick.pem', second.pem)];
    const loading = files.load([slow, quick], ending.signal);
    const known = () => {
      try {
        return files.get(quick);
      } catch {
        return null; // It was not loaded yet.
      }
    };
    while (known() === null) await setImmediate();
    ending.abort(new Error('the deadline'));
    await expect(loading).rejects.toThrow('the deadline');
    expect(() => files.get(slow)).toThrow(/could not be read in time/);
    expect(files.get(quick).certificates).toHaveLength(1);
  });

  it('end with the signal, between two of their certificates too', async () => {
    const ending = new AbortController();
    const path = file('many-more.pem', first.pem.repeat(1_500));
    const loading = new CaFiles().load([path], ending.signal);
    await setImmediate();
    ending.abort(new Error('the deadline'));
    await expect(loading).rejects.toThrow('the deadline');
  });

  it('of 1,500 certificates leave everything else its turns', async () => {
    const files = new CaFiles();
    const turns = await turnsOf(() => files.load([file('turns.pem', first.pem.repeat(1_500))], signal));
    expect(turns).toBeGreaterThan(1_500 / 50);
  });
});
