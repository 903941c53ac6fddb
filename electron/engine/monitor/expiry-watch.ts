import { nextCrossing, nextPointAt } from '../../../shared/domain/expiry.ts';
import { sooner } from '../../../shared/domain/sooner.ts';
import type { Job, LastCheck } from '../../../shared/schema/job.ts';
import type { Clock } from '../clock.ts';
import type { JobSource, RuleSource } from '../sources.ts';
import type { LatestResults } from './latest-results.ts';
import { Scheduler } from './scheduler.ts';

export interface ExpiryWatchOptions {
  clock: Clock;
  jobs: JobSource;
  rules: RuleSource;
  results: LatestResults;
  /** Called when a certificate crosses a threshold or a notification point between two checks, unless the job is paused. */
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
  /** Until when the crossings of a job were passed on, in milliseconds since the epoch. */
  readonly #passedOn = new Map<string, number>();

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
    this.#passedOn.delete(id);
    this.#crossings.delete(id);
  }

  #set(job: Job, now: number, earliest = now): void {
    const { results, rules } = this.#options;
    const last = results.get(job.id);
    const crossing = last && nextCrossing(last, rules.thresholdsOf(job), now);
    const at = sooner(crossing, last && this.#nextPoint(job, last));
    if (at === null) this.#crossings.delete(job.id);
    else this.#crossings.set(job.id, Math.max(at, earliest));
  }

  /** A point that passed while NotAfter was off is due at once: no status tells that it did. */
  #nextPoint(job: Job, { checkedAt, validFrom, validTo }: LastCheck): number | null {
    if (validFrom === null || validTo === null) return null;
    const since = Math.max(Date.parse(checkedAt), this.#passedOn.get(job.id) ?? 0);
    const times = { validFrom: Date.parse(validFrom), validTo: Date.parse(validTo) };
    return nextPointAt(times, this.#options.rules.notifyAtOf(job), since);
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
    this.#passedOn.set(id, now);
    // Never twice in a moment, whatever was made of it.
    this.#set(job, now, now + 60_000);
  }
}
