/** What was dropped: addresses, a list of another program, or a certificate file. */
export type Dropped =
  | { kind: 'text'; text: string }
  | { kind: 'list'; name: string }
  | { kind: 'certificate'; name: string };

/** More than that is no list of addresses. */
const maxBytes = 1_048_576;
const listEndings = /\.(?:csv|json|ya?ml)$/i;

/** Reads dropped files. Text files are addresses, one a line, all together. */
export async function readDropped(files: readonly File[]): Promise<Dropped> {
  const texts: string[] = [];
  for (const file of files) {
    if (listEndings.test(file.name)) return { kind: 'list', name: file.name };
    const text = file.size > maxBytes ? null : await file.text();
    // PEM (RFC 7468), or bytes that are no text: DER, PKCS#12, a keystore.
    const isCertificate = text === null || text.includes('-----BEGIN ') || /[\0\ufffd]/.test(text);
    if (isCertificate) return { kind: 'certificate', name: file.name };
    texts.push(text.trim());
  }
  return { kind: 'text', text: texts.join('\n').trim() };
}
