import { pbkdf2Sync } from 'node:crypto';
import {
  type DerElement,
  DerError,
  expectTag,
  readCount,
  readDer,
  readOid,
  readSequence,
  tags,
} from '../../../../verify/x509/der.ts';
import { FormError } from '../held.ts';
import { deriveKey, type Passphrase, purposes } from './passphrases.ts';

const pbes2 = '1.2.840.113549.1.5.13';
export const pbmac1 = '1.2.840.113549.1.5.14';
const pbkdf2 = '1.2.840.113549.1.5.12';

/** HMACs as PBKDF2's function and as a message authentication scheme (RFC 8018 appendix B.1). */
const hmacs: ReadonlyMap<string, string> = new Map([
  ['1.2.840.113549.2.7', 'sha1'],
  ['1.2.840.113549.2.8', 'sha224'],
  ['1.2.840.113549.2.9', 'sha256'],
  ['1.2.840.113549.2.10', 'sha384'],
  ['1.2.840.113549.2.11', 'sha512'],
]);

export const digests: ReadonlyMap<string, string> = new Map([
  ['1.3.14.3.2.26', 'sha1'],
  ['2.16.840.1.101.3.4.2.4', 'sha224'],
  ['2.16.840.1.101.3.4.2.1', 'sha256'],
  ['2.16.840.1.101.3.4.2.2', 'sha384'],
  ['2.16.840.1.101.3.4.2.3', 'sha512'],
]);

/** A cipher with its key and IV, by OpenSSL's name; RC2 by the length of its key in bits. */
export interface CipherSetup {
  cipher: string;
  key: Buffer;
  iv: Buffer;
}

/** PBES2's ciphers (RFC 8018 appendix B.2) by OpenSSL's names, with the length of their keys in octets. */
const ciphers: ReadonlyMap<string, { cipher: string; keyBytes: number }> = new Map([
  ['2.16.840.1.101.3.4.1.2', { cipher: 'aes-128-cbc', keyBytes: 16 }],
  ['2.16.840.1.101.3.4.1.22', { cipher: 'aes-192-cbc', keyBytes: 24 }],
  ['2.16.840.1.101.3.4.1.42', { cipher: 'aes-256-cbc', keyBytes: 32 }],
  ['1.2.840.113549.3.7', { cipher: 'des-ede3-cbc', keyBytes: 24 }],
]);

/** The older encryptions of RFC 7292 appendix C, which derive key and IV with SHA-1. */
const olderCiphers: ReadonlyMap<string, { cipher: string; keyBytes: number }> = new Map([
  ['1.2.840.113549.1.12.1.3', { cipher: 'des-ede3-cbc', keyBytes: 24 }],
  ['1.2.840.113549.1.12.1.4', { cipher: 'des-ede-cbc', keyBytes: 16 }],
  ['1.2.840.113549.1.12.1.5', { cipher: 'rc2-128', keyBytes: 16 }],
  ['1.2.840.113549.1.12.1.6', { cipher: 'rc2-40', keyBytes: 5 }],
]);

/** Salt and iterations of a derivation, within a bound. */
export class Derivation {
  readonly salt: Buffer;
  readonly iterations: number;

  constructor(salt: DerElement | undefined, iterations: DerElement | undefined, maxIterations: number) {
    this.salt = expectTag(salt, tags.octetString, 'the salt').content;
    this.iterations = iterations ? readCount(iterations, 'the number of iterations') : 1;
    if (this.iterations > maxIterations)
      throw new FormError('asks for more than 10 million iterations to open it.');
    if (this.iterations === 0) throw new DerError('it asks for no iterations');
  }
}

/** PBKDF2's parameters (RFC 8018 appendix A.2). */
export class Pbkdf2 {
  readonly #derivation: Derivation;
  readonly #digest: string;
  readonly keyBytes: number | null;

  /** @throws FormError for a key derivation that is not supported; DerError */
  constructor(algorithm: DerElement | undefined, maxIterations: number) {
    const [oid, parameters] = readSequence(algorithm, 'the key derivation');
    if (readOid(oid, 'the key derivation') !== pbkdf2) throw unsupported('key derivation');
    const [salt, iterations, ...rest] = readSequence(parameters, 'the parameters of the key derivation');
    this.#derivation = new Derivation(salt, iterations, maxIterations);
    const length = rest.find(({ tag }) => tag === tags.integer);
    const prf = rest.find(({ tag }) => tag === tags.sequence);
    this.keyBytes = length ? readCount(length, 'the length of the key') : null;
    if (this.keyBytes !== null && (this.keyBytes === 0 || this.keyBytes > 1024))
      throw new DerError('the key has no usable length');
    this.#digest = prf ? hmacOf(prf) : 'sha1';
  }

  derive({ utf8 }: Passphrase, keyBytes: number): Buffer {
    const { salt, iterations } = this.#derivation;
    return pbkdf2Sync(utf8, salt, iterations, keyBytes, this.#digest);
  }
}

/** @throws FormError where the function is not supported */
export function hmacOf(algorithm: DerElement | undefined): string {
  const [oid] = readSequence(algorithm, 'the HMAC');
  const digest = hmacs.get(readOid(oid, 'the HMAC'));
  if (digest === undefined) throw unsupported('HMAC');
  return digest;
}

/**
 * Reads an encryption.
 * @returns what makes its key of a passphrase, which takes its time
 * @throws FormError where it is not supported, or asks for too many iterations; DerError
 */
export function readCipher(
  algorithm: DerElement | undefined,
  maxIterations: number,
): (passphrase: Passphrase) => CipherSetup {
  const [oid, parameters] = readSequence(algorithm, 'the encryption');
  const name = readOid(oid, 'the encryption');
  if (name === pbes2) return readPbes2(parameters, maxIterations);
  const older = olderCiphers.get(name);
  if (!older) throw unsupported('encryption');
  const [salt, iterations] = readSequence(parameters, 'the parameters of the encryption');
  const derivation = new Derivation(salt, iterations, maxIterations);
  return ({ bmp }) => {
    const input = { passphrase: bmp, salt: derivation.salt, iterations: derivation.iterations };
    const key = deriveKey('sha1', input, purposes.key, older.keyBytes);
    const iv = deriveKey('sha1', input, purposes.iv, 8);
    if (older.cipher !== 'des-ede-cbc') return { cipher: older.cipher, key, iv };
    return { cipher: 'des-ede3-cbc', key: Buffer.concat([key, key.subarray(0, 8)]), iv };
  };
}

function readPbes2(
  parameters: DerElement | undefined,
  maxIterations: number,
): (passphrase: Passphrase) => CipherSetup {
  const [derivation, encryption] = readSequence(parameters, 'the parameters of the encryption');
  const [oid, iv] = readSequence(encryption, 'the cipher');
  const known = ciphers.get(readOid(oid, 'the cipher'));
  if (!known) throw unsupported('encryption');
  const kdf = new Pbkdf2(derivation, maxIterations);
  const octets = expectTag(iv, tags.octetString, 'the IV').content;
  return (passphrase) => ({ cipher: known.cipher, key: kdf.derive(passphrase, known.keyBytes), iv: octets });
}

function unsupported(what: string): FormError {
  return new FormError(`is a PKCS#12 file with a kind of ${what} that is not supported.`);
}

/** Reads what an explicit tag holds. @throws DerError */
export function contentOf(element: DerElement | undefined, tag: number, what: string): DerElement {
  return readDer(expectTag(element, tag, what).content);
}
