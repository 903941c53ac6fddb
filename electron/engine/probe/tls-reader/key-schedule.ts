import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  hash as digest,
  type Hmac,
  type KeyObject,
} from 'node:crypto';
import type { Suite13 } from './parameters.ts';
import { uint16, vector, WireError } from './wire.ts';

/** HKDF-Expand-Label (RFC 8446 §7.1). */
function expandLabel(
  hash: Suite13['hash'],
  secret: Buffer,
  label: string,
  context: Buffer,
  length: number,
): Buffer {
  const info = Buffer.concat([uint16(length), vector(1, Buffer.from(`tls13 ${label}`)), vector(1, context)]);
  // HKDF-Expand of one block, which is all that is ever needed here (RFC 5869 §2.3).
  const block = hmac(hash, secret)
    .update(info)
    .update(Buffer.from([1]))
    .digest();
  return block.subarray(0, length);
}

/** HKDF-Extract (RFC 5869 §2.2). */
function extract(hash: Suite13['hash'], salt: Buffer, secret: Buffer): Buffer {
  return hmac(hash, salt).update(secret).digest();
}

/** Node finds out by an exception that a buffer is no key object, which takes longer than the hash does. */
function hmac(hash: Suite13['hash'], key: Buffer): Hmac {
  return createHmac(hash, createSecretKey(key));
}

const emptyHash: Readonly<Record<Suite13['hash'], Buffer>> = {
  sha256: digest('sha256', Buffer.alloc(0), 'buffer'),
  sha384: digest('sha384', Buffer.alloc(0), 'buffer'),
};

/** The same for every handshake without a pre-shared key: the salt of the handshake secret. */
const derivedSecrets = Object.fromEntries(
  (['sha256', 'sha384'] as const).map((hash) => {
    const { length } = emptyHash[hash];
    const early = extract(hash, Buffer.alloc(length), Buffer.alloc(length));
    return [hash, expandLabel(hash, early, 'derived', emptyHash[hash], length)];
  }),
) as Record<Suite13['hash'], Buffer>; // SAFETY: the keys are those of the list.

/** The secrets under which both sides of a handshake speak: RFC 8446 §7.1. */
export interface HandshakeSecrets {
  client: Buffer;
  server: Buffer;
}

/** @param transcript hash of ClientHello to ServerHello */
export function handshakeSecrets(
  hash: Suite13['hash'],
  shared: Buffer,
  transcript: Buffer,
): HandshakeSecrets {
  const secret = extract(hash, derivedSecrets[hash], shared);
  return {
    client: expandLabel(hash, secret, 'c hs traffic', transcript, transcript.length),
    server: expandLabel(hash, secret, 's hs traffic', transcript, transcript.length),
  };
}

const tagLength = 16;
const ivLength = 12;

/** Protects or opens the records of one direction: RFC 8446 §5.2 to §5.3, §7.3. */
export class RecordKeys {
  readonly #suite: Suite13;
  readonly #key: KeyObject;
  readonly #iv: Buffer;
  #sequence = 0;

  constructor(suite: Suite13, secret: Buffer) {
    this.#suite = suite;
    this.#key = createSecretKey(expandLabel(suite.hash, secret, 'key', Buffer.alloc(0), suite.keyLength));
    this.#iv = expandLabel(suite.hash, secret, 'iv', Buffer.alloc(0), ivLength);
  }

  get key(): Buffer {
    return this.#key.export();
  }

  get iv(): Buffer {
    return this.#iv;
  }

  /**
   * The content of a record and its true type. @param header the record's five bytes
   * @throws WireError where it was not protected under this key
   */
  open(header: Buffer, payload: Buffer): { type: number; content: Buffer } {
    if (payload.length < tagLength + 1) throw new WireError('A protected record is too short.');
    const decipher = createDecipheriv(this.#suite.cipher, this.#key, this.#nonce());
    decipher.setAAD(header).setAuthTag(payload.subarray(-tagLength));
    let inner: Buffer;
    try {
      inner = decipher.update(payload.subarray(0, -tagLength));
      decipher.final();
    } catch {
      throw new WireError('A protected record cannot be opened.');
    }
    let end = inner.length;
    while (end > 0 && inner[end - 1] === 0) end -= 1; // padding
    const type = inner[end - 1];
    if (type === undefined) throw new WireError('A protected record has no content.');
    return { type, content: inner.subarray(0, end - 1) };
  }

  /** A record with content of a type, ready to be sent. */
  seal(type: number, content: Buffer): Buffer {
    const inner = Buffer.concat([content, Buffer.from([type])]);
    const header = Buffer.concat([Buffer.from([23, 3, 3]), uint16(inner.length + tagLength)]);
    const cipher = createCipheriv(this.#suite.cipher, this.#key, this.#nonce());
    cipher.setAAD(header);
    return Buffer.concat([header, cipher.update(inner), cipher.final(), cipher.getAuthTag()]);
  }

  #nonce(): Buffer {
    const nonce = Buffer.from(this.#iv);
    // A handshake has a few records: the number's upper half is never reached.
    const low = nonce.readUInt32BE(ivLength - 4);
    nonce.writeUInt32BE((low ^ this.#sequence) >>> 0, ivLength - 4);
    this.#sequence += 1;
    return nonce;
  }
}
