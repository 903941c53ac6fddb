import type { ParsedCertificate } from '../certificate.ts';
import type { TrustStore } from '../trust.ts';
import { constraintCost } from './name-constraints.ts';

/** Comparisons of names and constraints that all of what was sent may cost: four times what clients make for one certificate. */
const maxComparisons = 1 << 22;

/** Certificates of a name, the likeliest issuer of a certificate first. */
export type Candidates = (name: string, subject?: ParsedCertificate) => readonly ParsedCertificate[];

/** Finds issuers among what was sent and what is trusted, each once, in a fixed order (RFC 4158 §3.5). */
export function candidatesFor(
  sent: readonly ParsedCertificate[],
  store: TrustStore,
  now: number,
): Candidates {
  const byName = Map.groupBy(unique(affordable(sent)), ({ subjectKey }) => subjectKey);
  const isValid = (one: ParsedCertificate) => one.notBefore <= now && now < one.notAfter + 1000;
  const found = new Map<string, readonly ParsedCertificate[]>();
  const bySubject = new Map<ParsedCertificate, readonly ParsedCertificate[]>();
  return (name, subject) => {
    let sorted = found.get(name);
    if (!sorted) {
      sorted = unique([...store.named(name), ...(byName.get(name) ?? [])]).sort(
        (one, other) =>
          Number(store.has(other)) - Number(store.has(one)) ||
          Number(isValid(other)) - Number(isValid(one)) ||
          other.notAfter - one.notAfter ||
          (one.fingerprint256 < other.fingerprint256 ? -1 : 1),
      );
      found.set(name, sorted);
    }
    if (!subject) return sorted;
    const known = bySubject.get(subject);
    if (known) return known;
    const likeliest = sorted.toSorted((one, other) => keyMatch(subject, one) - keyMatch(subject, other));
    bySubject.set(subject, likeliest);
    return likeliest;
  };
}

/**
 * Leaves out what cannot be read, and CAs with constraints where comparing names with all of them costs more than any
 * real chain does: none of them is a candidate then, whatever their order.
 */
function affordable(sent: readonly ParsedCertificate[]): ParsedCertificate[] {
  const readable = sent.filter(({ details }) => details !== null);
  const all = readable.flatMap(({ details }) => details ?? []);
  const cost = all.reduce((sum, details) => sum + constraintCost(details, all), 0);
  if (cost <= maxComparisons) return readable;
  return readable.filter(({ details }) => details?.nameConstraints === null);
}

/** 0 where the key identifiers are equal, 1 where one is missing, 2 where they differ (RFC 4158 §3.5.12). */
function keyMatch(subject: ParsedCertificate, issuer: ParsedCertificate): number {
  const wanted = subject.details?.authorityKeyId?.keyId;
  const has = issuer.details?.subjectKeyId;
  if (!wanted || !has) return 1;
  return wanted.equals(has) ? 0 : 2;
}

function unique(certificates: readonly ParsedCertificate[]): ParsedCertificate[] {
  return [...new Map(certificates.map((one) => [one.fingerprint256, one] as const)).values()];
}

/** How many names lie between a name and a trusted one; names from which none can be reached are not there. */
export function distancesToAnchors(
  sent: readonly ParsedCertificate[],
  store: TrustStore,
): ReadonlyMap<string, number> {
  const below = Map.groupBy(sent, ({ issuerKey }) => issuerKey);
  const distances = new Map<string, number>();
  const names = [...new Set(sent.flatMap(({ subjectKey, issuerKey }) => [subjectKey, issuerKey]))];
  const trusted = names.filter((name) => store.named(name).length > 0);
  const waiting = trusted.map((name): [string, number] => [name, 0]);
  for (const [name, distance] of waiting) {
    if (distances.has(name)) continue;
    distances.set(name, distance);
    for (const { subjectKey } of below.get(name) ?? []) waiting.push([subjectKey, distance + 1]);
  }
  return distances;
}
