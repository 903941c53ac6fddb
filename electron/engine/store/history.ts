import { hash } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import type { CertificateFacts } from '../../../shared/certificate.ts';
import { shortName } from '../../../shared/certificate-words.ts';
import { type CheckResult, type Problem, type Status, statuses } from '../../../shared/check-result.ts';
import type { HistoryEntry, LastCheck, TrendPoint } from '../../../shared/job.ts';
import type { Sighting } from '../../../shared/renewals.ts';
import { describeCertificate } from '../check/certificate.ts';
import type { Checked } from '../check/check.ts';
import { Statements } from './statements.ts';

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
type Connection = Pick<
  CheckResult,
  | 'target'
  | 'protocol'
  | 'cipher'
  | 'address'
  | 'addresses'
  | 'certificates'
  | 'unreachable'
  | 'earliestExpiry'
>;

/** A chart shows no more. */
const mostPoints = 500;

const resultColumns = `
  r.at, r.status, c.members AS chain, p.json AS problems, n.json AS connection,
  r.dns_us, r.tcp_us, r.starttls_us, r.tls_us, r.total_us, r.missed
  FROM results r
  JOIN jobs j ON j.id = r.job
  LEFT JOIN chains c ON c.id = r.chain
  JOIN texts p ON p.id = r.problems
  JOIN texts n ON n.id = r.connection`;

/** Hears of what happens after results were taken. */
export interface HistoryListener {
  onWritten(): void;
  /** Results of the last turn could not be written after all. */
  onFault(error: unknown): void;
}

/** A leaf that is seen all the time is taken down as seen once in so long. */
const sightingGrainMs = 3_600_000;

/** How long results wait for others to be written with. */
const batchMs = 10;

/** How many rows of what recurs are remembered. The texts are kept as digests, so that each costs about 100 bytes. */
const mostKnown = 50_000;

/** Results over time, each distinct certificate stored once. */
export class History {
  readonly #database: DatabaseSync;
  readonly #statements: Statements;
  /** What is known of the database without asking: rows of what recurs, and when a leaf was taken down as seen. */
  readonly #known = new Map<string, number>();
  #batch: { timer: NodeJS.Timeout; written: PromiseWithResolvers<void> } | null = null;
  readonly #listener: HistoryListener | undefined;

  constructor(database: DatabaseSync, listener?: HistoryListener) {
    this.#database = database;
    this.#statements = new Statements(database);
    this.#listener = listener;
  }

  /** Resolves once everything that was added is on disk, or could not be written. */
  async written(): Promise<void> {
    await this.#batch?.written.promise;
  }

