import type { KeyObject } from 'node:crypto';

/** Longer ones cost CPU (CVE-2006-2940). BoringSSL takes 33 bits, OpenSSL 64 for larger moduli (OPENSSL_RSA_MAX_PUBEXP_BITS). */
const maxExponent = 2n ** 64n;
/** OpenSSL's own bound (OPENSSL_RSA_MAX_MODULUS_BITS). */
const maxModulusBits = 16_384;

/**
 * Returns whether one verification by the key takes bounded time. With an exponent as long as its modulus, which OpenSSL
 * takes up to 3,072 bits, each costs as much as a signature by the private key.
 */
export function isVerifiableKey(key: KeyObject): boolean {
  const { modulusLength = 0, publicExponent = 3n } = key.asymmetricKeyDetails ?? {};
  return modulusLength <= maxModulusBits && publicExponent < maxExponent;
}

/** Units of work for one verification on a curve, measured on OpenSSL 3.5 where RSA 2048 takes about 20 µs. */
const curveCosts: Readonly<Record<string, number>> = { prime256v1: 4, secp384r1: 32, secp521r1: 72 };
const edwardsCosts: Readonly<Record<string, number>> = { ed25519: 6, ed448: 16 };
/** Other curves, and keys that the library does not know (odd-signature.ts), cost no more than this. */
const otherCost = 100;

/**
 * Returns what one verification by the key costs, in units of one by RSA 2048 with the usual exponent. What a server sends
 * chooses the keys: a bound on signatures alone lets it choose the slowest.
 * @param key null: one that the library does not know
 */
export function verificationCost(key: KeyObject | null): number {
  if (key === null) return otherCost;
  const { modulusLength, publicExponent = 65_537n, namedCurve = '' } = key.asymmetricKeyDetails ?? {};
  if (modulusLength !== undefined) {
    const length = Math.max(1, modulusLength / 2048) ** 2;
    return Math.ceil(length * Math.max(1, publicExponent.toString(2).length / 17));
  }
  return curveCosts[namedCurve] ?? edwardsCosts[key.asymmetricKeyType ?? ''] ?? otherCost;
}
