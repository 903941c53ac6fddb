import type { DatabaseSync } from 'node:sqlite';
import type { Certificate } from '../../../shared/schema/certificate.ts';
import { statuses } from '../../../shared/schema/check-result.ts';
import type { HistoryEntry, LastCheck, TrendPoint } from '../../../shared/schema/job.ts';
import type { Sighting } from '../../../shared/schema/sighting.ts';
import { describeCertificate } from '../verify/describe-certificate.ts';
import {
  iso,
  type LeafTimes,
  type ResultRow,
  readFacts,
  readResult,
  readSighting,
  readStatus,
  readTimes,
  resultColumns,
  type SightingRow,
  type SightingTimes,
  sightingsQuery,
} from './history-rows.ts';
import { readLastChecks } from './last-checks.ts';
import { Statements } from './statements.ts';
import { readStored } from './stored-json.ts';
import type { RenewalTimes } from './summary.ts';

/** A chart shows no more. */
const maxPoints = 500;

/** Results as they were kept: what is read of them. */
export class HistoryReader {
  protected readonly statements: Statements;

  constructor(database: DatabaseSync) {
    this.statements = new Statements(database);
  }

  /** The result of a job that was added last. */
  last(jobId: string): HistoryEntry | null {
    const row = this.statements.get<ResultRow>(
      `SELECT ${resultColumns} WHERE j.uuid = ? AND r.at = j.last`,
      jobId,
    );
    return row ? this.#readResult(row) : null;
  }

  /** The certificates of the result that was added last, in DER as sent. */
  lastChain(jobId: string): Uint8Array[] {
    const rows = this.statements.all<{ der: Uint8Array }>(
      `SELECT x.der FROM jobs j
       JOIN results r ON r.job = j.id AND r.at = j.last
       JOIN chains c ON c.id = r.chain, json_each(c.members) m
       JOIN certificates x ON x.id = m.value
       WHERE j.uuid = ? ORDER BY m.key`,
      jobId,
    );
    return rows.map(({ der }) => der);
  }

  /** Results in brief, the oldest first; of more than 500, every so many-th and the last. */
  trend(jobId: string): TrendPoint[] {
    const { total } = this.statements.get<{ total: number }>(
      'SELECT count(*) AS total FROM results r JOIN jobs j ON j.id = r.job WHERE j.uuid = ?',
      jobId,
    ) ?? { total: 0 };
    const step = Math.max(1, Math.ceil(total / maxPoints));
    const rows = this.statements.all<{
      at: number;
      status: number;
      total_us: number;
      not_after: number | null;
    }>(
      `SELECT * FROM (
         SELECT r.at, r.status, r.total_us, x.not_after,
           row_number() OVER (ORDER BY r.at DESC) - 1 AS place
         FROM results r JOIN jobs j ON j.id = r.job
         LEFT JOIN chains c ON c.id = r.chain LEFT JOIN certificates x ON x.id = c.leaf
         WHERE j.uuid = ?)
       WHERE place % ? = 0 ORDER BY at`,
      jobId,
      step,
    );
    return rows.map(({ at, status, total_us, not_after }) => ({
      at: iso(at),
      status: readStatus(status),
      validTo: not_after === null ? null : iso(not_after),
      totalMs: total_us / 1000,
    }));
  }

  /** A leaf that a job showed, as of a time in milliseconds since the epoch; null where it never did. */
  certificate(jobId: string, fingerprint256: string, now: number): Certificate | null {
    const row = this.statements.get<{ facts: string }>(
      `SELECT c.facts FROM sightings s JOIN jobs j ON j.id = s.job JOIN certificates c ON c.id = s.certificate
       WHERE j.uuid = ? AND c.fingerprint = ?`,
      jobId,
      Buffer.from(fingerprint256.replaceAll(':', ''), 'hex'),
    );
    return row ? describeCertificate(readFacts(row.facts), now) : null;
  }

