import {
  constants,
  createHash,
  hash,
  type KeyObject,
  publicDecrypt,
  verify,
  X509Certificate,
} from 'node:crypto';
import { isVerifiableKey } from '../../verify/verifiable-key.ts';
import { NotSpoken } from './not-spoken.ts';
import { type Authentication, signatureSchemes } from './parameters.ts';

/** How many leaf keys are remembered: servers show the same certificate from check to check. */
const maxKeys = 5_000;

/** The public keys of leaves, read once each. */
export class LeafKeys {
  readonly #keys = new Map<string, KeyObject>();

  /** @throws NotSpoken where this runtime cannot read the key */
  get(der: Buffer): KeyObject {
    const fingerprint = hash('sha256', der, 'base64');
    let key = this.#keys.get(fingerprint);
    if (!key) {
      try {
        key = new X509Certificate(der).publicKey;
      } catch {
        throw new NotSpoken('The leaf’s public key cannot be read.');
      }
      if (!isVerifiableKey(key)) throw new NotSpoken('The leaf’s key takes too long to verify by.');
      if (this.#keys.size >= maxKeys) this.#keys.clear();
      this.#keys.set(fingerprint, key);
    }
    return key;
  }
}

export interface SignedBy {
  key: KeyObject;
  /** The scheme that the server names; null up to TLS 1.1, where the suite says it. */
  scheme: number | null;
  authentication: Authentication;
  is13: boolean;
}

/** Whether a signature over data was made by the key. A scheme that does not fit the key is no signature of it. */
export function isSignatureOf(data: Buffer, signature: Buffer, signer: SignedBy): boolean {
  try {
    return signer.scheme === null
      ? isSignedWithoutScheme(data, signature, signer)
      : isSignedWithScheme(data, signature, signer.scheme, signer);
  } catch {
    return false; // What cannot be verified, a signature of the wrong length say, proves nothing.
  }
}

function isSignedWithScheme(data: Buffer, signature: Buffer, code: number, { key, is13 }: SignedBy): boolean {
  const scheme = signatureSchemes.get(code);
  const type = key.asymmetricKeyType ?? '';
  if (!scheme?.keyTypes.includes(type)) return false;
  if (is13 && !scheme.isFor13) return false;
  if (is13 && scheme.curve !== undefined && key.asymmetricKeyDetails?.namedCurve !== scheme.curve)
    return false;
  if (scheme.padding !== 'pss') return verify(scheme.hash, data, key, signature);
  const padding = constants.RSA_PKCS1_PSS_PADDING;
  return verify(scheme.hash, data, { key, padding, saltLength: constants.RSA_PSS_SALTLEN_DIGEST }, signature);
}

/** RFC 4346 §7.4.3: RSA signs MD5 and SHA-1 together, without saying so; the others sign SHA-1. */
function isSignedWithoutScheme(data: Buffer, signature: Buffer, { key, authentication }: SignedBy): boolean {
  if (authentication !== 'rsa') return verify('sha1', data, key, signature);
  const digests = Buffer.concat(['md5', 'sha1'].map((name) => createHash(name).update(data).digest()));
  return publicDecrypt({ key, padding: constants.RSA_PKCS1_PADDING }, signature).equals(digests);
}
