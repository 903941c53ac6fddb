import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto';

const toNumber = (text: string) => BigInt(`0x${Buffer.from(text, 'base64url').toString('hex')}`);
const toText = (number: bigint) => {
  const hex = number.toString(16);
  return Buffer.from(hex.length % 2 ? `0${hex}` : hex, 'hex').toString('base64url');
};

/** The inverse of a number, by the extended Euclidean algorithm; null where there is none. */
function inverse(number: bigint, modulus: bigint): bigint | null {
  let [remainder, next, factor, nextFactor] = [modulus, number % modulus, 0n, 1n];
  while (next !== 0n) {
    const quotient = remainder / next;
    [remainder, next] = [next, remainder - quotient * next];
    [factor, nextFactor] = [nextFactor, factor - quotient * nextFactor];
  }
  return remainder === 1n ? (factor + modulus) % modulus : null;
}

/** An RSA key of 3,072 bits whose public exponent is as long: each verification costs as much as a signature (finding 13). */
export function makeLargeExponentKey(): KeyObject {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 3072 });
  const { n = '', p = '', q = '' } = privateKey.export({ format: 'jwk' });
  const [one, other] = [toNumber(p) - 1n, toNumber(q) - 1n];
  let d = 65_537n;
  let e = inverse(d, one * other);
  while (e === null) {
    d += 2n;
    e = inverse(d, one * other);
  }
  const qi = inverse(toNumber(q), toNumber(p)) ?? 0n;
  const key = { kty: 'RSA', n, p, q, d: toText(d), e: toText(e), dp: toText(d % one), dq: toText(d % other) };
  return createPrivateKey({ key: { ...key, qi: toText(qi) }, format: 'jwk' });
}
