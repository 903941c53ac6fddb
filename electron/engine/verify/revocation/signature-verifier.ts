import { constants, createVerify, type KeyObject, verify } from 'node:crypto';
import { isVerifiableKey } from '../verifiable-key.ts';
import {
  childrenOf,
  contextTag,
  type DerElement,
  readCount,
  readDer,
  readOid,
  readSequence,
  tags,
} from '../x509/der.ts';

/** An AlgorithmIdentifier (RFC 5280 §4.1.1.2). */
export interface Algorithm {
  oid: string;
  parameters: DerElement | null;
}

/** Reads an AlgorithmIdentifier. @throws DerError */
export function readAlgorithm(element: DerElement | undefined): Algorithm {
  const [oid, parameters] = readSequence(element, 'the signature algorithm');
  return { oid: readOid(oid, 'the signature algorithm'), parameters: parameters ?? null };
}

/** Object identifiers of hashes (RFC 8017 appendix B.1, RFC 5754), by node:crypto's names. */
export const hashNames: Readonly<Record<string, string>> = {
  '1.3.14.3.2.26': 'sha1',
  '2.16.840.1.101.3.4.2.1': 'sha256',
  '2.16.840.1.101.3.4.2.2': 'sha384',
  '2.16.840.1.101.3.4.2.3': 'sha512',
  '2.16.840.1.101.3.4.2.4': 'sha224',
};

/** Signature algorithms (RFC 3279, 4055, 5758, 8410), with the keys that they are for and their hash. */
const algorithms: Readonly<Record<string, { keys: readonly string[]; hash: string | null }>> = {
  '1.2.840.113549.1.1.5': { keys: ['rsa'], hash: 'sha1' },
  '1.2.840.113549.1.1.11': { keys: ['rsa'], hash: 'sha256' },
  '1.2.840.113549.1.1.12': { keys: ['rsa'], hash: 'sha384' },
  '1.2.840.113549.1.1.13': { keys: ['rsa'], hash: 'sha512' },
  '1.2.840.113549.1.1.14': { keys: ['rsa'], hash: 'sha224' },
  '1.2.840.10045.4.1': { keys: ['ec'], hash: 'sha1' },
  '1.2.840.10045.4.3.1': { keys: ['ec'], hash: 'sha224' },
  '1.2.840.10045.4.3.2': { keys: ['ec'], hash: 'sha256' },
  '1.2.840.10045.4.3.3': { keys: ['ec'], hash: 'sha384' },
  '1.2.840.10045.4.3.4': { keys: ['ec'], hash: 'sha512' },
  '1.2.840.10040.4.3': { keys: ['dsa'], hash: 'sha1' },
  '2.16.840.1.101.3.4.3.2': { keys: ['dsa'], hash: 'sha256' },
  '1.3.101.112': { keys: ['ed25519'], hash: null },
  '1.3.101.113': { keys: ['ed448'], hash: null },
};
const rsaPss = '1.2.840.113549.1.1.10';
const mgf1 = '1.2.840.113549.1.1.8';

/** Edwards curves sign the data itself, twice over: it has to be kept, and so it has to be small. */
const maxKeptBytes = 4 * 1024 * 1024;

/** What comes before it is too long to be verified at once. */
export class TooLargeToVerify extends Error {}

interface Padding {
  padding: number;
  saltLength: number;
}

/** Verifies one signature over data that comes in pieces. Nothing that the key's owner did not sign is ever valid. */
export class SignatureVerifier {
  readonly #key: KeyObject;
  readonly #stream: ReturnType<typeof createVerify> | null;
  readonly #padding: Padding | null;
  readonly #kept: Buffer[] = [];
  #keptBytes = 0;

  private constructor(key: KeyObject, hash: string | null, padding: Padding | null = null) {
    this.#key = key;
    this.#stream = hash === null ? null : createVerify(hash);
    this.#padding = padding;
  }

  /** Returns null where the algorithm is not known or not the key's, or the key must not be used. */
  static for({ oid, parameters }: Algorithm, key: KeyObject): SignatureVerifier | null {
    const type = key.asymmetricKeyType ?? '';
    if (!isVerifiableKey(key)) return null;
    if (oid === rsaPss) {
      const pss = readPss(parameters);
      if (!pss || !/^rsa(-pss)?$/.test(type)) return null;
      return new SignatureVerifier(key, pss.hash, {
        padding: constants.RSA_PKCS1_PSS_PADDING,
        saltLength: pss.saltLength,
      });
    }
    const algorithm = algorithms[oid];
    return algorithm?.keys.includes(type) ? new SignatureVerifier(key, algorithm.hash) : null;
  }

  /** @throws TooLargeToVerify */
  update(bytes: Buffer): void {
    if (this.#stream) {
      this.#stream.update(bytes);
      return;
    }
    this.#keptBytes += bytes.length;
    if (this.#keptBytes > maxKeptBytes) throw new TooLargeToVerify();
    this.#kept.push(Buffer.from(bytes));
  }

  isValid(signature: Buffer): boolean {
    try {
      const key = this.#padding ? { key: this.#key, ...this.#padding } : this.#key;
      return this.#stream
        ? this.#stream.verify(key, signature)
        : verify(null, Buffer.concat(this.#kept), this.#key, signature);
    } catch {
      return false; // What the library refuses, a signature of the wrong length say, proves nothing.
    }
  }
}

/** Returns what RSASSA-PSS-params (RFC 4055 §3.1) say; null where node:crypto cannot verify it: another hash in the mask. */
function readPss(parameters: DerElement | null): { hash: string; saltLength: number } | null {
  const fields = parameters === null ? [] : readSequence(parameters, 'the parameters of PSS');
  const field = (number: number) => {
    const found = fields.find(({ tag }) => tag === contextTag(number, true));
    return found && readDer(found.content);
  };
  const [hashField, maskField, saltField] = [field(0), field(1), field(2)];
  const hash = hashField ? readAlgorithm(hashField).oid : '1.3.14.3.2.26';
  const mask = maskField ? readAlgorithm(maskField) : null;
  if (mask && mask.oid !== mgf1) return null;
  const maskHash = mask?.parameters ? readAlgorithm(mask.parameters).oid : '1.3.14.3.2.26';
  const name = hashNames[hash];
  if (name === undefined || maskHash !== hash) return null;
  return { hash: name, saltLength: saltField?.tag === tags.integer ? readCount(saltField, 'the salt') : 20 };
}

/** Returns the elements of a sequence within its explicit tag, or none. @throws DerError */
export function explicitly(elements: readonly DerElement[], number: number): DerElement | null {
  const found = elements.find(({ tag }) => tag === contextTag(number, true));
  const [only] = found ? childrenOf(found) : [];
  return only ?? null;
}
