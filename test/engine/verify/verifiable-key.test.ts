import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isVerifiableKey } from '../../../electron/engine/verify/verifiable-key.ts';

const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 3072 });
const { n = '' } = publicKey.export({ format: 'jwk' });

/** An RSA key of 3,072 bits with an exponent of so many bits, odd as every exponent is. */
function keyWithExponent(bits: number) {
  const exponent = (1n << BigInt(bits - 1)) | 1n;
  const hex = exponent.toString(16);
  const e = Buffer.from(hex.length % 2 ? `0${hex}` : hex, 'hex').toString('base64url');
  return createPublicKey({ key: { kty: 'RSA', n, e }, format: 'jwk' });
}

describe('isVerifiableKey (security finding 13)', () => {
  it.each([2, 17, 33, 64])('takes an exponent of %d bits', (bits) => {
    expect(isVerifiableKey(keyWithExponent(bits))).toBe(true);
  });

  it.each([65, 1024, 3071])(
    'refuses an exponent of %d bits: one verification would cost as much as a signature',
    (bits) => {
      expect(isVerifiableKey(keyWithExponent(bits))).toBe(false);
    },
  );

  it('takes keys that have no exponent', () => {
    for (const type of ['ed25519', 'ed448'] as const)
      expect(isVerifiableKey(generateKeyPairSync(type as 'ed25519').publicKey)).toBe(true);
    expect(isVerifiableKey(generateKeyPairSync('ec', { namedCurve: 'P-521' }).publicKey)).toBe(true);
  });

  it('is asked in every file of the engine that verifies a signature with a foreign key', () => {
    const engine = join(import.meta.dirname, '../../../electron/engine');
    const verifying = readdirSync(engine, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => ({ name, text: readFileSync(join(engine, name), 'utf8') }))
      .filter(({ text }) =>
        /import \{[^}]*\b(?:verify|createVerify)\b[^}]*\} from 'node:crypto'|x509\.verify\(/.test(text),
      );
    expect(verifying.length).toBeGreaterThanOrEqual(3);
    for (const { name, text } of verifying)
      expect([name, text.includes('isVerifiableKey')]).toEqual([name, true]);
  });
});
