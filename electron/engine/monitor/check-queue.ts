import { isCounted } from '../../../shared/domain/severity.ts';
import type { CheckResult } from '../../../shared/schema/check-result.ts';
import type { Job } from '../../../shared/schema/job.ts';
import { formatTarget, isFileTarget } from '../../../shared/schema/target.ts';
import type { Log } from '../log.ts';
import type { JobProbe } from '../probe/job-probe.ts';
import type { JobSource, RuleSource } from '../sources.ts';
import type { ResultDatabase } from '../store/result-database.ts';
import type { Connectivity } from './connectivity.ts';
import { attribute } from './failure-attribution.ts';
import { Queue, type QueueProgress } from './fair-queue.ts';
import type { LatestResults } from './latest-results.ts';

/** Why a job's check did not end: the job was deleted or edited, or the program ends. */
export class CheckCancelled extends Error {
  override name = 'CheckCancelled';
}

/** Nothing at all can be reached: the check says nothing about the host, and is not kept. */
export class MachineOffline extends Error {
  override name = 'MachineOffline';
  constructor() {
    super('This machine is offline: nothing that is watched can be reached. It is checked once it is back.');
  }
}

/** A check that ended with a result. */
export interface Run {
  job: Job;
  result: CheckResult;
  /** Milliseconds since the epoch. */
  begunAt: number;
}

export interface CheckQueueListener {
  onQueued(job: Job): void;
  /** Called with what was found, before anyone who waits for it. */
  onChecked(run: Run): void;
  /** Called once for each run, when its result is on disk; the job may be queued again by then. */
  onFinished(run: Run): void;
  /** Called whenever a check begins to wait or run, or ends. */
  onProgress(): void;
}

export interface CheckQueueOptions {
  probe: JobProbe;
  connectivity: Connectivity;
  results: LatestResults;
  database: ResultDatabase;
  jobs: JobSource;
  rules: RuleSource;
  now: () => number;
  log: Log;
}

/** Runs the checks of jobs under limits, joins those that are asked for twice, and keeps what they find. */
export class CheckQueue {
  readonly #options: CheckQueueOptions;
  readonly #listener: CheckQueueListener;
  readonly #queue: Queue<Run>;
  /** How many due times were missed before the check that waits or runs. */
  readonly #missed = new Map<string, number>();
  /** Checks that a person waits for. */
  readonly #asked = new Set<string>();

  constructor(options: CheckQueueOptions, listener: CheckQueueListener) {
    this.#options = options;
    this.#listener = listener;
    const { rules } = options;
    const limits = {
      total: () => rules.settings.checksAtOnce,
      perGroup: () => rules.settings.checksPerHost,
    };
    this.#queue = new Queue(
      limits,
      (id, signal) => this.#check(id, signal),
      () => listener.onProgress(),
    );
  }

  /** Whether a check of the job runs or waits. */
  has(id: string): boolean {
    return this.#queue.has(id);
  }

  get size(): number {
    return this.#queue.size;
  }

  get progress(): QueueProgress {
    return this.#queue.progress;
  }

  get runningIds(): string[] {
    return this.#queue.runningIds;
  }

  /**
   * Checks a job as soon as the limits allow, or joins the check of it that runs.
   * @param isAsked whether a person waits for it: it is tried while this machine is offline, too
   * @throws CheckCancelled, MachineOffline
   */
  async run(job: Job, missed = 0, isAsked = false): Promise<CheckResult> {
    const isNew = !this.#queue.has(job.id);
    if (isAsked) this.#asked.add(job.id);
    if (isNew && missed > 0) this.#missed.set(job.id, missed);
    const checked = this.#queue.add(job.id, isFileTarget(job.target) ? '' : job.target.host);
    if (isNew) {
      this.#listener.onQueued(job);
      // Registered before the caller waits: each run reports its end once, before it is answered.
      void checked.then(
        (run) => this.#finish(run),
        () => undefined, // The caller below gets the reason.
      );
    }
    try {
      const { result } = await checked;
      await this.#options.database.history.written();
      return result;
    } catch (error) {
      if (error instanceof DOMException && error.name === 'AbortError') {
        throw new CheckCancelled('The check was ended: the job was changed or deleted, or NotAfter stops.', {
          cause: error,
        });
      }
      throw error;
    }
  }

  /** Ends the check of a job, if one runs or waits. */
  cancel(id: string): void {
    this.#queue.cancel(id);
    this.#missed.delete(id);
    this.#asked.delete(id);
  }

  /** Ends what runs and waits until it has ended. */
  stop(): Promise<void> {
    return this.#queue.stop();
  }

  async #finish(run: Run): Promise<void> {
    const { database, log } = this.#options;
    try {
      await database.history.written();
      this.#listener.onFinished(run);
    } catch (error) {
      log.error(`reporting the check of job ${run.job.id} failed by a fault in NotAfter`, error);
    }
  }

  async #check(id: string, signal: AbortSignal): Promise<Run> {
    const { now, probe, connectivity, results, jobs, log } = this.#options;
    const job = jobs.get(id);
    signal.throwIfAborted();
    if (!job) throw new CheckCancelled('The job is gone.');
    const isAsked = this.#asked.delete(id);
    // It went offline while this waited: to look all of them up would find out nothing.
    if (!isAsked && !isFileTarget(job.target) && !connectivity.allows(job.target.host))
      throw new MachineOffline();
    const begunAt = now();
    const checked = await probe.check(job, signal);
    signal.throwIfAborted();
    const { result } = checked;
    if ((await attribute(job.target, result, connectivity)) === 'network') throw new MachineOffline();
    signal.throwIfAborted();
    const missed = this.#missed.get(id) ?? 0;
    this.#missed.delete(id);
    results.record(job, checked, missed);
    log.info(`checked ${formatTarget(job.target)}: ${describe(result)}${missedWords(missed)}`);
    const run = { job, result, begunAt };
    this.#listener.onChecked(run);
    return run;
  }
}

function describe(result: CheckResult): string {
  const problems = result.problems
    .filter(isCounted)
    .map(({ code }) => code)
    .join(', ');
  const days = result.certificate
    ? `${result.certificate.daysRemaining} days left`
    : result.unreachable?.message;
  return `${result.status}${problems ? ` (${problems})` : ''}, ${days ?? 'no certificate'}, ${result.timings.total} ms`;
}

function missedWords(missed: number): string {
  return missed === 0 ? '' : `, after ${missed === 1 ? 'a missed time' : `${missed} missed times`}`;
}
