/** BER's definite lengths (X.690 §8.1.3), which LDAP alone allows (RFC 4511 §5.1). */

/** Returns how many octets of length follow the first one; null for the indefinite form and the reserved one. */
export function lengthOctets(first: number): number | null {
  if (first < 0x80) return 0;
  const count = first & 0x7f;
  return count === 0 || count === 0x7f ? null : count;
}

/**
 * Returns a length from its first octet and those that follow. Up to 126 may follow, and most may be zero: Active Directory writes
 * four for every length. Infinite where the number is larger than can be counted.
 */
export function lengthOf(first: number, following: Uint8Array): number {
  if (first < 0x80) return first;
  const start = following.findIndex((octet) => octet !== 0);
  if (start < 0) return 0;
  const digits = following.subarray(start);
  return digits.length > 6 ? Number.POSITIVE_INFINITY : digits.reduce((sum, octet) => sum * 256 + octet, 0);
}

export interface BerElement {
  tag: number;
  content: Uint8Array;
}

/** Returns the elements of a constructed value, in order; null where they do not add up. Tags have one octet, as all of LDAP's. */
export function readElements(bytes: Uint8Array): BerElement[] | null {
  const elements: BerElement[] = [];
  let at = 0;
  while (at < bytes.length) {
    const [tag = 0, first] = bytes.subarray(at, at + 2);
    const count = first === undefined ? null : lengthOctets(first);
    if (first === undefined || count === null) return null;
    const begin = at + 2 + count;
    const end = begin + lengthOf(first, bytes.subarray(at + 2, begin));
    if (begin > bytes.length || end > bytes.length) return null;
    elements.push({ tag, content: bytes.subarray(begin, end) });
    at = end;
  }
  return elements;
}
