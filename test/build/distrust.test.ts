import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { distrustModule, readDistrustDates } from '../../build/distrust.ts';
import { distrustDates } from '../../electron/engine/verify/distrust-dates.ts';

const octal = (text: string | Buffer) =>
  [...Buffer.from(text)].map((octet) => `\\${octet.toString(8).padStart(3, '0')}`).join('');

/** Objects in the form of certdata.txt (PKCS #11 attributes, one a line). */
function certdata(...objects: { kind: string; label: string; value?: string; after?: string }[]): string {
  return objects
    .map(({ kind, label, value, after }) =>
      [
        `CKA_CLASS CK_OBJECT_CLASS ${kind}`,
        `CKA_LABEL UTF8 "${label}"`,
        ...(value === undefined ? [] : ['CKA_VALUE MULTILINE_OCTAL', octal(value), 'END']),
        ...(after === undefined
          ? ['CKA_NSS_SERVER_DISTRUST_AFTER CK_BBOOL CK_FALSE']
          : ['CKA_NSS_SERVER_DISTRUST_AFTER MULTILINE_OCTAL', octal(after), 'END']),
        '',
      ].join('\n'),
    )
    .join('\n');
}

describe('build/distrust.ts', () => {
  const text = certdata(
    { kind: 'CKO_CERTIFICATE', label: 'Good Root', value: 'good' },
    { kind: 'CKO_CERTIFICATE', label: 'Old Root', value: 'old', after: '241130235959Z' },
    // Izenpe's date stands at its trust object alone, where Firefox does not look for it.
    { kind: 'CKO_NSS_TRUST', label: 'Good Root', after: '260415235959Z' },
  );
  const fingerprint = createHash('sha256').update('old').digest('hex').toUpperCase().match(/../g)?.join(':');

  it('reads the dates that Firefox reads', () => {
    expect(readDistrustDates(text)).toEqual([
      { label: 'Old Root', fingerprint256: fingerprint, after: '2024-11-30T23:59:59.000Z' },
    ]);
  });

  it('writes a module that names its source', () => {
    const module = distrustModule(text, 'commit 123 of 2026-04-09');
    expect(module).toContain('commit 123 of 2026-04-09');
    expect(module).toContain(createHash('sha256').update(text).digest('hex'));
    expect(module).toContain(`['${fingerprint}', '2024-11-30T23:59:59.000Z']`);
  });

  it('refuses what is no certdata.txt', () => {
    expect(() => readDistrustDates('hello')).toThrow('holds no certificate');
    const odd = certdata({ kind: 'CKO_CERTIFICATE', label: 'Odd', value: 'odd', after: 'soon' });
    expect(() => readDistrustDates(odd)).toThrow('soon is no date');
  });

  it('made the dates that the program has: Entrust since 30 November 2024, ePKI since 15 April 2025', () => {
    expect([...distrustDates.values()].sort()).toEqual([
      ...Array.from({ length: 4 }, () => '2024-11-30T23:59:59.000Z'),
      '2025-04-15T23:59:59.000Z',
    ]);
  });
});
