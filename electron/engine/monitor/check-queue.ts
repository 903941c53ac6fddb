import { expectedRenewal, renewalOverdue } from '../../../shared/domain/renewals.ts';
import type { CheckResult } from '../../../shared/schema/check-result.ts';
import type { Job, LastCheck } from '../../../shared/schema/job.ts';
import type { Settings } from '../../../shared/schema/settings.ts';
import { formatTarget, isFileTarget } from '../../../shared/schema/target.ts';
import type { Thresholds } from '../../../shared/schema/thresholds.ts';
import type { Log } from '../log.ts';
import type { JobProbe } from '../probe/job-probe.ts';
import type { Checked } from '../probe/prober.ts';
import type { LeafTimes } from '../store/history-reader.ts';
import type { ResultDatabase } from '../store/result-database.ts';
import { type RenewalTimes, summarise } from '../store/summary.ts';
import { reevaluate } from '../verify/reevaluate.ts';
import { maxRetries } from './cadence.ts';
import type { Connectivity } from './connectivity.ts';
import { Queue } from './fair-queue.ts';
import type { Facts } from './planner.ts';

/** Why a job's check did not end: it was deleted or edited, or the program ends. */
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

export interface CheckQueueOptions {
  checker: JobProbe;
  archive: ResultDatabase;
  connectivity: Connectivity;
  settings: () => Settings;
  job: (id: string) => Job | undefined;
  /** The thresholds that hold for a job: its own, or what stands further out. */
  thresholds: (job: Job) => Thresholds;
  now: () => number;
  log: Log;
  /** Called when a check was queued. */
  onQueued: (job: Job) => void;
  /** Called with what was found, before anybody who waits for it hears of it. */
  onResult: (job: Job, result: CheckResult) => void;
  /** Called once for each check that ended with a result, when that is on disk; the job may be queued again by then. @param begunAt milliseconds since the epoch */
  onFinished: (id: string, begunAt: number) => void;
}

interface Run {
  result: CheckResult;
  /** Milliseconds since the epoch. */
  begunAt: number;
}

/** Runs the checks of jobs under limits, keeps what they find, and knows how each job stood last. */
export class CheckQueue {
  readonly #options: CheckQueueOptions;
  readonly #queue: Queue<Run>;
  readonly #lastChecks: Map<string, LastCheck>;
  /** How often in a row each job's host was unreachable; only those that are. */
  readonly #failures = new Map<string, number>();
  /** How many due times were missed before the check that waits or runs. */
  readonly #missed = new Map<string, number>();

  constructor(options: CheckQueueOptions) {
    this.#options = options;
    const { archive, settings } = options;
    const limits = { total: () => settings().checksAtOnce, perGroup: () => settings().checksPerHost };
    this.#queue = new Queue(limits, (id, signal) => this.#check(id, signal));
    const leafTimes = archive.history.leafTimesOfChanged();
    this.#lastChecks = new Map(
      [...archive.history.lastOfAll()].map(([id, last]) => [
        id,
        { ...last, ...this.#renewalTimes(options.job(id), leafTimes.get(id) ?? []) },
      ]),
    );
    for (const [id, { status }] of this.#lastChecks) {
      if (status === 'unreachable')
        this.#failures.set(id, archive.history.unreachableStreak(id, maxRetries + 1));
    }
  }

  /** Whether a check of the job runs or waits. */
  has(id: string): boolean {
    return this.#queue.has(id);
  }

  get size(): number {
    return this.#queue.size;
  }

  lastCheck(id: string): LastCheck | null {
    return this.#lastChecks.get(id) ?? null;
  }

