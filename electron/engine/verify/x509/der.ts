/** One element of DER: its identifier octet, its contents, and all of it as it was encoded. */
export interface DerElement {
  tag: number;
  content: Buffer;
  raw: Buffer;
}

/** Identifier octets (X.690 §8.1.2) of the types that certificates use. */
export const tags = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  null: 0x05,
  oid: 0x06,
  utf8String: 0x0c,
  printableString: 0x13,
  teletexString: 0x14,
  ia5String: 0x16,
  utcTime: 0x17,
  generalizedTime: 0x18,
  universalString: 0x1c,
  bmpString: 0x1e,
  sequence: 0x30,
  set: 0x31,
} as const;

/** Identifier octet of a context-specific tag; `isConstructed` where it holds other elements. */
export function contextTag(number: number, isConstructed: boolean): number {
  return 0x80 | (isConstructed ? 0x20 : 0) | number;
}

/** Certificates of 10,000 names take 200 kB; nothing larger is read. */
const maxCertificateBytes = 1 << 20;
const maxDepth = 32;
const maxElements = 200_000;

/** Bytes that are not DER as X.690 §10 has it: clients refuse the certificate that holds them. */
export class DerError extends Error {}

/**
 * Reads one element at an offset: definite lengths in their shortest form, tag numbers below 31.
 * @throws DerError
 */
function readAt(bytes: Buffer, offset: number): DerElement {
  const tag = bytes[offset];
  const first = bytes[offset + 1];
  if (tag === undefined || first === undefined) throw new DerError('an element is cut off');
  if ((tag & 0x1f) === 0x1f) throw new DerError('a tag number is too large');
  let start = offset + 2;
  let length = first;
  if (first >= 0x80) {
    const size = first & 0x7f;
    if (size === 0 || size > 4) throw new DerError('a length is not in its definite, shortest form');
    if (start + size > bytes.length) throw new DerError('an element is cut off');
    length = bytes.readUIntBE(start, size);
    start += size;
    if (length < 0x80 || length < 2 ** (8 * (size - 1)))
      throw new DerError('a length is not in its definite, shortest form');
  }
  const end = start + length;
  if (end > bytes.length) throw new DerError('an element is cut off');
  return { tag, content: bytes.subarray(start, end), raw: bytes.subarray(offset, end) };
}

/** Reads the one element that the bytes hold. @throws DerError also where bytes follow it */
export function readDer(bytes: Buffer): DerElement {
  const element = readAt(bytes, 0);
  if (element.raw.length !== bytes.length) throw new DerError('bytes follow the last element');
  return element;
}

/** Reads the elements within a constructed one. @throws DerError */
export function childrenOf({ content }: DerElement): DerElement[] {
  const children: DerElement[] = [];
  for (let offset = 0; offset < content.length; ) {
    const child = readAt(content, offset);
    children.push(child);
    offset += child.raw.length;
  }
  return children;
}

/** Returns the element where it has the wanted tag. @throws DerError where it is missing or another one */
export function expectTag(element: DerElement | undefined, tag: number, what: string): DerElement {
  if (element?.tag !== tag) throw new DerError(`${what} is missing or of another type`);
  return element;
}

/**
 * Returns optional elements by their tags, undefined for those that are left out (X.690 §8.9).
 * @throws DerError where another element is there, or they come in another order
 */
export function optionalParts(
  parts: readonly DerElement[],
  known: readonly number[],
  what: string,
): (DerElement | undefined)[] {
  const places = parts.map(({ tag }) => known.indexOf(tag));
  if (places.some((place, index) => place <= (places[index - 1] ?? -1)))
    throw new DerError(`${what} holds something else`);
  return known.map((tag) => parts.find((part) => part.tag === tag));
}

/** Reads the elements of a sequence. @throws DerError */
export function readSequence(element: DerElement | undefined, what: string): DerElement[] {
  return childrenOf(expectTag(element, tags.sequence, what));
}

