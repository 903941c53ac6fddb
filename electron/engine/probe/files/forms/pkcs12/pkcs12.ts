import { createDecipheriv } from 'node:crypto';
import { errorCode } from '../../../../error-code.ts';
import {
  childrenOf,
  contextTag,
  type DerElement,
  DerError,
  expectTag,
  readDer,
  readOid,
  readSequence,
  tags,
} from '../../../../verify/x509/der.ts';
import { toDer } from '../ber.ts';
import { FormError, type HeldCertificate } from '../held.ts';
import { type CipherSetup, contentOf, readCipher } from './algorithms.ts';
import { certificatesOf, readSafe } from './bags.ts';
import { isMacOf } from './mac.ts';
import { formsOf, type Passphrase } from './passphrases.ts';
import { decryptRc2 } from './rc2.ts';

const data = '1.2.840.113549.1.7.1';
const encryptedData = '1.2.840.113549.1.7.6';
/** What OpenSSL writes has 2,048 iterations, Windows 2,000, and what is careful a million; 2^31 would take an hour. */
const maxFileIterations = 10_000_000;
/** Tried where no passphrase is given: none, an empty one, and the one that Java's own truststores have. */
const usualPassphrases = [null, '', 'changeit'];

type Bags = ReturnType<typeof readSafe>;

/**
 * Reads the certificates of a PKCS#12 file (RFC 7292) with their friendly names. Keys are never decrypted.
 * @param passphrase null: none was given
 * @throws FormError where it cannot be opened: it needs a passphrase, or this one is wrong; DerError where it is none
 */
export function readPkcs12(
  bytes: Buffer,
  passphrase: string | null,
  maxIterations = maxFileIterations,
): HeldCertificate[] {
  const [version, authSafe, macData] = readSequence(readDer(toDer(bytes)), 'the file');
  if (version?.tag !== tags.integer) throw new DerError('it is no PKCS#12 file');
  const [type, holder] = readSequence(authSafe, 'the contents');
  if (readOid(type, 'the kind of contents') !== data)
    throw new FormError('is a PKCS#12 file that is protected by a public key, which is not supported.');
  const content = expectTag(
    contentOf(holder, contextTag(0, true), 'the contents'),
    tags.octetString,
    'the contents',
  ).content;
  const parts = readSequence(readDer(toDer(content)), 'the parts');
  const texts = passphrase === null || passphrase === '' ? usualPassphrases : [passphrase];
  const forms = texts.flatMap(formsOf);
  const fitting = macData
    ? forms.filter((one) => isMacOf(macData, content, one, maxIterations)).slice(0, 1)
    : forms;
  const bags = readParts(parts, fitting, maxIterations);
  const found = certificatesOf(bags.read);
  if (found.length > 0 || bags.closed === 0) return found;
  throw new FormError(
    passphrase
      ? 'is a PKCS#12 file, and the passphrase is wrong.'
      : 'is a PKCS#12 file that needs a passphrase.',
  );
}

/** Reads every part that lies open or that a passphrase opens, and counts those that stay closed. */
function readParts(
  parts: readonly DerElement[],
  passphrases: readonly Passphrase[],
  maxIterations: number,
): { read: Bags; closed: number } {
  const read: Bags = [];
  let closed = 0;
  for (const part of parts) {
    const [type, holder] = readSequence(part, 'a part');
    const kind = readOid(type, 'the kind of a part');
    if (kind === data)
      read.push(
        ...readSafe(
          expectTag(contentOf(holder, contextTag(0, true), 'a part'), tags.octetString, 'a part').content,
        ),
      );
    else if (kind === encryptedData) {
      const opened = openPart(contentOf(holder, contextTag(0, true), 'a part'), passphrases, maxIterations);
      if (opened) read.push(...opened);
      else closed += 1;
    }
  }
  return { read, closed };
}

/** EncryptedData (RFC 5652 §8). @returns null where no passphrase opens it */
function openPart(part: DerElement, passphrases: readonly Passphrase[], maxIterations: number): Bags | null {
  const [, info] = readSequence(part, 'an encrypted part');
  const [, algorithm, encrypted] = readSequence(info, 'an encrypted part');
  const octets = octetsOf(encrypted);
  const cipherOf = readCipher(algorithm, maxIterations);
  for (const passphrase of passphrases) {
    const opened = decrypt(cipherOf(passphrase), octets);
    const bags = opened && readOpened(opened);
    if (bags) return bags;
  }
  return null;
}

/** The octets under an implicit tag, which Windows writes in pieces. @throws DerError */
function octetsOf(encrypted: DerElement | undefined): Buffer {
  if (encrypted?.tag === contextTag(0, true))
    return Buffer.concat(
      childrenOf(encrypted).map((piece) => expectTag(piece, tags.octetString, 'a piece').content),
    );
  return expectTag(encrypted, contextTag(0, false), 'an encrypted part').content;
}

/** A wrong key leaves noise, which once in 256 times has a valid padding. */
function readOpened(octets: Buffer): Bags | null {
  try {
    return readSafe(octets);
  } catch (error) {
    if (error instanceof DerError) return null;
    throw error;
  }
}

function decrypt({ cipher, key, iv }: CipherSetup, octets: Buffer): Buffer | null {
  if (cipher.startsWith('rc2-')) return decryptRc2(key, iv, octets);
  try {
    const decipher = createDecipheriv(cipher, key, iv);
    return Buffer.concat([decipher.update(octets), decipher.final()]);
  } catch (error) {
    if (errorCode(error) === 'ERR_CRYPTO_UNKNOWN_CIPHER') throw error;
    return null; // The padding does not fit: another passphrase.
  }
}
