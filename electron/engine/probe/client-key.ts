import {
  childrenOf,
  type DerElement,
  DerError,
  readCount,
  readDer,
  readOid,
  readSequence,
  tags,
} from '../verify/x509/der.ts';
import { runInWorker } from '../worker.ts';
import { readPemBlocks } from './files/pem.ts';

/** What the thread opens: PKCS#8 in DER, or PEM in OpenSSL's older form. */
export interface ClientKeyTask {
  key: Uint8Array;
  format: 'der' | 'pem';
  passphrase: string | undefined;
}

/** The key as unencrypted PKCS#8, or why it cannot be opened. */
export type ClientKeyAnswer = { pem: string } | { refused: string };

/** Why a key is refused before it is opened, as the end of a sentence that begins with its path. */
export class ClientKeyError extends Error {
  override name = 'ClientKeyError';
}

const maxMegabytes = 64;
/** Some five seconds of one core. No tool writes more than a million. */
const maxRounds = 10_000_000;
const scrypt = '1.3.6.1.4.1.11591.4.11';
const encryptedLabel = 'ENCRYPTED PRIVATE KEY';

/**
 * Opens an encrypted private key in a worker thread: its file decides how long the key derivation takes, and OpenSSL runs it at one
 * go. The bound comes first, because a thread that is ended still finishes what OpenSSL has begun.
 * @returns the key as PEM, unencrypted; the file as it is where it is not encrypted
 * @throws ClientKeyError where the file asks for too much work; Error where its passphrase is wrong or it is no key; the signal's
 * reason where it aborts
 */
export async function openClientKey(
  file: Buffer,
  passphrase: string | undefined,
  signal: AbortSignal,
): Promise<Buffer> {
  const key = findEncrypted(file);
  if (key === null) return file;
  const task: ClientKeyTask = { ...key, passphrase };
  const options = { beside: import.meta.url, name: 'client-key-worker', task, maxMegabytes, signal };
  return await runInWorker(options, (answer: ClientKeyAnswer) => {
    if ('refused' in answer) throw new Error(answer.refused);
    return Buffer.from(answer.pem);
  });
}

/** Returns the encrypted key of a file: PKCS#8 (RFC 7468 §11), or OpenSSL's older form (RFC 1421 §4.6.1.1), which takes one round. */
function findEncrypted(file: Buffer): { key: Buffer; format: 'der' | 'pem' } | null {
  if (file.includes('Proc-Type: 4,ENCRYPTED')) return { key: withoutPkcs8(file), format: 'pem' };
  if (!file.includes(`BEGIN ${encryptedLabel}`)) return null;
  const block = readPemBlocks(file.toString('latin1')).find(({ label }) => label === encryptedLabel);
  if (!block) throw new ClientKeyError('is cut off');
  const der = Buffer.from(block.body, 'base64');
  requireBounded(der);
  return { key: der, format: 'der' };
}

/** @throws ClientKeyError where a file has keys in both forms: OpenSSL would open whichever comes first */
function withoutPkcs8(file: Buffer): Buffer {
  if (file.includes(`BEGIN ${encryptedLabel}`)) throw new ClientKeyError('has more than one key');
  return file;
}

/**
 * Checks how much work the encryption of an EncryptedPrivateKeyInfo (RFC 5958 §3) asks for: the rounds of PBKDF2 or of an older
 * scheme (RFC 8018 §6), the product of scrypt's costs (RFC 7914 §7.1).
 * @throws ClientKeyError where it is more than the bound; DerError
 */
function requireBounded(der: Buffer): void {
  const [algorithm] = readSequence(readDer(der), 'the encrypted key');
  if (!algorithm) throw new DerError('the key has no encryption');
  const costs = integersIn(algorithm, 0);
  // N, r and p come first; the length of the key may follow.
  const work = namesScrypt(algorithm)
    ? costs.slice(0, 3).reduce((product, cost) => product * cost, 1)
    : Math.max(0, ...costs);
  if (work > maxRounds) throw new ClientKeyError('asks for more than 10 million rounds to open it');
}

function integersIn(element: DerElement, depth: number): number[] {
  if (depth > 8) throw new DerError('elements are nested too deep');
  return childrenOf(element).flatMap((child) => {
    if (child.tag === tags.integer) return [readCount(child, 'a cost')];
    return (child.tag & 0x20) === 0 ? [] : integersIn(child, depth + 1);
  });
}

function namesScrypt(element: DerElement): boolean {
  return childrenOf(element).some((child) =>
    child.tag === tags.oid
      ? readOid(child, 'an algorithm') === scrypt
      : (child.tag & 0x20) !== 0 && namesScrypt(child),
  );
}
