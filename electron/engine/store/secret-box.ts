import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

const prefix = 'sealed.v1.';
const ivBytes = 12;
const tagBytes = 16;

/** Seals short secrets by a key of 32 bytes, with AES-256-GCM (NIST SP 800-38D). Sealed, they are letters that a URL may hold. */
export class SecretBox {
  readonly #key: Buffer;

  constructor(key: Buffer) {
    if (key.length !== 32) throw new RangeError('A key of the secretBox has 32 bytes.');
    this.#key = key;
  }

  seal(secret: string): string {
    const iv = randomBytes(ivBytes);
    const cipher = createCipheriv('aes-256-gcm', this.#key, iv);
    const text = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()]);
    return prefix + Buffer.concat([iv, cipher.getAuthTag(), text]).toString('base64url');
  }

  /** Null where it was sealed by another key, or is not what was sealed. */
  open(sealed: string): string | null {
    if (!sealed.startsWith(prefix)) return null;
    const bytes = Buffer.from(sealed.slice(prefix.length), 'base64url');
    if (bytes.length < ivBytes + tagBytes) return null;
    const decipher = createDecipheriv('aes-256-gcm', this.#key, bytes.subarray(0, ivBytes));
    decipher.setAuthTag(bytes.subarray(ivBytes, ivBytes + tagBytes));
    try {
      const text = Buffer.concat([decipher.update(bytes.subarray(ivBytes + tagBytes)), decipher.final()]);
      return text.toString('utf8');
    } catch {
      return null; // The tag does not fit.
    }
  }
}
