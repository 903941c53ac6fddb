import { hash } from 'node:crypto';

/** One passphrase in the bytes that key derivations take; several where tools disagree. */
export interface Passphrase {
  /** UTF-8, for PBKDF2 (RFC 8018, RFC 9579). */
  utf8: Buffer;
  /** UTF-16BE and two zero octets, for the derivation of RFC 7292 appendix B.1; empty where there is no passphrase at all. */
  bmp: Buffer;
}

/** Returns the forms in which a text may have been given: as RFC 7292 has it, and as OpenSSL up to 1.0.2 did, octet by octet. */
export function formsOf(text: string | null): Passphrase[] {
  if (text === null) return [{ utf8: Buffer.alloc(0), bmp: Buffer.alloc(0) }];
  const utf8 = Buffer.from(text, 'utf8');
  const forms = [{ utf8, bmp: bmpString(text) }];
  const octets = utf8.toString('latin1');
  if (octets !== text) forms.push({ utf8, bmp: bmpString(octets) });
  return forms;
}

function bmpString(text: string): Buffer {
  return Buffer.concat([Buffer.from(text, 'utf16le').swap16(), Buffer.alloc(2)]);
}

/** What a derived key is for (RFC 7292 appendix B.3). */
export const purposes = { key: 1, iv: 2, mac: 3 } as const;

/**
 * Derives a key as RFC 7292 appendix B.2 has it.
 * @param digest one of sha1 to sha512
 * @param passphrase in UTF-16BE with two zero octets
 */
export function deriveKey(
  digest: string,
  { passphrase, salt, iterations }: { passphrase: Buffer; salt: Buffer; iterations: number },
  purpose: number,
  length: number,
): Buffer {
  const block = digest === 'sha384' || digest === 'sha512' ? 128 : 64;
  const fill = (bytes: Buffer) => {
    if (bytes.length === 0) return Buffer.alloc(0);
    return Buffer.alloc(block * Math.ceil(bytes.length / block), bytes);
  };
  const diversifier = Buffer.alloc(block, purpose);
  const input = Buffer.concat([fill(salt), fill(passphrase)]);
  const parts: Buffer[] = [];
  for (let made = 0; made < length; ) {
    let part: Buffer = hash(digest, Buffer.concat([diversifier, input]), 'buffer');
    for (let round = 1; round < iterations; round += 1) part = hash(digest, part, 'buffer');
    parts.push(part);
    made += part.length;
    if (made < length) addToBlocks(input, block, Buffer.alloc(block, part));
  }
  return Buffer.concat(parts).subarray(0, length);
}

/** Adds a number and one to each block, as big-endian numbers without the carry out. */
function addToBlocks(input: Buffer, block: number, added: Buffer): void {
  for (let start = 0; start < input.length; start += block) {
    let carry = 1;
    for (let at = block - 1; at >= 0; at -= 1) {
      const sum = (input[start + at] ?? 0) + (added[at] ?? 0) + carry;
      input[start + at] = sum & 0xff;
      carry = sum >> 8;
    }
  }
}
