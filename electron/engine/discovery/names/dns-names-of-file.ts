import { readContainer } from '../../probe/files/read-container.ts';
import { ParsedCertificate } from '../../verify/certificate.ts';

/**
 * Returns the DNS names of the first certificate of a file: the others are its issuers. A key beside it is passed over.
 * @returns null where there is no certificate that can be read
 */
export function dnsNamesOfFile(bytes: Buffer): string[] | null {
  try {
    const [own] = readContainer(bytes, null).held;
    if (!own) return null;
    const sans = new ParsedCertificate(own.der).details?.sans ?? [];
    return sans.flatMap((san) => (san.kind === 'dns' ? [san.value] : []));
  } catch {
    return null; // A broken certificate is refused by errors of many kinds; the caller says that it cannot be read.
  }
}
