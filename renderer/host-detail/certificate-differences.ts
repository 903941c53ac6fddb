import type { Certificate } from '../../shared/schema/certificate.ts';
import { count } from '../../shared/text/words.ts';
import { exactTime } from '../lib/dates.ts';
import { constraintLines, keyUsageWords, keyWords, serialWords, usageWords } from './certificate-words.ts';

/** A field of two certificates. */
export interface FieldPair {
  name: string;
  before: string;
  now: string;
}

const dayMs = 86_400_000;

const fields: readonly [name: string, words: (certificate: Certificate) => string][] = [
  ['Subject', ({ subject }) => subject],
  ['Issuer', ({ issuer }) => issuer],
  // In any order they are the same names.
  ['Names', ({ sans }) => sans.toSorted().join('\n')],
  ['Valid from', ({ validFrom }) => exactTime(validFrom)],
  ['Valid to', ({ validTo }) => exactTime(validTo)],
  [
    'Lifetime',
    ({ validFrom, validTo }) =>
      count(Math.round((Date.parse(validTo) - Date.parse(validFrom)) / dayMs), 'day'),
  ],
  ['Key', ({ key }) => keyWords(key)],
  ['Public key (SHA-256)', ({ key }) => key.fingerprint256 ?? ''],
  ['Signature', ({ signatureAlgorithm }) => signatureAlgorithm],
  ['Usage', ({ extendedKeyUsage }) => (extendedKeyUsage ? usageWords(extendedKeyUsage) : 'Not restricted')],
  ['Key usage', ({ extensions }) => keyUsageWords(extensions?.keyUsage ?? [])],
  ['Constraints', ({ extensions }) => (extensions ? constraintLines(extensions).join('\n') : '')],
  ['OCSP', ({ extensions }) => (extensions?.ocspUrls ?? []).join('\n')],
  ['Revocation lists', ({ extensions }) => (extensions?.crlUrls ?? []).join('\n')],
  ['Serial number', ({ serialNumber }) => serialWords(serialNumber)],
  ['SHA-256', ({ fingerprint256 }) => fingerprint256],
];

/** Compares two certificates field by field. */
export function compareCertificates(
  before: Certificate,
  now: Certificate,
): { changed: FieldPair[]; same: FieldPair[] } {
  const pairs = fields.map(([name, words]) => ({ name, before: words(before), now: words(now) }));
  return {
    changed: pairs.filter((pair) => pair.before !== pair.now),
    same: pairs.filter((pair) => pair.before === pair.now),
  };
}

/** Returns the lines that only one of two texts has. */
export function ownLines(text: string, other: string): string[] {
  const others = new Set(other.split('\n'));
  return text.split('\n').filter((line) => !others.has(line));
}
