import { UnreachableError } from '../unreachable.ts';
import { WireError } from './wire.ts';

/** Content types of records: RFC 8446 §5.1. */
export const contentType = { changeCipherSpec: 20, alert: 21, handshake: 22, protected: 23 } as const;

export interface TlsRecord {
  type: number;
  /** The five bytes before the payload: what a protected record is bound to. */
  header: Buffer;
  payload: Buffer;
}

const headerLength = 5;
/** RFC 8446 §5.2: a protected record is up to 256 bytes longer than its content; RFC 5246 allowed 2048. */
const maxPayload = 2 ** 14 + 256;
/** A whole flight with its certificates. No server needs more, and none gets more. */
const maxBytes = 4 * 1024 * 1024;
const maxRecords = 20_000;

/** Cuts a stream into TLS records, however it is divided: byte by byte, or all at once. */
export class RecordSplitter {
  #pending: Buffer = Buffer.alloc(0);
  #bytes = 0;
  #records = 0;

  /**
   * The records that are complete now.
   * @throws UnreachableError `not-tls` where the stream does not begin as TLS; WireError where it goes on as none, or
   * for too long
   */
  *split(chunk: Buffer): Generator<TlsRecord> {
    this.#bytes += chunk.length;
    if (this.#bytes > maxBytes) throw new WireError('It goes on without end.');
    this.#pending = this.#pending.length === 0 ? chunk : Buffer.concat([this.#pending, chunk]);
    for (;;) {
      const pending = this.#pending;
      this.#lookAtStart(pending);
      if (pending.length < headerLength) return;
      const length = pending.readUInt16BE(3);
      if (length > maxPayload) throw new WireError('A record is longer than TLS allows.');
      if (pending.length < headerLength + length) return;
      this.#records += 1;
      if (this.#records > maxRecords) throw new WireError('It goes on without end.');
      this.#pending = pending.subarray(headerLength + length);
      yield {
        type: pending.readUInt8(0),
        header: pending.subarray(0, headerLength),
        payload: pending.subarray(headerLength, headerLength + length),
      };
    }
  }

  /** The first two bytes say whether it is TLS at all: a content type, and the major version 3. */
  #lookAtStart(pending: Buffer): void {
    const [type, major] = pending;
    const isNone = (type !== undefined && (type < 20 || type > 23)) || (major !== undefined && major !== 3);
    if (!isNone) return;
    if (this.#records === 0) throw new UnreachableError('not-tls', 'The server does not answer in TLS.');
    throw new WireError('What follows is no TLS record.');
  }
}

/** A handshake message of more than this is no certificate that anybody uses. */
const maxMessage = 2 * 1024 * 1024;

export interface HandshakeMessage {
  type: number;
  body: Buffer;
  /** With its four bytes of header: what the transcript takes in. */
  whole: Buffer;
}

/** Joins the contents of records into handshake messages (RFC 8446 §4), which are cut without regard to records. */
export class MessageJoiner {
  #chunks: Buffer[] = [];
  #length = 0;
  #needed = 4;

  /** Whether a message has begun and is not complete. */
  get isWithin(): boolean {
    return this.#length > 0;
  }

  /** @throws WireError for a message that is too long */
  *join(content: Buffer): Generator<HandshakeMessage> {
    if (content.length === 0) throw new WireError('A handshake record is empty.');
    this.#chunks.push(content);
    this.#length += content.length;
    while (this.#length >= this.#needed) {
      // SAFETY: the length is 1.
      const joined = this.#chunks.length === 1 ? (this.#chunks[0] as Buffer) : Buffer.concat(this.#chunks);
      const length = 4 + joined.readUIntBE(1, 3);
      if (length > maxMessage) throw new WireError('A handshake message is too long.');
      if (joined.length < length) {
        this.#chunks = [joined];
        this.#needed = length;
        return;
      }
      const rest = joined.subarray(length);
      this.#chunks = rest.length === 0 ? [] : [rest];
      this.#length = rest.length;
      this.#needed = 4;
      yield {
        type: joined.readUInt8(0),
        body: joined.subarray(4, length),
        whole: joined.subarray(0, length),
      };
    }
  }
}
