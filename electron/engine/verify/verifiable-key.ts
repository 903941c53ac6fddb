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
