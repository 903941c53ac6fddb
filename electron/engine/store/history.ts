import { hash } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import { shortName } from '../../../shared/domain/distinguished-name.ts';
import type { CertificateFacts } from '../../../shared/schema/certificate.ts';
import { type CheckResult, statuses } from '../../../shared/schema/check-result.ts';
import type { Checked } from '../probe/check-request.ts';
import { HistoryReader } from './history-reader.ts';
import type { ConnectionFacts } from './history-rows.ts';

/** Receives what happens after results were accepted. */
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
const maxKnown = 50_000;

/** Results over time, each distinct certificate stored once. */
export class History extends HistoryReader {
  readonly #database: DatabaseSync;
  /** What is known of the database without asking: rows of what recurs, and when a leaf was taken down as seen. */
  readonly #known = new Map<string, number>();
  #batch: { timer: NodeJS.Timeout; written: PromiseWithResolvers<void> } | null = null;
  readonly #listener: HistoryListener | undefined;

  constructor(database: DatabaseSync, listener?: HistoryListener) {
    super(database);
    this.#database = database;
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
    const { checkedAt, status, problems, certificate: _leaf, chain: _chain, timings, ...connection } = result;
    this.#together(() => {
      const job = this.#jobRow(jobId);
      const chainId = this.#chainRow(result, chain);
      const at = Date.parse(checkedAt);
      this.statements
        .prepare(
          `INSERT OR REPLACE INTO results
         (job, at, status, chain, problems, connection, dns_us, tcp_us, starttls_us, tls_us, total_us, missed)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
        )
        .run(
          job,
          at,
          statuses.indexOf(status),
          chainId,
          this.#textRow(problems),
          this.#textRow(connection satisfies ConnectionFacts),
          microseconds(timings.dns),
          microseconds(timings.tcp),
          microseconds(timings.starttls),
          microseconds(timings.tls),
          microseconds(timings.total),
          missed,
        );
      this.statements.prepare('UPDATE jobs SET last = ? WHERE id = ?').run(at, job);
      if (chainId !== null) this.#see(job, chainId, at);
    });
  }

  removeJob(jobId: string): void {
    this.#transaction(() => {
      this.statements
        .prepare('DELETE FROM results WHERE job = (SELECT id FROM jobs WHERE uuid = ?)')
        .run(jobId);
      this.statements
        .prepare('DELETE FROM sightings WHERE job = (SELECT id FROM jobs WHERE uuid = ?)')
        .run(jobId);
      this.statements.prepare('DELETE FROM jobs WHERE uuid = ?').run(jobId);
    });
  }

  /** Forgets results from before a time (milliseconds since the epoch), and what only they pointed at. */
  prune(before: number): void {
    this.#transaction(() => {
      const { changes } = this.statements.prepare('DELETE FROM results WHERE at < ?').run(before);
      this.statements.prepare('DELETE FROM sightings WHERE last_at < ?').run(before);
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
    if (this.#known.size >= maxKnown) this.#known.clear();
    this.#known.set(key, number);
  }

  #jobRow(uuid: string): number {
    return this.#row(`job ${uuid}`, () => {
      this.statements.prepare('INSERT OR IGNORE INTO jobs (uuid) VALUES (?)').run(uuid);
      return this.#idOf('SELECT id FROM jobs WHERE uuid = ?', uuid);
    });
  }

  /** @throws if no row has the key, which was written before */
  #idOf(sql: string, key: string): number {
    return this.statements.one<{ id: number }>(sql, key).id;
  }

  #see(job: number, chain: number, at: number): void {
    const key = `seen ${job} ${chain}`;
    const hour = Math.floor(at / sightingGrainMs);
    if (this.#known.get(key) === hour) return;
    this.#remember(key, hour);
    this.statements
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
      this.statements.prepare('INSERT OR IGNORE INTO texts (json) VALUES (?)').run(json);
      return this.#idOf('SELECT id FROM texts WHERE json = ?', json);
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
      this.statements
        .prepare('INSERT OR IGNORE INTO chains (leaf, members) VALUES (?, ?)')
        .run(members[0] ?? 0, key);
      return this.#idOf('SELECT id FROM chains WHERE members = ?', key);
    });
  }

  #certificateRow(facts: CertificateFacts, der: Buffer): number {
    const fingerprint = Buffer.from(facts.fingerprint256.replaceAll(':', ''), 'hex');
    const known = this.statements.get<{ id: number }>(
      'SELECT id FROM certificates WHERE fingerprint = ?',
      fingerprint,
    );
    if (known) return known.id;
    const { lastInsertRowid } = this.statements
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
}

const microseconds = (ms: number | null) => (ms === null ? null : Math.round(ms * 1000));
