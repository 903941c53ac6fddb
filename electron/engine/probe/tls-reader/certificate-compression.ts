import { brotliDecompressSync, inflateSync, zstdDecompressSync } from 'node:zlib';
import { WireError, WireReader } from './wire.ts';

/** Algorithms of IANA’s registry “TLS Certificate Compression Algorithm IDs” (RFC 8879 §7.3). */
const algorithms: Readonly<Record<number, (data: Buffer, maxOutputLength: number) => Buffer>> = {
  1: (data, maxOutputLength) => inflateSync(data, { maxOutputLength }),
  2: (data, maxOutputLength) => brotliDecompressSync(data, { maxOutputLength }),
  3: (data, maxOutputLength) => zstdDecompressSync(data, { maxOutputLength }),
};

/** What is offered: the codes of all algorithms. */
export const compressionAlgorithms = Object.keys(algorithms).map(Number);

/** No certificate message is larger, however it comes. */
const maxLength = 2 * 1024 * 1024;

/**
 * Returns the body of the Certificate message within a CompressedCertificate (RFC 8879 §4). It is inflated to the length that it
 * names, and no further.
 * @throws WireError where it cannot be, or has another length
 */
export function readCompressedCertificate(body: Buffer): Buffer {
  const reader = new WireReader(body);
  const inflate = algorithms[reader.uint16()];
  const length = reader.uint24();
  const data = reader.vector(3);
  reader.end();
  if (!inflate) throw new WireError('The certificate is compressed in a way that was not offered.');
  if (length > maxLength) throw new WireError('The compressed certificate is too long.');
  let message: Buffer;
  try {
    message = inflate(data, Math.max(length, 1));
  } catch {
    throw new WireError('The compressed certificate cannot be read.');
  }
  if (message.length !== length)
    throw new WireError('The compressed certificate has another length than it names.');
  return message;
}
