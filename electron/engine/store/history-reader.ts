import type { DatabaseSync } from 'node:sqlite';
import type { CertificateFacts } from '../../../shared/schema/certificate.ts';
import {
  type CheckResult,
  type Problem,
  type Status,
  statuses,
} from '../../../shared/schema/check-result.ts';
import type { HistoryEntry, LastCheck, TrendPoint } from '../../../shared/schema/job.ts';
import type { Sighting } from '../../../shared/schema/sighting.ts';
import { describeCertificate } from '../verify/certificate.ts';
import { Statements } from './statements.ts';
import type { RenewalTimes } from './summary.ts';

interface ResultRow {
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

interface SightingRow {
  uuid: string;
  facts: string;
  first_at: number;
  last_at: number;
}

interface LastRow {
  uuid: string;
  at: number;
  status: number;
  missed: number;
  problems: string;
  not_before: number | null;
  not_after: number | null;
  issuer: string | null;
}

/** What of a result is the same from check to check, as long as the server stays as it is. */
export type Connection = Pick<
  CheckResult,
  | 'target'
  | 'protocol'
  | 'cipher'
  | 'address'
  | 'addresses'
  | 'certificates'
  | 'revocation'
  | 'trust'
  | 'transparency'
  | 'unreachable'
  | 'earliestExpiry'
>;

/** A chart shows no more. */
const maxPoints = 500;

const resultColumns = `
  r.at, r.status, c.members AS chain, p.json AS problems, n.json AS connection,
  r.dns_us, r.tcp_us, r.starttls_us, r.tls_us, r.total_us, r.missed
  FROM results r
  JOIN jobs j ON j.id = r.job
  LEFT JOIN chains c ON c.id = r.chain
  JOIN texts p ON p.id = r.problems
  JOIN texts n ON n.id = r.connection`;

/** Results as they were kept: what is read of them. */
export class HistoryReader {
  protected readonly statements: Statements;

  constructor(database: DatabaseSync) {
    this.statements = new Statements(database);
  }

  /** The result of a job that was added last. */
  last(jobId: string): HistoryEntry | null {
    const row = this.statements
      .prepare(`SELECT ${resultColumns} WHERE j.uuid = ? AND r.at = j.last`)
      .get(jobId);
    return row ? this.#readResult(row as unknown as ResultRow) : null;
  }

  /** The certificates of the result that was added last, in DER as sent. */
  lastChain(jobId: string): Uint8Array[] {
    const rows = this.statements
      .prepare(
        `SELECT x.der FROM jobs j
       JOIN results r ON r.job = j.id AND r.at = j.last
       JOIN chains c ON c.id = r.chain, json_each(c.members) m
       JOIN certificates x ON x.id = m.value
       WHERE j.uuid = ? ORDER BY m.key`,
      )
      .all(jobId) as unknown as { der: Uint8Array }[];
    return rows.map(({ der }) => der);
  }

  /** Results in brief, the oldest first; of more than 500, every so many-th and the last. */
  trend(jobId: string): TrendPoint[] {
    const { total } = this.statements
      .prepare('SELECT count(*) AS total FROM results r JOIN jobs j ON j.id = r.job WHERE j.uuid = ?')
      .get(jobId) as { total: number };
    const step = Math.max(1, Math.ceil(total / maxPoints));
    const rows = this.statements
      .prepare(
        `SELECT * FROM (
         SELECT r.at, r.status, r.total_us, x.not_after,
           row_number() OVER (ORDER BY r.at DESC) - 1 AS place
         FROM results r JOIN jobs j ON j.id = r.job
         LEFT JOIN chains c ON c.id = r.chain LEFT JOIN certificates x ON x.id = c.leaf
         WHERE j.uuid = ?)
       WHERE place % ? = 0 ORDER BY at`,
      )
      .all(jobId, step) as unknown as {
      at: number;
      status: number;
      total_us: number;
      not_after: number | null;
    }[];
    return rows.map(({ at, status, total_us, not_after }) => ({
      at: iso(at),
      status: readStatus(status),
      validTo: not_after === null ? null : iso(not_after),
      totalMs: total_us / 1000,
    }));
  }

  /** Every leaf that a job showed, the newest first. */
  sightings(jobId: string): Sighting[] {
    return (
      this.statements
        .prepare(`${sightingsQuery} WHERE j.uuid = ? ORDER BY s.first_at DESC`)
        .all(jobId) as unknown as SightingRow[]
    ).map(readSighting);
  }

