import { nextCrossing } from '../../../shared/domain/expiry.ts';
import type { Job } from '../../../shared/schema/job.ts';
import type { Clock } from '../clock.ts';
import type { JobSource, RuleSource } from '../sources.ts';
import type { LatestResults } from './latest-results.ts';
import { Scheduler } from './scheduler.ts';

export interface ExpiryWatchOptions {
  clock: Clock;
  jobs: JobSource;
  rules: RuleSource;
  results: LatestResults;
  /** Called when a certificate crosses a threshold between two checks, unless the job is paused. */
  onCrossed: (job: Job) => void;
}

/** How often a paused job is evaluated again, in milliseconds. */
const pausedMs = 3_600_000;

/**
 * Knows when a certificate crosses a threshold, or ends, between two checks: a schedule of once a month must not warn a month late.
 * Nothing is connected to for it; the host may be out of reach but for the times of its schedule.
 */
export class ExpiryWatch {
  readonly #options: ExpiryWatchOptions;
  readonly #crossings: Scheduler;

  constructor(options: ExpiryWatchOptions) {
    this.#options = options;
    this.#crossings = new Scheduler(options.clock, { onDue: (id) => this.#onDue(id) });
  }

  start(): void {
    this.#crossings.start();
  }

  stop(): void {
    this.#crossings.stop();
  }

  /** Looks at the clock again, after sleep. */
  wake(): void {
    this.#crossings.wake();
  }

  /** To be called when a job was checked or changed. */
  plan(job: Job): void {
    this.#set(job, this.#options.clock.now());
  }

  forget(id: string): void {
    this.#crossings.delete(id);
  }

  #set(job: Job, now: number, earliest = now): void {
    const { results, rules } = this.#options;
    const last = results.get(job.id);
    const at = last && nextCrossing(last, rules.thresholdsOf(job), now);
    if (at === null) this.#crossings.delete(job.id);
    else this.#crossings.set(job.id, Math.max(at, earliest));
  }

  #onDue(id: string): void {
    const { clock, jobs, rules, onCrossed } = this.#options;
    const job = jobs.get(id);
    if (!job) return;
    const now = clock.now();
    if (job.paused || rules.settings.pause !== null) {
      this.#crossings.set(id, now + pausedMs);
      return;
    }
    onCrossed(job);
    // Never twice in a moment, whatever was made of it.
    this.#set(job, now, now + 60_000);
  }
}