  /** Judges what was found last as of now, with nothing checked; null where nothing was. */
  reevaluate(job: Job): CheckResult | null {
    const before = this.#lastChecks.get(job.id);
    const last = this.#options.archive.history.last(job.id);
    if (!before || !last) return null;
    const result = reevaluate(last, this.#options.thresholds(job), this.#options.now());
    const { missed, expectedRenewalAt, renewalOverdueAt } = before;
    this.#lastChecks.set(job.id, summarise(result, before, { missed, expectedRenewalAt, renewalOverdueAt }));
    return result;
  }

  facts(id: string): Facts {
    const last = this.#lastChecks.get(id);
    const time = (iso: string | null | undefined) => (iso ? Date.parse(iso) : null);
    return {
      checkedAt: time(last?.checkedAt),
      outlook: {
        validFrom: time(last?.validFrom),
        validTo: time(last?.validTo),
        renewalAt: time(last?.expectedRenewalAt),
      },
      failures: this.#failures.get(id) ?? 0,
    };
  }

  /**
   * Checks a job as soon as the limits allow, or joins the check of it that runs.
   * @throws CheckCancelled, MachineOffline
   */
  async run(job: Job, missed = 0): Promise<CheckResult> {
    const isNew = !this.#queue.has(job.id);
    if (isNew && missed > 0) this.#missed.set(job.id, missed);
    const checked = this.#queue.add(job.id, isFileTarget(job.target) ? '' : job.target.host);
    if (isNew) {
      this.#options.onQueued(job);
      // Registered before the caller waits: each run reports its end once, before it is answered.
      void checked.then(
        ({ begunAt }) => this.#finish(job.id, begunAt),
        () => undefined, // The caller below gets the reason.
      );
    }
    try {
      const { result } = await checked;
      await this.#options.archive.history.written();
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

  cancel(id: string): void {
    this.#queue.cancel(id);
    this.#missed.delete(id);
  }

  forget(id: string): void {
    this.cancel(id);
    this.#lastChecks.delete(id);
    this.#failures.delete(id);
  }

  /** Ends what runs and waits until it has ended. */
  stop(): Promise<void> {
    return this.#queue.stop();
  }

  /** Reports the end of a run, once its result is on disk. */
  async #finish(id: string, begunAt: number): Promise<void> {
    const { archive, onFinished, log } = this.#options;
    try {
      await archive.history.written();
      onFinished(id, begunAt);
    } catch (error) {
      log.error(`reporting the check of job ${id} failed by a fault in NotAfter`, error);
    }
  }

  async #check(id: string, signal: AbortSignal): Promise<Run> {
    const { now, checker, onResult } = this.#options;
    const job = this.#options.job(id);
    signal.throwIfAborted();
    if (!job) throw new CheckCancelled('The job is gone.');
    const begunAt = now();
    const checked = await checker.check(job, signal);
    signal.throwIfAborted();
    await this.#judgeNetwork(job, checked.result);
    signal.throwIfAborted();
    this.#keep(job, checked);
    onResult(job, checked.result);
    return { result: checked.result, begunAt };
  }

  /** @throws MachineOffline where a host that did not answer is not to blame */
  async #judgeNetwork({ target }: Job, result: CheckResult): Promise<void> {
    const { connectivity } = this.#options;
    if (isFileTarget(target)) return;
    // Only a connection takes time: something answered. An address is known before, where every one is tried.
    if (result.timings.tcp !== null) connectivity.noteAnswer(target.host);
    else if (result.status === 'unreachable' && !(await connectivity.blames(target)))
      throw new MachineOffline();
  }

  #renewalTimes(job: Job | undefined, leaves: readonly LeafTimes[]): RenewalTimes {
    const iso = (time: number | null) => (time === null ? null : new Date(time).toISOString());
    return {
      expectedRenewalAt: iso(expectedRenewal(leaves)),
      renewalOverdueAt: iso(job ? renewalOverdue(leaves, this.#options.thresholds(job)) : null),
    };
  }

  #keep(job: Job, checked: Checked): void {
    const { id, target } = job;
    const { archive, log } = this.#options;
    const { result } = checked;
    const missed = this.#missed.get(id) ?? 0;
    this.#missed.delete(id);
    const before = this.#lastChecks.get(id) ?? null;
    archive.tryWrite(() => archive.history.add(id, checked, missed));
    // Most have never been renewed, and then only a certificate of another lifetime changes what is expected.
    const isSameLeaf = result.certificate === null || result.certificate.validTo === before?.validTo;
    const isUnrenewed = before !== null && isSameLeaf && before.expectedRenewalAt === null;
    const renewal = isUnrenewed ? before : this.#renewalTimes(job, archive.history.leafTimes(id));
    const { expectedRenewalAt, renewalOverdueAt } = renewal;
    if (result.status === 'unreachable') this.#failures.set(id, (this.#failures.get(id) ?? 0) + 1);
    else this.#failures.delete(id);
    this.#lastChecks.set(id, summarise(result, before, { missed, expectedRenewalAt, renewalOverdueAt }));
    log.info(`checked ${formatTarget(target)}: ${describe(result)}${missedWords(missed)}`);
  }
}

function describe(result: CheckResult): string {
  const problems = result.problems.map(({ code }) => code).join(', ');
  const days = result.certificate
    ? `${result.certificate.daysRemaining} days left`
    : result.unreachable?.message;
  return `${result.status}${problems ? ` (${problems})` : ''}, ${days ?? 'no certificate'}, ${result.timings.total} ms`;
}

function missedWords(missed: number): string {
  return missed === 0 ? '' : `, after ${missed === 1 ? 'a missed time' : `${missed} missed times`}`;
}