  /** Lets go of what waits to be written, before the database is closed for good. */
  abandon(): void {
    clearTimeout(this.#batch?.timer);
    this.#batch?.written.resolve();
    this.#batch = null;
  }

  /** Writes what waits to be written; reading sees it before. @throws SQLite's error */
  flush(): void {
    const batch = this.#batch;
    if (!batch) return;
    this.#batch = null;
    clearTimeout(batch.timer);
    try {
      if (!this.#database.isOpen || !this.#database.isTransaction) return;
      this.#database.exec('COMMIT');
      this.#listener?.onWritten();
    } catch (error) {
      this.#rollBack();
      throw error;
    } finally {
      batch.written.resolve();
    }
  }

  /**
   * Keeps a result. A second one of the same millisecond takes the place of the first.
   * @param missed how many due times passed unused before it
   */
  add(jobId: string, { result, chain }: Checked, missed = 0): void {
    this.#together(() => {
      const job = this.#jobRow(jobId);
      const chainId = this.#chainRow(result, chain);
      const at = Date.parse(result.checkedAt);
      const {
        target,
        protocol,
        cipher,
        address,
        addresses,
        certificates,
        unreachable,
        earliestExpiry,
        timings,
      } = result;
      const connection: Connection = {
        target,
        protocol,
        cipher,
        address,
        addresses,
        certificates,
        unreachable,
        earliestExpiry,
      };
      this.#statements
        .prepare(
          `INSERT OR REPLACE INTO results
         (job, at, status, chain, problems, connection, dns_us, tcp_us, starttls_us, tls_us, total_us, missed)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
        )
        .run(
          job,
          at,
          statuses.indexOf(result.status),
          chainId,
          this.#textRow(result.problems),
          this.#textRow(connection),
          microseconds(timings.dns),
          microseconds(timings.tcp),
          microseconds(timings.starttls),
          microseconds(timings.tls),
          microseconds(timings.total),
          missed,
        );
      this.#statements.prepare('UPDATE jobs SET last = ? WHERE id = ?').run(at, job);
      if (chainId !== null) this.#see(job, chainId, at);
    });
  }

  /** The result of a job that was added last. */
  last(jobId: string): HistoryEntry | null {
    const row = this.#statements
      .prepare(`SELECT ${resultColumns} WHERE j.uuid = ? AND r.at = j.last`)
      .get(jobId);
    return row ? this.#readResult(row as unknown as ResultRow) : null;
  }

  /** The certificates of the result that was added last, in DER as sent. */
  lastChain(jobId: string): Uint8Array[] {
    const rows = this.#statements
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
    const { total } = this.#statements
      .prepare('SELECT count(*) AS total FROM results r JOIN jobs j ON j.id = r.job WHERE j.uuid = ?')
      .get(jobId) as { total: number };
    const step = Math.max(1, Math.ceil(total / mostPoints));
    const rows = this.#statements
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
      this.#statements
        .prepare(`${sightingsQuery} WHERE j.uuid = ? ORDER BY s.first_at DESC`)
        .all(jobId) as unknown as SightingRow[]
    ).map(readSighting);
  }

  /** Results of a job, the newest first. */
  list(jobId: string, limit: number, offset: number): { items: HistoryEntry[]; total: number } {
    const rows = this.#statements
      .prepare(`SELECT ${resultColumns} WHERE j.uuid = ? ORDER BY r.at DESC LIMIT ? OFFSET ?`)
      .all(jobId, limit, offset) as unknown as ResultRow[];
    const { total } = this.#statements
      .prepare('SELECT count(*) AS total FROM results r JOIN jobs j ON j.id = r.job WHERE j.uuid = ?')
      .get(jobId) as { total: number };
    return { items: rows.map((row) => this.#readResult(row)), total };
  }

  /** The newest result of every job in brief, by job id: what is needed at start. */
  lastOfAll(): Map<string, Omit<LastCheck, keyof RenewalTimes>> {
    const rows = this.#statements
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
    const sightings = this.#statements
      .prepare(
        `SELECT c.not_before, c.not_after, s.first_at
       FROM sightings s JOIN jobs j ON j.id = s.job JOIN certificates c ON c.id = s.certificate WHERE j.uuid = ?`,
      )
      .all(jobId) as unknown as SightingTimes[];
    return sightings.map(readTimes);
  }

  /** Of all jobs whose certificate was seen to change, by job id. */
  leafTimesOfChanged(): Map<string, LeafTimes[]> {
    const rows = this.#statements
      .prepare(
        `SELECT j.uuid, c.not_before, c.not_after, s.first_at
       FROM sightings s JOIN jobs j ON j.id = s.job JOIN certificates c ON c.id = s.certificate
       WHERE s.job IN (SELECT job FROM sightings GROUP BY job HAVING count(*) > 1)`,
      )
      .all() as unknown as (SightingTimes & { uuid: string })[];
    const byJob = Map.groupBy(rows, ({ uuid }) => uuid);
    return new Map([...byJob].map(([uuid, sightings]) => [uuid, sightings.map(readTimes)]));
  }

  /** How many of the newest results in a row were unreachable, counted up to the limit, and when the first of them was. */
  unreachableStreak(jobId: string, limit: number): { length: number; since: string | null } {
    const rows = this.#statements
      .prepare(
        `SELECT r.at, r.status FROM results r JOIN jobs j ON j.id = r.job
       WHERE j.uuid = ? AND r.at <= j.last ORDER BY r.at DESC LIMIT ?`,
      )
      .all(jobId, limit) as { at: number; status: number }[];
    const reached = rows.findIndex(({ status }) => statuses[status] !== 'unreachable');
    const streak = reached === -1 ? rows : rows.slice(0, reached);
    const first = streak.at(-1);
    return { length: streak.length, since: first ? new Date(first.at).toISOString() : null };
  }

  removeJob(jobId: string): void {
    this.#transaction(() => {
      this.#statements
        .prepare('DELETE FROM results WHERE job = (SELECT id FROM jobs WHERE uuid = ?)')
        .run(jobId);
      this.#statements
        .prepare('DELETE FROM sightings WHERE job = (SELECT id FROM jobs WHERE uuid = ?)')
        .run(jobId);
      this.#statements.prepare('DELETE FROM jobs WHERE uuid = ?').run(jobId);
    });
  }

  /** Forgets results from before a time (milliseconds since the epoch), and what only they pointed at. */
  prune(before: number): void {
    this.#transaction(() => {
      const { changes } = this.#statements.prepare('DELETE FROM results WHERE at < ?').run(before);
      this.#statements.prepare('DELETE FROM sightings WHERE last_at < ?').run(before);
      if (changes === 0) return;
      this.#database.exec(`
        DELETE FROM texts WHERE id NOT IN (SELECT problems FROM results UNION SELECT connection FROM results);
        DELETE FROM chains WHERE id NOT IN (SELECT chain FROM results WHERE chain IS NOT NULL);
        DELETE FROM certificates WHERE id NOT IN (SELECT value FROM chains, json_each(chains.members))
          AND id NOT IN (SELECT certificate FROM sightings);
      `);
    });
  }

  #transaction(work: () => void): void {
    this.flush();
    this.#known.clear();
    this.#database.exec('BEGIN IMMEDIATE');
    try {
      work();
      this.#database.exec('COMMIT');
    } catch (error) {
      this.#rollBack();
      throw error;
    }
  }

  /** What comes within a moment goes to disk in one transaction: results come by the thousand. */
  #together(work: () => void): void {
    if (!this.#database.isTransaction) this.#database.exec('BEGIN IMMEDIATE');
    this.#batch ??= {
      timer: setTimeout(() => this.#flushLater(), batchMs),
      written: Promise.withResolvers(),
    };
    try {
      work();
    } catch (error) {
      this.#rollBack();
      throw error;
    }
  }

  #flushLater(): void {
    try {
      this.flush();
    } catch (error) {
      if (!this.#listener) throw error;
      this.#listener.onFault(error);
    }
  }

  #rollBack(): void {
    this.#known.clear();
    // SQLite has rolled back by itself where the disk is full.
    if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
  }

  /** The row of something that recurs, looked up once. */
  #row(key: string, find: () => number): number {
    let row = this.#known.get(key);
    if (row === undefined) {
      row = find();
      this.#remember(key, row);
    }
    return row;
  }

  #remember(key: string, number: number): void {
    if (this.#known.size >= mostKnown) this.#known.clear();
    this.#known.set(key, number);
  }

  #jobRow(uuid: string): number {
    return this.#row(`job ${uuid}`, () => {
      this.#statements.prepare('INSERT OR IGNORE INTO jobs (uuid) VALUES (?)').run(uuid);
      return (this.#statements.prepare('SELECT id FROM jobs WHERE uuid = ?').get(uuid) as { id: number }).id;
    });
  }

  #see(job: number, chain: number, at: number): void {
    const key = `seen ${job} ${chain}`;
    const hour = Math.floor(at / sightingGrainMs);
    if (this.#known.get(key) === hour) return;
    this.#remember(key, hour);
    this.#statements
      .prepare(
        `INSERT INTO sightings (job, certificate, first_at, last_at)
       SELECT ?, leaf, ?, ? FROM chains WHERE id = ?
       ON CONFLICT (job, certificate) DO UPDATE SET last_at = max(last_at, excluded.last_at)`,
      )
      .run(job, at, at, chain);
  }

  #textRow(value: unknown): number {
    const json = JSON.stringify(value);
    return this.#row(hash('sha1', json, 'base64'), () => {
      this.#statements.prepare('INSERT OR IGNORE INTO texts (json) VALUES (?)').run(json);
      return (this.#statements.prepare('SELECT id FROM texts WHERE json = ?').get(json) as { id: number }).id;
    });
  }

  #chainRow(result: CheckResult, chain: readonly Buffer[]): number | null {
    const fingerprints = result.chain.map(({ fingerprint256 }) => fingerprint256).join();
    if (fingerprints === '') return null;
    return this.#row(hash('sha1', fingerprints, 'base64'), () => {
      const members = result.chain.map((certificate, index) => {
        const { daysRemaining: _dependsOnTheDay, ...facts } = certificate;
        return this.#certificateRow(facts, chain[index] ?? Buffer.alloc(0));
      });
      const key = JSON.stringify(members);
      this.#statements
        .prepare('INSERT OR IGNORE INTO chains (leaf, members) VALUES (?, ?)')
        .run(members[0] ?? 0, key);
      return (this.#statements.prepare('SELECT id FROM chains WHERE members = ?').get(key) as { id: number })
        .id;
    });
  }

  #certificateRow(facts: CertificateFacts, der: Buffer): number {
    const fingerprint = Buffer.from(facts.fingerprint256.replaceAll(':', ''), 'hex');
    const find = this.#statements.prepare('SELECT id FROM certificates WHERE fingerprint = ?');
    const known = find.get(fingerprint) as { id: number } | undefined;
    if (known) return known.id;
    const { lastInsertRowid } = this.#statements
      .prepare(
        'INSERT INTO certificates (fingerprint, der, facts, not_before, not_after, issuer) VALUES (?, ?, ?, ?, ?, ?)',
      )
      .run(
        fingerprint,
        der,
        JSON.stringify(facts),
        Date.parse(facts.validFrom),
        Date.parse(facts.validTo),
        shortName(facts.issuer),
      );
    return Number(lastInsertRowid);
  }

  #readResult(row: ResultRow): HistoryEntry {
    const members = row.chain === null ? [] : (JSON.parse(row.chain) as number[]);
    const chain = members.flatMap((id) => {
      const stored = this.#statements.prepare('SELECT facts FROM certificates WHERE id = ?').get(id) as
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

/** A result in brief. Where it shows no certificate, the one seen before is kept in view. */
export function summarise(
  result: CheckResult,
  before: LastCheck | null,
  { missed, ...renewal }: { missed: number } & RenewalTimes,
): LastCheck {
  const { certificate } = result;
  return {
    checkedAt: result.checkedAt,
    status: result.status,
    problems: result.problems.map(({ code, severity, message }) => ({ code, severity, message })),
    validFrom: (certificate ?? before)?.validFrom ?? null,
    validTo: (certificate ?? before)?.validTo ?? null,
    issuer: certificate ? shortName(certificate.issuer) : (before?.issuer ?? null),
    missed,
    ...renewal,
  };
}

/** What is expected of a certificate, going by those before it. */
export type RenewalTimes = Pick<LastCheck, 'expectedRenewalAt' | 'renewalOverdueAt'>;

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

const microseconds = (ms: number | null) => (ms === null ? null : Math.round(ms * 1000));
const milliseconds = (us: number | null) => (us === null ? null : us / 1000);