/**
 * Checks a certificate's size, nesting and number of elements before anything else reads it, and that all of it is DER.
 * @throws DerError
 */
export function checkBounds(bytes: Buffer): void {
  if (bytes.length > maxCertificateBytes) throw new DerError('the certificate is larger than 1 MiB');
  let elements = 0;
  const walk = (element: DerElement, depth: number) => {
    if (depth > maxDepth) throw new DerError('elements are nested too deep');
    for (const child of childrenOf(element)) {
      elements += 1;
      if (elements > maxElements) throw new DerError('it has too many elements');
      if ((child.tag & 0x20) !== 0) walk(child, depth + 1);
    }
  };
  walk(readDer(bytes), 1);
}

/** Reads a BOOLEAN, which DER writes as 00 or FF. @throws DerError */
export function readBoolean({ content }: DerElement): boolean {
  const [value] = content;
  if (content.length !== 1 || (value !== 0 && value !== 0xff)) throw new DerError('a boolean is not DER');
  return value === 0xff;
}

/** Reads an INTEGER's octets, in their shortest form. @throws DerError */
export function readInteger(element: DerElement | undefined, what: string): Buffer {
  const { content } = expectTag(element, tags.integer, what);
  const [first, second] = content;
  if (first === undefined) throw new DerError(`${what} is empty`);
  const isPadded =
    second !== undefined && ((first === 0 && second < 0x80) || (first === 0xff && second >= 0x80));
  if (isPadded) throw new DerError(`${what} is not in its shortest form`);
  return content;
}

/** Reads an INTEGER from 0 to 2^31; a larger one counts as 2^31. @throws DerError also where it is negative */
export function readCount(element: DerElement | undefined, what: string): number {
  const content = readInteger(element, what);
  if ((content[0] ?? 0) >= 0x80) throw new DerError(`${what} is negative`);
  return content.length > 4 ? 2 ** 31 : content.readUIntBE(0, content.length);
}

/** Reads an OBJECT IDENTIFIER in dotted form. @throws DerError */
export function readOid(element: DerElement | undefined, what: string): string {
  const { content } = expectTag(element, tags.oid, what);
  return oidOf(content, what);
}

/** Reads the contents of an OBJECT IDENTIFIER in dotted form. @throws DerError */
export function oidOf(content: Buffer, what: string): string {
  const arcs: bigint[] = [];
  let arc = 0n;
  let isStart = true;
  if (content.length === 0 || content.length > 64) throw new DerError(`${what} is no object identifier`);
  for (const octet of content) {
    if (isStart && octet === 0x80) throw new DerError(`${what} is not in its shortest form`);
    arc = (arc << 7n) | BigInt(octet & 0x7f);
    isStart = octet < 0x80;
    if (isStart) {
      arcs.push(arc);
      arc = 0n;
    }
  }
  const [first, ...others] = arcs;
  if (!isStart || first === undefined) throw new DerError(`${what} is cut off`);
  const root = first >= 80n ? 2n : first / 40n;
  return [root, first - root * 40n, ...others].join('.');
}

/** Reads a BIT STRING: its octets, and how many bits of the last one do not count. @throws DerError */
export function readBits(element: DerElement | undefined, what: string): { bytes: Buffer; unused: number } {
  return bitsOf(expectTag(element, tags.bitString, what).content, what);
}

/** Reads the contents of a BIT STRING; unused bits must be zero (X.690 §11.2.1). @throws DerError */
export function bitsOf(content: Buffer, what: string): { bytes: Buffer; unused: number } {
  const [unused = 8] = content;
  const bytes = content.subarray(1);
  const last = bytes.at(-1);
  if (unused > 7 || (unused > 0 && last === undefined)) throw new DerError(`${what} is no bit string`);
  if (last !== undefined && (last & ((1 << unused) - 1)) !== 0)
    throw new DerError(`${what} has unused bits set`);
  return { bytes, unused };
}
