import { createHmac, timingSafeEqual } from 'node:crypto';
import { type DerElement, expectTag, readOid, readSequence, tags } from '../../../../verify/x509/der.ts';
import { FormError } from '../held.ts';
import { Derivation, digests, hmacOf, Pbkdf2, pbmac1 } from './algorithms.ts';
import { deriveKey, type Passphrase, purposes } from './passphrases.ts';

/**
 * Whether a passphrase makes the MAC of a PKCS#12 file: by the derivation of RFC 7292 §4, or by PBMAC1 (RFC 9579).
 * @throws FormError where its kind is not supported; DerError
 */
export function isMacOf(
  macData: DerElement,
  content: Buffer,
  passphrase: Passphrase,
  maxIterations: number,
): boolean {
  const [digestInfo, salt, iterations] = readSequence(macData, 'the MAC');
  const [algorithm, digest] = readSequence(digestInfo, 'the MAC');
  const expected = expectTag(digest, tags.octetString, 'the MAC').content;
  const [oid, parameters] = readSequence(algorithm, 'the MAC’s algorithm');
  const name = readOid(oid, 'the MAC’s algorithm');
  const made =
    name === pbmac1
      ? pbmac1Of(parameters, content, passphrase, maxIterations)
      : macOf(name, new Derivation(salt, iterations, maxIterations), content, passphrase);
  return made.length === expected.length && timingSafeEqual(made, expected);
}

function macOf(name: string, { salt, iterations }: Derivation, content: Buffer, { bmp }: Passphrase): Buffer {
  const digest = digests.get(name);
  if (digest === undefined)
    throw new FormError('is a PKCS#12 file with a kind of MAC that is not supported.');
  const length = createHmac(digest, '').digest().length;
  const key = deriveKey(digest, { passphrase: bmp, salt, iterations }, purposes.mac, length);
  return createHmac(digest, key).update(content).digest();
}

function pbmac1Of(
  parameters: DerElement | undefined,
  content: Buffer,
  passphrase: Passphrase,
  maxIterations: number,
): Buffer {
  const [derivation, scheme] = readSequence(parameters, 'the parameters of the MAC');
  const kdf = new Pbkdf2(derivation, maxIterations);
  // RFC 9579 §4: the length of the key must be there.
  if (kdf.keyBytes === null)
    throw new FormError('is a PKCS#12 file whose PBMAC1 does not say how long its key is.');
  return createHmac(hmacOf(scheme), kdf.derive(passphrase, kdf.keyBytes)).update(content).digest();
}
