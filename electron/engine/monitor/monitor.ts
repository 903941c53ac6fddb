import { isDeepStrictEqual } from 'node:util';
import { resolveRules } from '../../../shared/schema/alert-rules.ts';
import type { CheckResult } from '../../../shared/schema/check-result.ts';
import type { Checks } from '../../../shared/schema/event.ts';
import type { Job, JobPatch } from '../../../shared/schema/job.ts';
import type { Settings } from '../../../shared/schema/settings.ts';
import { formatTarget, isFileTarget } from '../../../shared/schema/target.ts';
import type { Clock } from '../clock.ts';
import { Signal } from '../events/signal.ts';
import type { Log } from '../log.ts';
import type { JobProbe } from '../probe/job-probe.ts';
import type { JobSource, RuleSource } from '../sources.ts';
import type { ResultDatabase } from '../store/result-database.ts';
import { CheckProgress } from './check-progress.ts';
import { CheckCancelled, CheckQueue, MachineOffline } from './check-queue.ts';
import { Connectivity } from './connectivity.ts';
import { ExpiryWatch } from './expiry-watch.ts';
import { WatchedHosts } from './failure-attribution.ts';
import type { LatestResults } from './latest-results.ts';
import type { Network } from './network.ts';
import { everything, Planner } from './planner.ts';

export interface MonitorOptions {
  clock: Clock;
  log: Log;
  jobs: JobSource;
  rules: RuleSource;
  probe: JobProbe;
  results: LatestResults;
  database: ResultDatabase;
  network: Network;
}

/** What the monitor tells everyone who listens. */
export type MonitorEvent =
  /** The job's check is queued, waits for the network, or was cancelled. */
  | { type: 'job-changed'; job: Job }
  /** A check has found something. Comes before anyone who waits for the check gets its result. */
  | { type: 'checked'; job: Job; result: CheckResult }
  /** A certificate crossed a threshold with nothing checked. @param at milliseconds since the epoch */
  | { type: 'threshold-crossed'; job: Job; result: CheckResult; at: number }
  /** A check's result is on disk: once for each run. */
  | { type: 'finished'; job: Job; result: CheckResult }
  /** The pause of a job, or of everything (null), has run out. */
  | { type: 'pause-ended'; id: string | null }
  /** This machine went offline, or is back. */
  | { type: 'connectivity' }
  /** Checks began to wait or run, or ended. */
  | { type: 'progress' }
  /** Time has passed: once a minute at the least. Periodic work needs no separate timer. */
  | { type: 'tick' };

/** Decides when each job is checked, has it checked, and tells what was found. */
export class Monitor {
  readonly events = new Signal<MonitorEvent>();
  readonly #options: MonitorOptions;
  readonly #connectivity: Connectivity;
  readonly #queue: CheckQueue;
  readonly #progress: CheckProgress;
  readonly #planner: Planner;
  readonly #expiryWatch: ExpiryWatch;