  /** Every leaf that a job showed, the newest first. */
  sightings(jobId: string): Sighting[] {
    return this.statements
      .all<SightingRow>(`${sightingsQuery} WHERE j.uuid = ? ORDER BY s.first_at DESC`, jobId)
      .map(readSighting);
  }

  /**
   * Returns the names in the certificate that each of some jobs showed last, by one query: in the order of the ids, none for a job that never
   * showed one.
   */
  lastSans(jobIds: readonly string[]): string[][] {
    const rows = this.statements.all<{ sans: string }>(
      `SELECT json_extract(c.facts, '$.sans') AS sans
       FROM json_each(?) asked
       JOIN jobs j ON j.uuid = asked.value
       JOIN certificates c ON c.id = coalesce(
         (SELECT h.leaf FROM results r JOIN chains h ON h.id = r.chain WHERE r.job = j.id AND r.at = j.last),
         (SELECT s.certificate FROM sightings s WHERE s.job = j.id ORDER BY s.last_at DESC LIMIT 1))
       ORDER BY asked.key`,
      JSON.stringify(jobIds),
    );
    return rows.map(({ sans }) => readStored<string[]>(sans));
  }

  /** Results of a job, the newest first. */
  list(jobId: string, limit: number, offset: number): { items: HistoryEntry[]; total: number } {
    const rows = this.statements.all<ResultRow>(
      `SELECT ${resultColumns} WHERE j.uuid = ? ORDER BY r.at DESC LIMIT ? OFFSET ?`,
      jobId,
      limit,
      offset,
    );
    const { total } = this.statements.get<{ total: number }>(
      'SELECT count(*) AS total FROM results r JOIN jobs j ON j.id = r.job WHERE j.uuid = ?',
      jobId,
    ) ?? { total: 0 };
    return { items: rows.map((row) => this.#readResult(row)), total };
  }

  /** The newest result of every job in brief, by job id: what is needed at start. */
  lastOfAll(): Map<string, Omit<LastCheck, keyof RenewalTimes>> {
    return readLastChecks(this.statements);
  }

  /** From when to when each leaf of a job is valid, and when it was seen first. */
  leafTimes(jobId: string): LeafTimes[] {
    const sightings = this.statements.all<SightingTimes>(
      `SELECT c.not_before, c.not_after, s.first_at
       FROM sightings s JOIN jobs j ON j.id = s.job JOIN certificates c ON c.id = s.certificate WHERE j.uuid = ?`,
      jobId,
    );
    return sightings.map(readTimes);
  }

  /** Of all jobs whose certificate was seen to change, by job id. */
  leafTimesOfChanged(): Map<string, LeafTimes[]> {
    const rows = this.statements.all<
      SightingTimes & { uuid: string }
    >(`SELECT j.uuid, c.not_before, c.not_after, s.first_at
       FROM sightings s JOIN jobs j ON j.id = s.job JOIN certificates c ON c.id = s.certificate
       WHERE s.job IN (SELECT job FROM sightings GROUP BY job HAVING count(*) > 1)`);
    const byJob = Map.groupBy(rows, ({ uuid }) => uuid);
    return new Map([...byJob].map(([uuid, sightings]) => [uuid, sightings.map(readTimes)]));
  }

  /** How many of the newest results in a row were unreachable, counted up to the limit. */
  unreachableStreak(jobId: string, limit: number): number {
    const rows = this.statements.all<{ status: number }>(
      `SELECT r.status FROM results r JOIN jobs j ON j.id = r.job
       WHERE j.uuid = ? AND r.at <= j.last ORDER BY r.at DESC LIMIT ?`,
      jobId,
      limit,
    );
    const reached = rows.findIndex(({ status }) => statuses[status] !== 'unreachable');
    return reached === -1 ? rows.length : reached;
  }

  #readResult(row: ResultRow): HistoryEntry {
    const sql = 'SELECT facts FROM certificates WHERE id = ?';
    return readResult(row, (id) => this.statements.get<{ facts: string }>(sql, id)?.facts);
  }
}
