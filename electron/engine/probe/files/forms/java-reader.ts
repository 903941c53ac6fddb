/** A file ends before what it announces. */
export class CutOff extends Error {
  override name = 'CutOff';
}

/** Reads numbers and texts as Java's DataInput writes them: big-endian, texts behind their length. */
export class JavaReader {
  readonly bytes: Buffer;
  /** Offset of what is read next. */
  at: number;

  constructor(bytes: Buffer, at: number) {
    this.bytes = bytes;
    this.at = at;
  }

  /** @throws CutOff, as every method does */
  u8(): number {
    return this.take(1).readUInt8(0);
  }

  u32(): number {
    return this.take(4).readUInt32BE(0);
  }

  /** Reads a text. Java's modified UTF-8 differs from UTF-8 in NUL and in characters beyond 16 bits alone. */
  text(): string {
    return this.take(this.take(2).readUInt16BE(0)).toString('utf8');
  }

  take(length: number): Buffer {
    const end = this.at + length;
    if (end > this.bytes.length) throw new CutOff('It is cut off.');
    const taken = this.bytes.subarray(this.at, end);
    this.at = end;
    return taken;
  }
}
