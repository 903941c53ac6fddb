import {
  createCipheriv,
  createDecipheriv,
  createSecretKey,
  hash as digest,
  type KeyObject,
} from 'node:crypto';
import { type HashName, hashSizes, hmac } from './hmac.ts';
import type { Suite13 } from './parameters.ts';
import { uint16, WireError } from './wire.ts';

/** HKDF-Expand-Label (RFC 8446 §7.1). @param length at most that of one hash, which is all that is ever needed here */
function expandLabel(hash: HashName, secret: Buffer, label: string, context: Buffer, length: number): Buffer {
  const name = `tls13 ${label}`;
  const info = Buffer.allocUnsafe(4 + name.length + context.length + 1);
  info.writeUInt16BE(length);
  info.writeUInt8(name.length, 2);
  info.write(name, 3, 'latin1');
  info.writeUInt8(context.length, 3 + name.length);
  context.copy(info, 4 + name.length);
  info.writeUInt8(1, info.length - 1); // The number of the only block (RFC 5869 §2.3).
  return hmac(hash, secret, info).subarray(0, length);
}

const emptyHash: Readonly<Record<HashName, Buffer>> = {
  sha256: digest('sha256', Buffer.alloc(0), 'buffer'),
  sha384: digest('sha384', Buffer.alloc(0), 'buffer'),
};

/** The same for every handshake without a pre-shared key: the salt of the handshake secret. */
function derivedSecret(hash: HashName): Buffer {
  const { output } = hashSizes[hash];
  const early = hmac(hash, Buffer.alloc(output), Buffer.alloc(output)); // HKDF-Extract (RFC 5869 §2.2).
  return expandLabel(hash, early, 'derived', emptyHash[hash], output);
}

const derivedSecrets: Readonly<Record<HashName, Buffer>> = {
  sha256: derivedSecret('sha256'),
  sha384: derivedSecret('sha384'),
};

/** The secrets under which both sides of a handshake speak: RFC 8446 §7.1. */
export interface HandshakeSecrets {
  client: Buffer;
  server: Buffer;
}

/** @param transcript hash of ClientHello to ServerHello */
export function handshakeSecrets(hash: HashName, shared: Buffer, transcript: Buffer): HandshakeSecrets {
  const secret = hmac(hash, derivedSecrets[hash], shared);
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
