/** Only this much of a text is used to detect its format. */
const sampleBytes = 4096;

/**
 * Decodes the bytes of a text: UTF-8, or UTF-16 with a byte order mark or, as PowerShell up to 5 writes it, recognisable by its NULs.
 * @returns null where the bytes are no text
 */
export function readText(bytes: Buffer): string | null {
  if (bytes.length >= 2 && bytes[0] === 0xff && bytes[1] === 0xfe)
    return bytes.subarray(2).toString('utf16le');
  if (bytes.length >= 2 && bytes[0] === 0xfe && bytes[1] === 0xff) return swapped(bytes.subarray(2));
  const sample = bytes.subarray(0, sampleBytes);
  if (!sample.includes(0)) {
    const text = bytes.toString('utf8').replace(/^\uFEFF/, '');
    return isMostlyText(sample) ? text : null;
  }
  if (isEvery(sample, 1)) return bytes.toString('utf16le');
  return isEvery(sample, 0) ? swapped(bytes) : null;
}

function swapped(bytes: Buffer): string {
  return Buffer.from(bytes.subarray(0, bytes.length & ~1))
    .swap16()
    .toString('utf16le');
}

/** Whether every second octet is zero and the others are not: ASCII in UTF-16. */
function isEvery(sample: Buffer, first: 0 | 1): boolean {
  if (sample.length < 8) return false;
  return sample.every((octet, index) => (index % 2 === first ? octet === 0 : octet !== 0));
}

/** Control characters other than tabs, line breaks and form feeds are rare in texts. */
function isMostlyText(sample: Buffer): boolean {
  const odd = sample.reduce((sum, octet) => sum + (octet < 9 || (octet > 13 && octet < 32) ? 1 : 0), 0);
  return odd * 50 <= sample.length;
}
