import { generateKeyPairSync, sign } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { ParsedCertificate } from '../../../electron/engine/verify/certificate.ts';
import {
  isSignedByOddKey,
  isSignedWithMd5,
  readOddKey,
} from '../../../electron/engine/verify/odd-signature.ts';
import { makeCa } from '../../support/pki.ts';

/** OpenSSL makes the certificates and signatures, and says what each key is. */
function parsed(pem: string) {
  const certificate = new ParsedCertificate(pem);
  const { details } = certificate;
  if (!details) throw new Error('It cannot be read.');
  return { certificate, details };
}

describe('keys that BoringSSL does not know', () => {
  it.each(['secp256k1', 'brainpool256'] as const)('%s: agrees with OpenSSL', (key) => {
    const root = parsed(makeCa('Odd Root', { key }).pem);
    const other = parsed(makeCa('Odd Root', { key }).pem);
    const { type, bits, curve } = root.certificate.facts.key;
    expect(readOddKey(root.details.key)).toEqual({ type, bits, curve });
    expect(root.certificate.isSelfSigned).toBe(true);
    // Half of all signatures have a high S, which must count too.
    for (let count = 0; count < 6; count += 1) {
      const { details } = parsed(makeCa('Odd Root', { key }).pem);
      expect(isSignedByOddKey(details, details.key)).toBe(true);
      expect(isSignedByOddKey(details, other.details.key)).toBe(false);
    }
    const tbs = Buffer.from(root.details.tbs);
    tbs[20] = (tbs[20] ?? 0) ^ 1;
    expect(isSignedByOddKey({ ...root.details, tbs }, root.details.key)).toBe(false);
  });

  it('Ed448: agrees with OpenSSL', () => {
    const { details } = parsed(makeCa('Any').pem);
    const { publicKey, privateKey } = generateKeyPairSync('ed448');
    const algorithm = { ...details.key.algorithm, oid: '1.3.101.113' };
    const key = {
      ...details.key,
      algorithm,
      curve: null,
      bits: publicKey.export({ type: 'spki', format: 'der' }).subarray(-57),
    };
    const signed = {
      tbs: details.tbs,
      signatureAlgorithm: algorithm,
      signature: sign(null, details.tbs, privateKey),
    };
    expect(readOddKey(key)).toEqual({ type: 'ed448', bits: 456, curve: null });
    expect(isSignedByOddKey(signed, key)).toBe(true);
    expect(isSignedByOddKey({ ...signed, tbs: Buffer.from('another') }, key)).toBe(false);
    expect(isSignedByOddKey({ ...signed, signature: Buffer.alloc(3) }, key)).toBe(false);
  });

  it('leaves keys to the library that it knows', () => {
    for (const key of ['p256', 'rsa2048', 'ed25519'] as const) {
      const { details } = parsed(makeCa('Known', { key }).pem);
      expect(readOddKey(details.key)).toBeNull();
      expect(isSignedByOddKey(details, details.key)).toBe(false);
    }
  });
});

it('a signature by MD5 is verified where the library refuses it', () => {
  const { details } = parsed(makeCa('MD5', { key: 'rsa2048' }).pem);
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const signatureAlgorithm = { ...details.signatureAlgorithm, oid: '1.2.840.113549.1.1.4' };
  const signed = { tbs: details.tbs, signatureAlgorithm, signature: sign('md5', details.tbs, privateKey) };
  expect(isSignedWithMd5(signed, publicKey)).toBe(true);
  expect(isSignedWithMd5({ ...signed, tbs: Buffer.from('another') }, publicKey)).toBe(false);
  // By another algorithm the library has answered already.
  expect(isSignedWithMd5({ ...signed, signatureAlgorithm: details.signatureAlgorithm }, publicKey)).toBe(
    false,
  );
});
