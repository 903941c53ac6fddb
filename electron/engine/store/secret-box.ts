import { createCipheriv, createDecipheriv, type DecipherGCM, randomBytes } from 'node:crypto';

/** Texts sealed by the first version are bound to no place: they are still opened, and sealed again. */
const unboundPrefix = 'sealed.v1.';
const prefix = 'sealed.v2.';
const ivBytes = 12;
const tagBytes = 16;

/** An opened secret. */
export interface OpenedSecret {
  secret: string;
  /** Whether it was bound to its place; one that was not is to be sealed again. */
  isBound: boolean;
}

/**
 * Seals short secrets by a key of 32 bytes, with AES-256-GCM (NIST SP 800-38D). The place of a secret is authenticated with it (§5.2.1,
 * additional data), so that a sealed text which is moved to another field or host does not open there. Sealed texts are letters that a
 * URL may hold.
 */
export class SecretBox {
  readonly #key: Buffer;

  /** @throws RangeError for a key of another length */
  constructor(key: Buffer) {
    if (key.length !== 32) throw new RangeError('The key of a secret box has 32 bytes.');
    this.#key = key;
  }

  /** @param place where the secret belongs: the field and the host */
  seal(secret: string, place: string): string {
    const iv = randomBytes(ivBytes);
    const cipher = createCipheriv('aes-256-gcm', this.#key, iv).setAAD(Buffer.from(place, 'utf8'));
    const sealed = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()]);
    return prefix + Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString('base64url');
  }

  /** Opens a sealed text; null where another key, or for another place, sealed it, or where it was changed. */
  open(sealed: string, place: string): OpenedSecret | null {
    if (sealed.startsWith(prefix)) return this.#open(sealed.slice(prefix.length), place);
    if (sealed.startsWith(unboundPrefix)) return this.#open(sealed.slice(unboundPrefix.length), null);
    return null;
  }

  /**
   * Opens a sealed text whose place follows from its secret. What is read before the tag is checked decides only for which place it is checked.
   * @param placeOf returns the place of a secret; null: it has none, and is not opened
   */
  openBy(sealed: string, placeOf: (secret: string) => string | null): string | null {
    if (!sealed.startsWith(prefix)) return null;
    const bytes = Buffer.from(sealed.slice(prefix.length), 'base64url');
    const decipher = this.#decipher(bytes);
    const place = decipher && placeOf(decipher.update(bytes.subarray(ivBytes + tagBytes)).toString('utf8'));
    return place === null ? null : (this.open(sealed, place)?.secret ?? null);
  }

  #decipher(bytes: Buffer): DecipherGCM | null {
    if (bytes.length < ivBytes + tagBytes) return null;
    return createDecipheriv('aes-256-gcm', this.#key, bytes.subarray(0, ivBytes));
  }

  #open(text: string, place: string | null): OpenedSecret | null {
    const bytes = Buffer.from(text, 'base64url');
    const decipher = this.#decipher(bytes);
    if (decipher === null) return null;
    if (place !== null) decipher.setAAD(Buffer.from(place, 'utf8'));
    decipher.setAuthTag(bytes.subarray(ivBytes, ivBytes + tagBytes));
    try {
      const secret = Buffer.concat([decipher.update(bytes.subarray(ivBytes + tagBytes)), decipher.final()]);
      return { secret: secret.toString('utf8'), isBound: place !== null };
    } catch {
      return null; // The tag does not fit.
    }
  }
}
