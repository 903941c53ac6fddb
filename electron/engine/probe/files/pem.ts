/** Labels under which certificates are written: RFC 7468 §5.1, and what OpenSSL reads beside it (crypto/pem.h). */
const labels = ['CERTIFICATE', 'X509 CERTIFICATE', 'TRUSTED CERTIFICATE'];
const begin = '-----BEGIN ';
const end = '-----END ';

/** No bundle holds more certificates than this; what follows is not read. */
const maxCertificates = 2_000;

/**
 * Returns the certificates of a PEM text in DER. Each character is looked at a fixed number of times, whatever the text
 * holds: the texts come from files of others.
 */
export function readPem(text: string): Buffer[] {
  const found: Buffer[] = [];
  let from = 0;
  while (found.length < maxCertificates) {
    const to = text.indexOf(end, from);
    if (to < 0) break;
    // The nearest beginning counts: one that never ends hides nothing that follows it.
    const block = text.slice(from, to);
    const start = block.lastIndexOf(begin);
    const label = labels.find((one) => text.startsWith(`${one}-----`, to + end.length));
    if (start >= 0 && label !== undefined && block.startsWith(`${label}-----`, start + begin.length)) {
      const body = block.slice(start + begin.length + label.length + 5);
      if (body !== '') found.push(Buffer.from(body, 'base64'));
    }
    from = to + end.length;
  }
  return found;
}