  /** Results of a job, the newest first. */
  list(jobId: string, limit: number, offset: number): { items: HistoryEntry[]; total: number } {
    const rows = this.statements
      .prepare(`SELECT ${resultColumns} WHERE j.uuid = ? ORDER BY r.at DESC LIMIT ? OFFSET ?`)
      .all(jobId, limit, offset) as unknown as ResultRow[];
    const { total } = this.statements
      .prepare('SELECT count(*) AS total FROM results r JOIN jobs j ON j.id = r.job WHERE j.uuid = ?')
      .get(jobId) as { total: number };
    return { items: rows.map((row) => this.#readResult(row)), total };
  }

  /** The newest result of every job in brief, by job id: what is needed at start. */
  lastOfAll(): Map<string, Omit<LastCheck, keyof RenewalTimes>> {
    const rows = this.statements
      .prepare(
        `SELECT j.uuid, r.at, r.status, r.missed, p.json AS problems, c.not_before, c.not_after, c.issuer
       FROM jobs j
       JOIN results r ON r.job = j.id AND r.at = j.last
       JOIN texts p ON p.id = r.problems
       LEFT JOIN chains ch ON ch.id = coalesce(
         r.chain,
         (SELECT chain FROM results WHERE job = j.id AND chain IS NOT NULL ORDER BY at DESC LIMIT 1))
       LEFT JOIN certificates c ON c.id = ch.leaf`,
      )
      .all() as unknown as LastRow[];
    return new Map(rows.map((row) => [row.uuid, readLast(row)]));
  }

  /** From when to when each leaf of a job is valid, and when it was seen first. */
  leafTimes(jobId: string): LeafTimes[] {
    const sightings = this.statements
      .prepare(
        `SELECT c.not_before, c.not_after, s.first_at
       FROM sightings s JOIN jobs j ON j.id = s.job JOIN certificates c ON c.id = s.certificate WHERE j.uuid = ?`,
      )
      .all(jobId) as unknown as SightingTimes[];
    return sightings.map(readTimes);
  }

  /** Of all jobs whose certificate was seen to change, by job id. */
  leafTimesOfChanged(): Map<string, LeafTimes[]> {
    const rows = this.statements
      .prepare(
        `SELECT j.uuid, c.not_before, c.not_after, s.first_at
       FROM sightings s JOIN jobs j ON j.id = s.job JOIN certificates c ON c.id = s.certificate
       WHERE s.job IN (SELECT job FROM sightings GROUP BY job HAVING count(*) > 1)`,
      )
      .all() as unknown as (SightingTimes & { uuid: string })[];
    const byJob = Map.groupBy(rows, ({ uuid }) => uuid);
    return new Map([...byJob].map(([uuid, sightings]) => [uuid, sightings.map(readTimes)]));
  }

  /** How many of the newest results in a row were unreachable, counted up to the limit. */
  unreachableStreak(jobId: string, limit: number): number {
    const rows = this.statements
      .prepare(
        `SELECT r.status FROM results r JOIN jobs j ON j.id = r.job
       WHERE j.uuid = ? AND r.at <= j.last ORDER BY r.at DESC LIMIT ?`,
      )
      .all(jobId, limit) as { status: number }[];
    const reached = rows.findIndex(({ status }) => statuses[status] !== 'unreachable');
    return reached === -1 ? rows.length : reached;
  }

  #readResult(row: ResultRow): HistoryEntry {
    const members = row.chain === null ? [] : (JSON.parse(row.chain) as number[]);
    const chain = members.flatMap((id) => {
      const stored = this.statements.prepare('SELECT facts FROM certificates WHERE id = ?').get(id) as
        | { facts: string }
        | undefined;
      return stored ? [describeCertificate(readFacts(stored.facts), row.at)] : [];
    });
    const {
      target,
      protocol,
      cipher,
      address,
      addresses,
      certificates = null, // Rows from before there were two have none.
      revocation = null, // Nor is it in rows from before it was told.
      trust = null, // Nor have rows from before these were kept.
      transparency = null,
      unreachable,
      earliestExpiry,
    } = JSON.parse(row.connection) as Connection;
    return {
      target,
      checkedAt: new Date(row.at).toISOString(),
      status: readStatus(row.status),
      problems: JSON.parse(row.problems) as Problem[],
      certificate: chain[0] ?? null,
      chain,
      earliestExpiry,
      protocol,
      cipher,
      address,
      addresses,
      certificates,
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
}

const sightingsQuery = `
  SELECT j.uuid, c.facts, s.first_at, s.last_at
  FROM sightings s JOIN jobs j ON j.id = s.job JOIN certificates c ON c.id = s.certificate`;

interface SightingTimes {
  not_before: number;
  not_after: number;
  first_at: number;
}

const iso = (time: number) => new Date(time).toISOString();

export type LeafTimes = Pick<Sighting, 'validFrom' | 'validTo' | 'firstSeenAt'>;

function readTimes({ not_before, not_after, first_at }: SightingTimes): LeafTimes {
  return { validFrom: iso(not_before), validTo: iso(not_after), firstSeenAt: iso(first_at) };
}

/** What was stored of a certificate, nothing of its usage where it was kept before that was read. */
function readFacts(text: string): CertificateFacts {
  const facts = JSON.parse(text) as CertificateFacts;
  return { ...facts, extendedKeyUsage: facts.extendedKeyUsage ?? null };
}

function readSighting({ facts, first_at, last_at }: SightingRow): Sighting {
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

function readLast(row: LastRow): Omit<LastCheck, keyof RenewalTimes> {
  const problems = JSON.parse(row.problems) as Problem[];
  return {
    checkedAt: new Date(row.at).toISOString(),
    status: readStatus(row.status),
    problems: problems.map(({ code, severity, message }) => ({ code, severity, message })),
    validFrom: row.not_before === null ? null : iso(row.not_before),
    validTo: row.not_after === null ? null : iso(row.not_after),
    issuer: row.issuer,
    missed: row.missed,
  };
}

function readStatus(index: number): Status {
  return statuses[index] ?? 'unreachable';
}

const milliseconds = (us: number | null) => (us === null ? null : us / 1000);