  constructor(options: MonitorOptions) {
    this.#options = options;
    const { clock, jobs, rules, results, network, log } = options;
    this.#connectivity = new Connectivity({
      clock,
      network,
      places: new WatchedHosts(jobs, rules, results),
      onChange: () => this.#onConnectivity(),
    });
    this.#queue = new CheckQueue(
      { ...options, now: () => clock.now(), connectivity: this.#connectivity, log },
      {
        onQueued: (job) => this.events.emit({ type: 'job-changed', job }),
        onChecked: ({ job, result }) => this.events.emit({ type: 'checked', job, result }),
        onFinished: ({ job, result, begunAt }) => this.#finish(job.id, result, begunAt),
        onProgress: () => this.#progress.changed(),
      },
    );
    this.#progress = new CheckProgress(clock, this.#queue, () => this.events.emit({ type: 'progress' }));
    this.#planner = new Planner({
      clock,
      jobs,
      rules,
      results,
      isHeldBack: (due) => this.#isHeldBack(due),
      run: (id, missed) => this.#startCheck(id, missed),
      resume: (id) => this.events.emit({ type: 'pause-ended', id: id === everything ? null : id }),
      onJump: () => this.#connectivity.wake(),
      onTick: () => this.events.emit({ type: 'tick' }),
    });
    this.#expiryWatch = new ExpiryWatch({
      clock,
      jobs,
      rules,
      results,
      onCrossed: (job) => this.#onCrossed(job),
    });
  }

  start(): void {
    const { jobs, rules } = this.#options;
    this.#planner.setPauseEnd(everything, rules.settings.pause?.until ?? null);
    for (const job of jobs.list()) {
      this.#planner.planAtStart(job);
      this.#expiryWatch.plan(job);
    }
    this.#planner.start();
    this.#expiryWatch.start();
  }

  /** Looks at the clock again after sleep, and waits for the network before judging hosts. */
  wake(): void {
    this.#connectivity.wake();
    this.#planner.wake();
    this.#expiryWatch.wake();
  }

  /** Starts no more checks, ends those that run, and waits until they have ended. */
  stop(): Promise<void> {
    this.#planner.stop();
    this.#expiryWatch.stop();
    this.#connectivity.stop();
    return this.#queue.stop().finally(() => this.#progress.stop());
  }

  /** Since when this machine is offline, in milliseconds since the epoch; null: it is not. */
  get offlineSince(): number | null {
    return this.#connectivity.offlineSince;
  }

  /** How many checks run or wait. */
  get queueLength(): number {
    return this.#queue.size;
  }

  /** How many checks run, wait, and have ended since none waited, and which run. */
  get progress(): Checks {
    return { ...this.#queue.progress, runningIds: this.#queue.runningIds };
  }

  isChecking(id: string): boolean {
    return this.#queue.has(id);
  }

  /** When a job is due, in milliseconds since the epoch; undefined while it is paused, waits or is being checked. */
  dueAt(id: string): number | undefined {
    return this.#planner.dueAt(id);
  }

  /** For how long the job that is most overdue should have been checked, in milliseconds; 0: none is. */
  maxOverdueMs(): number {
    return Math.max(0, this.#options.clock.now() - (this.#planner.earliest ?? Number.POSITIVE_INFINITY));
  }

  /**
   * Checks a job now, or joins the check that runs; null where there is no such job.
   * @throws CheckCancelled, MachineOffline
   */
  async checkNow(id: string): Promise<CheckResult | null> {
    const job = this.#options.jobs.get(id);
    return job ? this.#run(job, 0, true) : null;
  }

  /** Checks some jobs, or every job that is not paused. @returns how many */
  checkAll(ids?: readonly string[]): number {
    const { jobs } = this.#options;
    const chosen = ids
      ? ids.flatMap((id) => jobs.get(id) ?? [])
      : [...jobs.list()].filter(({ paused }) => !paused);
    for (const { id } of chosen) this.#startCheck(id, 0);
    return chosen.length;
  }

  /** Ends the checks that run or wait; each job is checked again at its next time. @returns how many there were */
  cancelAll(): number {
    const jobs = [...this.#options.jobs.list()].filter(({ id }) => this.#queue.has(id));
    for (const job of jobs) {
      this.#queue.cancel(job.id);
      this.#planner.plan(job, this.#options.clock.now());
      this.events.emit({ type: 'job-changed', job });
    }
    return jobs.length;
  }

  /** Checks a job that was added. */
  jobAdded(job: Job): void {
    this.#planner.planNow(job);
  }

  /** Checks a job at once where an edit makes it look elsewhere or judge otherwise; else follows its schedule. */
  jobEdited(before: Job, job: Job, patch: JobPatch): void {
    const { rules } = this.#options;
    const looksElsewhere =
      [patch.target, patch.caFiles, patch.connection].some((field) => field !== undefined) ||
      !isDeepStrictEqual(rules.thresholdsOf(before), rules.thresholdsOf(job)) ||
      !isDeepStrictEqual(rules.notifyAtOf(before), rules.notifyAtOf(job));
    const isPaused = job.paused && !before.paused;
    if (looksElsewhere || isPaused) this.#queue.cancel(job.id);
    if (looksElsewhere) this.#planner.planNow(job);
    else if (!this.#queue.has(job.id)) {
      // What runs sets the next due time when it ends.
      if (patch.schedule !== undefined) this.#planner.planAfterEdit(job);
      else if (patch.paused !== undefined || patch.pausedUntil !== undefined) this.#planner.plan(job);
    }
    this.#expiryWatch.plan(job);
  }

  jobRemoved(id: string): void {
    this.#queue.cancel(id);
    this.#options.results.forget(id);
    this.#planner.forget(id);
    this.#expiryWatch.forget(id);
  }

  /** Checks jobs whose thresholds or notification points changed with the settings, and starts or ends the pause of everything. */
  settingsEdited(before: Settings, after: Settings): void {
    const mayDiffer = !isDeepStrictEqual(
      [before.thresholds, before.alerts.notifyAt, before.tagRules],
      [after.thresholds, after.alerts.notifyAt, after.tagRules],
    );
    for (const job of mayDiffer ? this.#options.jobs.list() : [])
      if (!isDeepStrictEqual(expiryRules(job, before), expiryRules(job, after))) this.#planner.planNow(job);
    if (isDeepStrictEqual(before.pause, after.pause)) return;
    this.#planner.setPauseEnd(everything, after.pause?.until ?? null);
    this.#planner.release();
  }

  #isHeldBack({ target }: Job): boolean {
    if (this.#options.rules.settings.pause !== null) return true;
    return !isFileTarget(target) && !this.#connectivity.allows(target.host);
  }

  #startCheck(id: string, missed: number): void {
    const { jobs, log, clock } = this.#options;
    const job = jobs.get(id);
    if (!job) return;
    this.#run(job, missed).catch((error: unknown) => {
      if (error instanceof CheckCancelled || error instanceof MachineOffline) return;
      log.error(`the check of ${formatTarget(job.target)} (job ${id}) failed by a fault in NotAfter`, error);
      this.#planner.plan(job, clock.now());
    });
  }

  async #run(job: Job, missed: number, isAsked = false): Promise<CheckResult> {
    try {
      return await this.#queue.run(job, missed, isAsked);
    } catch (error) {
      if (error instanceof MachineOffline) this.#hold(job.id);
      throw error;
    }
  }

  /** A check that this machine's network did not allow waits until it does. */
  #hold(id: string): void {
    const job = this.#options.jobs.get(id);
    if (!job || this.#queue.has(id)) return;
    if (job.paused) this.#planner.plan(job);
    else this.#planner.hold(id);
    if (!this.#isHeldBack(job)) this.#planner.release();
    this.events.emit({ type: 'job-changed', job });
  }

  #finish(id: string, result: CheckResult, begunAt: number): void {
    const job = this.#options.jobs.get(id);
    if (!job) return;
    // A job that is queued again gets its next due time when that check ends.
    if (!this.#queue.has(id)) this.#planner.plan(job, begunAt);
    this.#expiryWatch.plan(job);
    this.events.emit({ type: 'finished', job, result });
  }

  /** A check that is under way reports a crossing itself. */
  #onCrossed(job: Job): void {
    const { results, clock, log } = this.#options;
    if (this.#queue.has(job.id)) return;
    const result = results.reassess(job);
    if (!result) return;
    log.info(`${formatTarget(job.target)} is ${result.status} by now`);
    this.events.emit({ type: 'threshold-crossed', job, result, at: clock.now() });
  }

  #onConnectivity(): void {
    const { log } = this.#options;
    if (this.#connectivity.offlineSince !== null)
      log.warn('this machine is offline: nothing that is watched can be reached. Checks wait.');
    else {
      log.info('the network is back');
      this.#planner.release();
    }
    this.events.emit({ type: 'connectivity' });
  }
}

/** Returns the rules by which people are warned before expiry. */
function expiryRules(job: Job, settings: Settings) {
  const { thresholds, alerts } = resolveRules(job, settings);
  return { thresholds, notifyAt: alerts.notifyAt };
}
