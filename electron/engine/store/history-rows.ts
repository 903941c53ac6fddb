import type { CertificateFacts } from '../../../shared/schema/certificate.ts';
import {
  type CheckResult,
  type Problem,
  type Status,
  statuses,
} from '../../../shared/schema/check-result.ts';
import type { HistoryEntry } from '../../../shared/schema/job.ts';
import type { Sighting } from '../../../shared/schema/sighting.ts';
import { describeCertificate } from '../verify/describe-certificate.ts';
import { readStored } from './stored-json.ts';

export interface ResultRow {
  at: number;
  status: number;
  chain: string | null;
  problems: string;
  connection: string;
  dns_us: number | null;
  tcp_us: number | null;
  starttls_us: number | null;
  tls_us: number | null;
  total_us: number;
  missed: number;
}

export interface SightingRow {
  uuid: string;
  facts: string;
  first_at: number;
  last_at: number;
}

/** What of a result is the same from check to check, as long as the server stays as it is. */
export type ConnectionFacts = Pick<
  CheckResult,
  | 'target'
  | 'protocol'
  | 'cipher'
  | 'address'
  | 'addresses'
  | 'attempts'
  | 'certificates'
  | 'entry'
  | 'entries'
  | 'revocation'
  | 'trust'
  | 'transparency'
  | 'unreachable'
  | 'earliestExpiry'
>;

export const resultColumns = `
  r.at, r.status, c.members AS chain, p.json AS problems, n.json AS connection,
  r.dns_us, r.tcp_us, r.starttls_us, r.tls_us, r.total_us, r.missed
  FROM results r
  JOIN jobs j ON j.id = r.job
  LEFT JOIN chains c ON c.id = r.chain
  JOIN texts p ON p.id = r.problems
  JOIN texts n ON n.id = r.connection`;

/** Reads a result. @param factsOf what is stored of a certificate, as JSON */
export function readResult(row: ResultRow, factsOf: (id: number) => string | undefined): HistoryEntry {
  const members = row.chain === null ? [] : readStored<number[]>(row.chain);
  const chain = members.flatMap((id) => {
    const facts = factsOf(id);
    return facts === undefined ? [] : [describeCertificate(readFacts(facts), row.at)];
  });
  const {
    target,
    protocol,
    cipher,
    address,
    addresses,
    attempts = null, // Rows from before addresses were raced have none.
    certificates = null, // Rows from before there were two have none.
    entry = null, // Nor have rows from before files were judged by their entries.
    entries = null,
    revocation = null, // Rows of older versions do not have it.
    trust = null, // Nor have rows from before these were kept.
    transparency = null,
    unreachable,
    earliestExpiry,
  } = readStored<ConnectionFacts>(row.connection);
  return {
    target,
    checkedAt: new Date(row.at).toISOString(),
    status: readStatus(row.status),
    problems: readStored<Problem[]>(row.problems),
    certificate: chain[0] ?? null,
    chain,
    earliestExpiry: earliestExpiry && { ...earliestExpiry, role: roleOf(earliestExpiry, chain) },
    protocol,
    cipher,
    address,
    addresses,
    attempts,
    certificates,
    entry,
    entries,
    revocation,
    trust,
    transparency,
    timings: {
      dns: milliseconds(row.dns_us),
      tcp: milliseconds(row.tcp_us),
      starttls: milliseconds(row.starttls_us),
      tls: milliseconds(row.tls_us),
      total: row.total_us / 1000,
    },
    unreachable,
    missed: row.missed,
  };
}

type Earliest = NonNullable<CheckResult['earliestExpiry']>;

/** Returns which link of the path expires first. Rows from before that was kept do not say: then the chain as sent tells. */
function roleOf(
  earliest: Omit<Earliest, 'role'> & Partial<Earliest>,
  chain: CheckResult['chain'],
): Earliest['role'] {
  if (earliest.role) return earliest.role;
  const isThis = ({ subject, validTo }: CertificateFacts) =>
    subject === earliest.subject && validTo === earliest.validTo;
  if (chain[0] && isThis(chain[0])) return 'leaf';
  return chain.some((one) => isThis(one) && !one.selfSigned) ? 'intermediate' : 'root';
}

export const sightingsQuery = `
  SELECT j.uuid, c.facts, s.first_at, s.last_at
  FROM sightings s JOIN jobs j ON j.id = s.job JOIN certificates c ON c.id = s.certificate`;

export interface SightingTimes {
  not_before: number;
  not_after: number;
  first_at: number;
}

export const iso = (time: number) => new Date(time).toISOString();

/** When a leaf is valid and was seen first, in milliseconds since the epoch. */
export type LeafTimes = Record<'validFrom' | 'validTo' | 'firstSeenAt', number>;

export function readTimes({ not_before, not_after, first_at }: SightingTimes): LeafTimes {
  return { validFrom: not_before, validTo: not_after, firstSeenAt: first_at };
}

/** Returns what was stored of a certificate, without what versions before did not read. */
export function readFacts(text: string): CertificateFacts {
  const facts = readStored<CertificateFacts>(text);
  return { ...facts, extendedKeyUsage: facts.extendedKeyUsage ?? null, extensions: facts.extensions ?? null };
}

export function readSighting({ facts, first_at, last_at }: SightingRow): Sighting {
  const { fingerprint256, subject, issuer, validFrom, validTo } = readFacts(facts);
  return {
    fingerprint256,
    subject,
    issuer,
    validFrom,
    validTo,
    firstSeenAt: iso(first_at),
    lastSeenAt: iso(last_at),
  };
}

export function readStatus(index: number): Status {
  return statuses[index] ?? 'unreachable';
}

const milliseconds = (us: number | null) => (us === null ? null : us / 1000);
