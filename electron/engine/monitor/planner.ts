import type { Job } from '../../../shared/schema/job.ts';
import type { Outlook } from '../../../shared/schema/schedule.ts';
import type { Clock } from '../clock.ts';
import type { JobSource, RuleSource } from '../sources.ts';
import { countFrom, missedTimes, nextDue, type Rhythm, retryDelay } from './cadence.ts';
import { Scheduler } from './scheduler.ts';

/** What is known of a job beside what it says itself. */
export interface Facts {
  /** When it was checked last, in milliseconds since the epoch; null: never. */
  checkedAt: number | null;
  outlook: Outlook;
  /** How often in a row its host could not be reached. */
  failures: number;
}

export interface PlannerOptions {
  clock: Clock;
  jobs: JobSource;
  rules: RuleSource;
  results: { facts(id: string): Facts };
  /** Whether what is due must wait, because everything is paused or there is no network. */
  isHeldBack: (job: Job) => boolean;
  /** Called when a job is to be checked, with the number of due times that were missed before. */
  run: (id: string, missed: number) => void;
  /** Called when a pause has run out; for the pause of everything with `everything` as its id. */
  resume: (id: string) => void;
  /** Called where this machine slept, or its clock went forward. */
  onJump: () => void;
  /** Called once a minute at the least. */
  onTick: () => void;
}

/** Id under which the end of the pause of all jobs is scheduled. */
export const everything = '*';

/** Decides when each job is checked: its schedule, its pause, what was missed, and what must wait. */
export class Planner {
  readonly #options: PlannerOptions;
  readonly #clock: Clock;
  readonly #due: Scheduler;
  readonly #pauseEnds: Scheduler;
  /** What is due and must wait, with the time at which it was due. */
  readonly #held = new Map<string, number>();

  constructor(options: PlannerOptions) {
    this.#options = options;
    this.#clock = options.clock;
    this.#due = new Scheduler(options.clock, {
      onDue: (id, dueAt) => this.#onDue(id, dueAt),
      onJump: options.onJump,
      onTick: options.onTick,
      onSetBack: () => this.#planAnew(),
    });
    this.#pauseEnds = new Scheduler(options.clock, { onDue: (id) => options.resume(id) });
  }

  start(): void {
    this.#pauseEnds.start();
    this.#due.start();
  }

  stop(): void {
    this.#due.stop();
    this.#pauseEnds.stop();
    this.#held.clear();
  }

  /** Looks at the clock again, after sleep. */
  wake(): void {
    this.#pauseEnds.wake();
    this.#due.wake();
  }

  /** When a job is due, in milliseconds since the epoch; undefined while it is paused, waits or is being checked. */
  dueAt(id: string): number | undefined {
    return this.#due.dueAt(id);
  }

  /** The earliest time at which a job is due, in milliseconds since the epoch; undefined where none is. */
  get earliest(): number | undefined {
    return this.#due.earliest;
  }

  /** Sets when a job is due by what is known of it: after its last check; at once where there was none. */
  plan(job: Job, from: number | null = this.#countFrom(job)): void {
    this.#held.delete(job.id);
    this.setPauseEnd(job.id, job.paused ? job.pausedUntil : null);
    const next = () => (from === null ? this.#clock.now() : this.#nextDue(job, from));
    const due = job.paused ? null : next();
    if (due === null) this.#due.delete(job.id);
    else this.#due.set(job.id, due);
  }

  /** At start: as `plan`, but a pattern's times from before the job's last edit do not count. */
  planAtStart(job: Job): void {
    const checked = this.#countFrom(job);
    const edited = Math.min(Date.parse(job.updatedAt), this.#clock.now());
    this.plan(job, job.schedule.type === 'cron' && checked !== null ? Math.max(checked, edited) : checked);
  }

  /** After an edit of the schedule: times that passed before the edit do not count. */
  planAfterEdit(job: Job): void {
    const now = this.#clock.now();
    const from = this.#countFrom(job);
    this.plan(job, job.schedule.type === 'cron' && from !== null ? now : from);
    const due = this.#due.dueAt(job.id);
    if (due !== undefined && due < now) this.#due.set(job.id, now);
  }

  /** A job is checked as soon as may be. */
  planNow(job: Job): void {
    this.plan(job, null);
  }

  /** What could not be run now waits until it can. */
  hold(id: string): void {
    if (this.#held.has(id)) return;
    this.#due.delete(id);
    this.#held.set(id, this.#clock.now());
  }

  /** Runs what waited and need not wait any more. */
  release(): void {
    for (const [id, dueAt] of [...this.#held]) {
      const job = this.#options.jobs.get(id);
      if (job && this.#options.isHeldBack(job)) continue;
      this.#held.delete(id);
      // By way of the schedule, which hands out much in portions.
      if (job && !job.paused) this.#due.set(id, dueAt);
    }
  }

  forget(id: string): void {
    this.#due.delete(id);
    this.#pauseEnds.delete(id);
    this.#held.delete(id);
  }

  /** @param until ISO 8601; null: the pause does not end by itself, or there is none */
  setPauseEnd(id: string, until: string | null): void {
    if (until === null) this.#pauseEnds.delete(id);
    else this.#pauseEnds.set(id, Date.parse(until));
  }

  #onDue(id: string, dueAt: number): void {
    const job = this.#options.jobs.get(id);
    if (!job) return;
    if (this.#options.isHeldBack(job)) this.#held.set(id, dueAt);
    else {
      const { outlook } = this.#options.results.facts(id);
      this.#options.run(id, missedTimes(this.#rhythm(job), dueAt, this.#clock.now(), outlook));
    }
  }

  #nextDue(job: Job, from: number): number | null {
    const { outlook, failures } = this.#options.results.facts(job.id);
    const due = nextDue(this.#rhythm(job), from, outlook);
    const retry = retryDelay(failures);
    return retry === null ? due : Math.min(due ?? Number.POSITIVE_INFINITY, from + retry);
  }

  #rhythm(job: Job): Rhythm {
    return { ...job, thresholds: this.#options.rules.thresholdsOf(job) };
  }

  #countFrom(job: Job): number | null {
    const { checkedAt } = this.#options.results.facts(job.id);
    return checkedAt === null ? null : countFrom(job, checkedAt, this.#clock.now());
  }

  /** After the clock was set back: what was due by the old clock would come too late, and what ran may not run again. */
  #planAnew(): void {
    for (const id of this.#due.ids()) {
      const job = this.#options.jobs.get(id);
      if (job) this.plan(job);
    }
  }
}
