import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { Prober } from '../../../electron/engine/probe/prober.ts';
import { readCaFile } from '../../../electron/engine/verify/ca-file.ts';
import { defaultThresholds } from '../../../shared/schema/thresholds.ts';
import { makeCa } from '../../support/pki.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { serveTls } from '../../support/tls-server.ts';

const folder = temporaryFolder();
afterAll(() => folder[Symbol.dispose]());
const [first, second] = [makeCa('First Root'), makeCa('Second Root')];
/** A certificate in which one octet of DER is another: its first length. */
const broken = first.pem.replace(/(?<=-\n)MII/, 'MAA');
const file = (name: string, content: string | Buffer): string => {
  writeFileSync(folder.file(name), content);
  return folder.file(name);
};
const subjects = (path: string) => readCaFile(path).certificates.map(({ facts }) => facts.subject);

describe('a CA file', () => {
  it('with one certificate that cannot be read is used without it, and names it (mql #10611)', () => {
    const path = file('mixed.pem', first.pem + broken + second.pem);
    expect(subjects(path)).toEqual(['CN=First Root', 'CN=Second Root']);
    expect(readCaFile(path).faults).toEqual([
      `Certificate 2 of 3 in the CA file ${path} cannot be read and is left out.`,
    ]);
  });

  it('with many of them names a few and counts the rest', () => {
    const { faults } = readCaFile(file('many.pem', broken.repeat(8) + second.pem));
    expect(faults).toHaveLength(6);
    expect(faults.at(-1)).toMatch(/^3 more in .* cannot be read either\.$/);
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
  ])('in the form of %s is read', (_form, content) => {
    expect(subjects(file('form', content())).toSorted()).toEqual(['CN=First Root', 'CN=Second Root']);
  });

  it.each([
    ['nothing', '', /no certificate in PEM, DER or PKCS#7 form/],
    ['a key', first.key, /no certificate in PEM, DER or PKCS#7 form/],
    ['broken certificates alone', broken + broken, /no certificate that can be read/],
  ])('with %s is refused', (_what, content, sentence) => {
    expect(() => readCaFile(file('none.pem', content))).toThrow(sentence);
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
