/** How a file was written, as far as its bytes tell. */
export type TextEncoding = 'UTF-8' | 'UTF-16' | 'Windows-1252';

/**
 * Reads text as programs write it: UTF-8, UTF-16 as spreadsheets save “Unicode text” (by its byte order mark, or since every other
 * byte is zero), and what is no UTF-8 as Windows-1252, in which no byte is wrong (https://encoding.spec.whatwg.org/#windows-1252).
 */
export function decodeText(bytes: Uint8Array): { text: string; encoding: TextEncoding } {
  const utf16 = utf16Of(bytes);
  if (utf16) return { text: new TextDecoder(utf16).decode(bytes), encoding: 'UTF-16' };
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes), encoding: 'UTF-8' };
  } catch {
    return { text: new TextDecoder('windows-1252').decode(bytes), encoding: 'Windows-1252' }; // It is no UTF-8.
  }
}

function utf16Of(bytes: Uint8Array): 'utf-16le' | 'utf-16be' | null {
  const [first, second, third, fourth] = bytes;
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  if (first === 0xfe && second === 0xff) return 'utf-16be';
  if (second === 0 && fourth === 0 && first !== 0 && third !== 0) return 'utf-16le';
  return first === 0 && third === 0 && second !== 0 && fourth !== 0 && bytes.length > 3 ? 'utf-16be' : null;
}
