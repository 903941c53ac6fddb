/** What a peer sent breaks the protocol's own rules. */
export class WireError extends Error {
  override name = 'WireError';
}

/** Reads TLS's presentation language (RFC 8446 §3) from bytes of a peer, never past their end. */
export class WireReader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  /** How many bytes are left. */
  get left(): number {
    return this.#bytes.length - this.#at;
  }

  /** Where it has come to, in bytes from the beginning. */
  get position(): number {
    return this.#at;
  }

  /** @throws WireError where there are fewer, as every read does */
  take(length: number): Buffer {
    if (length > this.left) throw new WireError('A message ends before it should.');
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }

  uint8(): number {
    return this.take(1).readUInt8();
  }

  uint16(): number {
    return this.take(2).readUInt16BE();
  }

  uint24(): number {
    return this.take(3).readUIntBE(0, 3);
  }

  /** A vector with its length before it, in one, two or three bytes. */
  vector(lengthBytes: 1 | 2 | 3): Buffer {
    return this.take(this.take(lengthBytes).readUIntBE(0, lengthBytes));
  }

  /** @throws WireError where something is left: lengths that do not add up */
  end(): void {
    if (this.left > 0) throw new WireError('A message is longer than it should be.');
  }
}

/** Bytes with their length before them. */
export function vector(lengthBytes: 1 | 2 | 3, ...parts: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(parts);
  const length = Buffer.alloc(lengthBytes);
  length.writeUIntBE(content.length, 0, lengthBytes);
  return Buffer.concat([length, content]);
}

export function uint16(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 2);
  for (const [index, value] of values.entries()) bytes.writeUInt16BE(value, index * 2);
  return bytes;
}
