import { DerError } from '../x509/der.ts';

/** What waits for more bytes: each `yield` is answered by the next piece, an empty one once there are no more. */
export type Reading<Result> = Generator<undefined, Result, Buffer>;

export interface Header {
  tag: number;
  length: number;
  /** The header's own bytes. */
  raw: Buffer;
}

/** Octets of a length that are read: four hold 4 GiB. */
const maxLengthOctets = 4;

/** Bytes that come in pieces, of which no more is kept than the element that is being read. */
export class ByteSource {
  #tee: ((bytes: Buffer) => void) | null = null;
  #pending: Buffer = Buffer.alloc(0);
  #at = 0;
  /** Up to where the tee has received what is pending. */
  #teedTo = 0;
  #position = 0;

  /** Bytes taken so far. */
  get position(): number {
    return this.#position;
  }

  /** The bytes that are here and not taken. */
  get here(): Buffer {
    return this.#pending.subarray(this.#at);
  }

  /** From now on passes every byte that is taken to a receiver, in order, or to none. */
  teeTo(receiver: ((bytes: Buffer) => void) | null): void {
    this.#flush();
    this.#tee = receiver;
  }

  /** Waits until so many bytes are here, and takes none. @throws DerError where no more come */
  *peek(count: number): Reading<Buffer> {
    while (this.#pending.length - this.#at < count) {
      const more: Buffer = yield;
      if (more.length === 0) throw new DerError('an element is cut off');
      this.#flush();
      this.#pending = Buffer.concat([this.here, more]);
      this.#at = 0;
      this.#teedTo = 0;
    }
    return this.#pending.subarray(this.#at, this.#at + count);
  }

  *take(count: number): Reading<Buffer> {
    yield* this.peek(count);
    return this.takeHere(count);
  }

  /** Takes bytes that are here. */
  takeHere(count: number): Buffer {
    const taken = this.#pending.subarray(this.#at, this.#at + count);
    this.#at += count;
    this.#position += count;
    return taken;
  }

  /** Takes an identifier and a length. @throws DerError where it is not DER */
  *header(): Reading<Header> {
    const [tag = 0, first = 0] = yield* this.peek(2);
    const size = first < 0x80 ? 0 : first & 0x7f;
    if ((tag & 0x1f) === 0x1f || first === 0x80 || size > maxLengthOctets)
      throw new DerError('an element is not DER');
    const raw = yield* this.take(2 + size);
    const length = size === 0 ? first : raw.readUIntBE(2, size);
    if (size > 0 && (length < 0x80 || length < 2 ** (8 * (size - 1))))
      throw new DerError('a length is not in its shortest form');
    return { tag, length, raw };
  }

  /** Takes a whole element of a bounded size. @throws DerError */
  *element(maxBytes: number): Reading<Buffer> {
    const { length, raw } = yield* this.header();
    if (length > maxBytes) throw new DerError('an element is too long');
    const content = yield* this.take(length);
    return Buffer.concat([raw, content]);
  }

  #flush(): void {
    if (this.#at > this.#teedTo) this.#tee?.(this.#pending.subarray(this.#teedTo, this.#at));
    this.#teedTo = this.#at;
  }
}
