/** Labels under which certificates are written: RFC 7468 §5.1, and what OpenSSL reads beside it (crypto/pem.h). */
const certificateLabels = new Set(['CERTIFICATE', 'X509 CERTIFICATE', 'TRUSTED CERTIFICATE']);
const begin = '-----BEGIN ';
const end = '-----END ';
const dashes = '-----';
const maxLabel = 64;

/** No bundle holds more blocks than this; what follows is not read. */
const maxBlocks = 2_000;

/** One block of PEM (RFC 7468). */
export interface PemBlock {
  label: string;
  /** Its text between the two lines, not decoded: that of a private key is passed over. */
  body: string;
}

/**
 * Returns the blocks of a PEM text. Each character is read a fixed number of times, whatever the text holds: the texts come
 * from files of others.
 */
export function readPemBlocks(text: string, maxFound = maxBlocks): PemBlock[] {
  const found: PemBlock[] = [];
  let from = 0;
  while (found.length < maxFound) {
    const to = text.indexOf(end, from);
    if (to < 0) break;
    // The nearest beginning counts: one that never ends hides nothing that follows it.
    const block = text.slice(from, to);
    const start = block.lastIndexOf(begin);
    const label = labelAt(text, to + end.length);
    if (start >= 0 && label !== null && block.startsWith(`${label}${dashes}`, start + begin.length))
      found.push({ label, body: block.slice(start + begin.length + label.length + dashes.length) });
    from = to + end.length;
  }
  return found;
}

function labelAt(text: string, from: number): string | null {
  const near = text.slice(from, from + maxLabel + dashes.length);
  const length = near.indexOf(dashes);
  return length <= 0 ? null : near.slice(0, length);
}

/** Whether a block holds a certificate by its label. */
export function isCertificateLabel(label: string): boolean {
  return certificateLabels.has(label);
}

/** Returns the certificates of a PEM text in DER. */
export function readPem(text: string): Buffer[] {
  return readPemBlocks(text)
    .filter(({ label, body }) => isCertificateLabel(label) && body !== '')
    .map(({ body }) => Buffer.from(body, 'base64'));
}
