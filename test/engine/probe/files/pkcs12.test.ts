import { execFile, execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createSecureContext } from 'node:tls';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import { Prober } from '../../../../electron/engine/probe/prober.ts';
import { defaultThresholds } from '../../../../shared/schema/thresholds.ts';
import { pkcs12Asking } from '../../../support/pkcs12.ts';
import { makeCa } from '../../../support/pki.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

const folder = temporaryFolder();
afterAll(() => folder[Symbol.dispose]());

function write(name: string, content: Buffer | string): string {
  writeFileSync(folder.file(name), content);
  return folder.file(name);
}

async function check(file: string, timeoutMs = 10_000) {
  const { result } = await new Prober().check({
    target: { file, passphraseFile: null },
    thresholds: defaultThresholds,
    caFiles: [],
    timeoutMs,
  });
  return result;
}

const leaf = makeCa().issue();
const openssl = (name: string, iterations: string) => {
  const [pem, out] = [write(`${name}.pem`, leaf.pem + leaf.key), folder.file(`${name}.p12`)];
  execFileSync('openssl', [
    'pkcs12',
    '-export',
    '-in',
    pem,
    '-out',
    out,
    '-passout',
    'pass:',
    '-iter',
    iterations,
  ]);
  return out;
};

/** The appendix of RFC 9879, which took the place of RFC 9579, with the outcome that it states. A.1 is there as RFC 9579 had it, too. */
const vectors: readonly [string, string, string | null][] = [
  ['a1-of-rfc9579', 'HMAC and PRF SHA-256, without the iterations of the older MAC', null],
  ['a1', 'HMAC and PRF SHA-256', null],
  ['a2', 'HMAC SHA-256, PRF SHA-512', null],
  ['a3', 'HMAC and PRF SHA-512', null],
  ['a4', 'another number of iterations', 'is a PKCS#12 file, and the passphrase is wrong.'],
  ['a5', 'another salt', 'is a PKCS#12 file, and the passphrase is wrong.'],
  ['a6', 'no length of the key', 'is a PKCS#12 file whose PBMAC1 does not say how long its key is.'],
];

describe('the vectors of RFC 9879 (PBMAC1)', () => {
  const passphraseFile = write('pw', '1234\n');
  it.each(vectors)('%s: %s', async (name, _what, fault) => {
    const file = join(import.meta.dirname, `rfc9879/${name}.p12`);
    const { result } = await new Prober().check({
      target: { file, passphraseFile },
      thresholds: defaultThresholds,
      caFiles: [],
      timeoutMs: 10_000,
    });
    expect(result.certificate?.subject ?? null).toBe(
      fault === null ? 'C=XX, ST=qq, L=ww, O=ee, OU=rr, CN=tt' : null,
    );
    expect(result.unreachable?.message ?? null).toBe(fault === null ? null : `${file} ${fault}`);
    // OpenSSL, which Node brings, says the same.
    const open = () => createSecureContext({ pfx: readFileSync(file), passphrase: '1234' });
    if (fault === null) expect(open).not.toThrow();
    else expect(open).toThrow();
  });
});

describe('a PKCS#12 file', () => {
  it.each([
    ['its MAC', 2 ** 31 - 1, 2_000],
    ['a part of it', 2_000, 2 ** 31 - 1],
    ['its MAC, by one', 10_000_001, 1],
  ])(
    'that asks for more than 10 million iterations for %s is refused (finding 8)',
    async (_what, mac, part) => {
      const { unreachable } = await check(write('many.p12', pkcs12Asking(mac, part)));
      expect(unreachable).toMatchObject({
        reason: 'file',
        message: expect.stringMatching(/more than 10 million iterations/),
      });
    },
  );

  it('that takes long is ended by the deadline, and holds nothing up meanwhile (finding 8)', async () => {
    const ends: string[] = [];
    const slow = check(write('slow.p12', pkcs12Asking(9_999_999, 2_000)), 2_000).then((result) => {
      ends.push('slow');
      return result;
    });
    const quick = check(write('leaf.pem', leaf.pem)).then(() => ends.push('quick'));
    expect((await slow).unreachable).toEqual({
      reason: 'file',
      message: `${folder.file('slow.p12')} could not be read in time.`,
    });
    await quick;
    expect(ends).toEqual(['quick', 'slow']);
  });

  it('of openssl is read by a thread of the sources, and of the built program', async () => {
    const file = openssl('good', '3000');
    expect((await check(file)).certificate?.subject).toBe('CN=localhost');
    const program = join(import.meta.dirname, '../../../../dist/app/notafter.js');
    const { stdout } = await promisify(execFile)(process.execPath, [
      program,
      'check',
      `file:${file}`,
      '--json',
    ]);
    expect(JSON.parse(stdout)).toMatchObject([{ certificate: { subject: 'CN=localhost' } }]);
  });
});
