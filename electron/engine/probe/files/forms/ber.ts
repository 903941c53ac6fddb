import { DerError } from '../../../verify/x509/der.ts';

const maxDepth = 40;
const maxElements = 200_000;
const constructed = 0x20;
const octetString = 0x04;

/**
 * Rewrites BER (X.690 §8) as DER: definite lengths in their shortest form, octet strings in one piece. Windows and older
 * tools write keystores and PKCS#7 with indefinite lengths and strings in pieces.
 * @returns the first element of the bytes; what follows it is left out
 * @throws DerError where it is cut off, too deep or of too many elements
 */
export function toDer(bytes: Buffer): Buffer {
  return new BerReader(bytes).element(0).der;
}

/** Returns how long the first element says that it is, in bytes; null where it does not say so or is cut off. */
export function saidLength(bytes: Buffer): number | null {
  const first = bytes[1];
  if (first === undefined || first === 0x80) return null;
  if (first < 0x80) return 2 + first;
  const size = first & 0x7f;
  if (size > 4 || bytes.length < 2 + size) return null;
  return 2 + size + bytes.readUIntBE(2, size);
}

interface Element {
  tag: number;
  der: Buffer;
  content: Buffer;
  end: number;
}

class BerReader {
  readonly #bytes: Buffer;
  #elements = 0;
  #depth = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  element(offset: number): Element {
    this.#elements += 1;
    if (this.#elements > maxElements) throw new DerError('it has too many elements');
    const { tag, start, length } = this.#header(offset);
    if ((tag & constructed) === 0) {
      if (length === null) throw new DerError('a value has no length');
      return encode(tag, this.#bytes.subarray(start, start + length), start + length);
    }
    this.#depth += 1;
    if (this.#depth > maxDepth) throw new DerError('elements are nested too deep');
    const { children, end } = this.#children(start, length);
    this.#depth -= 1;
    if (tag === (octetString | constructed))
      return encode(octetString, Buffer.concat(children.map(({ content }) => content)), end);
    return encode(tag, Buffer.concat(children.map(({ der }) => der)), end);
  }

  #children(start: number, length: number | null): { children: Element[]; end: number } {
    const children: Element[] = [];
    const end = length === null ? this.#bytes.length : start + length;
    let at = start;
    while (at < end) {
      if (length === null && this.#bytes[at] === 0 && this.#bytes[at + 1] === 0)
        return { children, end: at + 2 };
      const child = this.element(at);
      children.push(child);
      at = child.end;
    }
    if (length === null || at !== end) throw new DerError('an element is cut off');
    return { children, end };
  }

  #header(offset: number): { tag: number; start: number; length: number | null } {
    const tag = this.#bytes[offset];
    const first = this.#bytes[offset + 1];
    if (tag === undefined || first === undefined) throw new DerError('an element is cut off');
    if ((tag & 0x1f) === 0x1f) throw new DerError('a tag number is too large');
    if (first === 0x80) return { tag, start: offset + 2, length: null };
    if (first < 0x80) return this.#within({ tag, start: offset + 2, length: first });
    const size = first & 0x7f;
    if (size > 6 || offset + 2 + size > this.#bytes.length) throw new DerError('an element is cut off');
    return this.#within({ tag, start: offset + 2 + size, length: this.#bytes.readUIntBE(offset + 2, size) });
  }

  #within<Header extends { start: number; length: number }>(header: Header): Header {
    if (header.start + header.length > this.#bytes.length) throw new DerError('an element is cut off');
    return header;
  }
}

function encode(tag: number, content: Buffer, end: number): Element {
  return {
    tag,
    content,
    end,
    der: Buffer.concat([Buffer.from([tag]), lengthOctets(content.length), content]),
  };
}

function lengthOctets(length: number): Buffer {
  if (length < 0x80) return Buffer.from([length]);
  const octets = Buffer.alloc(6);
  octets.writeUIntBE(length, 0, 6);
  const significant = octets.subarray(octets.findIndex((octet) => octet !== 0));
  return Buffer.concat([Buffer.from([0x80 | significant.length]), significant]);
}
