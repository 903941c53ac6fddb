import type { LastCheck } from '../schema/job.ts';

/** What is written on a certificate, whichever issue of it. */
export interface CertificateNames {
  /** The same for a certificate and its renewals: names and subject. */
  key: string;
  /** The first alternative name, or the common name where there is none. */
  first: string;
}

/**
 * Reads names and subject back from the keywords of a result (`keywordsOf`: names, subject, serial number, SHA-256, address, issuer).
 * Null where no certificate was seen.
 */
export function certificateNames({
  keywords,
  fingerprint256,
}: Pick<LastCheck, 'keywords' | 'fingerprint256'>): CertificateNames | null {
  if (fingerprint256 === null) return null;
  const end = keywords.lastIndexOf(fingerprint256.replaceAll(':', '').toLowerCase());
  if (end < 0) return null;
  const written = keywords.slice(0, end).trimEnd();
  const key = written.slice(0, Math.max(0, written.lastIndexOf(' '))).trim(); // Without the serial number.
  if (key === '') return null;
  const [first = ''] = key.split(' ');
  const isName = first !== '' && !first.includes('=');
  return { key, first: isName ? first : (/(?:^|[ ,])cn=([^,]+)/.exec(key)?.[1] ?? key) };
}
