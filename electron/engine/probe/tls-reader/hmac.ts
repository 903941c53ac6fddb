import { hash as digest } from 'node:crypto';

/** Hash functions of TLS 1.3's cipher suites, and their block and output sizes in bytes (FIPS 180-4 §1, RFC 8446 §B.4). */
export const hashSizes = {
  sha256: { block: 64, output: 32 },
  sha384: { block: 128, output: 48 },
} as const;

export type HashName = keyof typeof hashSizes;

const innerPad = 0x36;
const outerPad = 0x5c;

/**
 * HMAC (RFC 2104 §2). A handshake takes seven, and node:crypto's Hmac objects take longer to set up and to collect than the two
 * hashes do.
 * @param key of one block of the hash at most
 */
export function hmac(hash: HashName, key: Buffer, message: Buffer): Buffer {
  const { block, output } = hashSizes[hash];
  if (key.length > block) throw new RangeError(`An HMAC key of ${key.length} bytes is longer than a block.`);
  const inner = Buffer.allocUnsafe(block + message.length).fill(innerPad, 0, block);
  const outer = Buffer.allocUnsafe(block + output).fill(outerPad, 0, block);
  for (const [index, byte] of key.entries()) {
    inner[index] = byte ^ innerPad;
    outer[index] = byte ^ outerPad;
  }
  message.copy(inner, block);
  digest(hash, inner, 'buffer').copy(outer, block);
  return digest(hash, outer, 'buffer');
}
