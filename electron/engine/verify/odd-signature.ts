import { hash, type KeyObject, verify } from 'node:crypto';
import { ed448 } from '@noble/curves/ed448.js';
import { brainpoolP256r1, brainpoolP384r1, brainpoolP512r1 } from '@noble/curves/misc.js';
import { secp256k1 } from '@noble/curves/secp256k1.js';
import { isVerifiableKey } from './verifiable-key.ts';
import type { CertificateDetails } from './x509/certificate-details.ts';

type Key = CertificateDetails['key'];
type Signed = Pick<CertificateDetails, 'tbs' | 'signature' | 'signatureAlgorithm'>;

/**
 * Signatures and keys that BoringSSL, which Electron is built on, does not know (crypto/evp/evp_asn1.cc, crypto/x509/algorithm.cc there),
 * and OpenSSL does: verified here, so that a verdict is the same on both. What is weak about them is another matter, and found elsewhere.
 */

/** Curves by object identifier (RFC 5639 §4.1, SEC 2 appendix A), by OpenSSL's names. */
const curves = {
  '1.3.132.0.10': { name: 'secp256k1', curve: secp256k1 },
  '1.3.36.3.3.2.8.1.1.7': { name: 'brainpoolP256r1', curve: brainpoolP256r1 },
  '1.3.36.3.3.2.8.1.1.11': { name: 'brainpoolP384r1', curve: brainpoolP384r1 },
  '1.3.36.3.3.2.8.1.1.13': { name: 'brainpoolP512r1', curve: brainpoolP512r1 },
} as const;
const ecPublicKey = '1.2.840.10045.2.1';
const ed448Key = '1.3.101.113';

/** ecdsa-with-SHA… (RFC 3279 §2.2.3, RFC 5758 §3.2). */
const ecdsaHashes: Readonly<Record<string, string>> = {
  '1.2.840.10045.4.1': 'sha1',
  '1.2.840.10045.4.3.1': 'sha224',
  '1.2.840.10045.4.3.2': 'sha256',
  '1.2.840.10045.4.3.3': 'sha384',
  '1.2.840.10045.4.3.4': 'sha512',
};

/** md5WithRSAEncryption (RFC 3279 §2.2.1): a hash that BoringSSL has, in no certificate. */
const md5WithRsa = '1.2.840.113549.1.1.4';

/** What is known of a key that the library cannot read. */
export interface OddKey {
  type: 'ec' | 'ed448';
  bits: number;
  curve: string | null;
}

/** Describes a key on a curve that BoringSSL does not implement. Returns null for any other. */
export function readOddKey(key: Key): OddKey | null {
  if (key.algorithm.oid === ed448Key) return { type: 'ed448', bits: 456, curve: null };
  const known = curveOf(key);
  return known && { type: 'ec', bits: Number(/\d{3}/.exec(known.name)?.[0]), curve: known.name };
}

/** Verifies a certificate's signature by a key that the library cannot read. False for keys that are not known here either. */
export function isSignedByOddKey({ tbs, signature, signatureAlgorithm }: Signed, key: Key): boolean {
  try {
    if (key.algorithm.oid === ed448Key)
      return signatureAlgorithm.oid === ed448Key && ed448.verify(signature, tbs, key.bits);
    const curve = curveOf(key)?.curve;
    const digest = ecdsaHashes[signatureAlgorithm.oid];
    if (!curve || digest === undefined) return false;
    // A low S is required by Bitcoin alone.
    const options = { prehash: false, lowS: false, format: 'der' } as const;
    return curve.verify(signature, hash(digest, tbs, 'buffer'), key.bits, options);
  } catch {
    return false; // A point that is not on the curve or a signature of another form proves nothing.
  }
}

/** Verifies a signature by MD5, where the library refuses certificates with one. */
export function isSignedWithMd5({ tbs, signature, signatureAlgorithm }: Signed, key: KeyObject): boolean {
  if (key.asymmetricKeyType !== 'rsa' || signatureAlgorithm.oid !== md5WithRsa) return false;
  if (!isVerifiableKey(key)) return false;
  try {
    return verify('md5', tbs, key, signature);
  } catch {
    return false; // A library without MD5 verifies nothing by it.
  }
}

function curveOf({ algorithm, curve }: Key): (typeof curves)[keyof typeof curves] | null {
  if (algorithm.oid !== ecPublicKey || curve?.kind !== 'named' || !(curve.oid in curves)) return null;
  // SAFETY: it is one of the curves' names, by the line above.
  return curves[curve.oid as keyof typeof curves];
}
