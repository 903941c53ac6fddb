import type { Certificate } from '../../../shared/schema/certificate.ts';
import type { HistoryEntry, TrendPoint } from '../../../shared/schema/job.ts';
import type { JobSource } from '../sources.ts';
import type { ResultDatabase } from '../store/result-database.ts';

/** Reads what was found of a job; null where there is no such job, or no result. */
export class JobResults {
  readonly #jobs: JobSource;
  readonly #database: ResultDatabase;

  constructor(jobs: JobSource, database: ResultDatabase) {
    this.#jobs = jobs;
    this.#database = database;
  }

  /** Returns a page of a job's results, the newest first. */
  list(id: string, limit: number, offset: number): { items: HistoryEntry[]; total: number } | null {
    return this.#jobs.get(id) ? this.#database.history.list(id, limit, offset) : null;
  }

  /** Returns the whole last result of a job, as it was found. */
  last(id: string): HistoryEntry | null {
    return this.#jobs.get(id) ? this.#database.history.last(id) : null;
  }

  /** Returns the certificates of a job's last result in DER, the leaf first. */
  lastChain(id: string): Uint8Array[] | null {
    return this.#jobs.get(id) ? this.#database.history.lastChain(id) : null;
  }

  /** Returns a certificate that a job showed, as of `now` in milliseconds since the epoch; null where it never did. */
  certificate(id: string, fingerprint256: string, now: number): Certificate | null {
    return this.#jobs.get(id) ? this.#database.history.certificate(id, fingerprint256, now) : null;
  }

  /** Returns when each job's certificate was last seen to change, in milliseconds since the epoch; those without a change are not in it. */
  changeTimes(): Map<string, number> {
    const leaves = this.#database.history.leafTimesOfChanged();
    return new Map(
      [...leaves].map(([id, times]) => [id, Math.max(...times.map(({ firstSeenAt }) => firstSeenAt))]),
    );
  }

  trend(id: string): TrendPoint[] | null {
    return this.#jobs.get(id) ? this.#database.history.trend(id) : null;
  }
}
