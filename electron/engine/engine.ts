import { EventEmitter } from 'node:events';
import type { DatabaseSync } from 'node:sqlite';
import type { Alert } from '../../shared/alert.ts';
import type { CheckResult } from '../../shared/check-result.ts';
import type { Connection } from '../../shared/connection.ts';
import type { EngineEvent } from '../../shared/event.ts';
import type { Job, JobDetail, JobPatch, JobView, LastCheck, NewJob } from '../../shared/job.ts';
import type { Settings, SettingsPatch } from '../../shared/settings.ts';
import { formatTarget, isFileTarget } from '../../shared/target.ts';
import { AlertLog, type AlertQuery } from './alerts/alert-log.ts';
import { dueAlert, unreachableRun } from './alerts/policy.ts';
import { Checker } from './check/check.ts';
import type { Clock } from './clock.ts';
import { type ImportItem, importJobs } from './importer.ts';
import { JobChecker, type OnceRequest } from './job-checker.ts';
import { type JobQuery, queryJobs } from './job-list.ts';
import type { Log } from './log.ts';
import { nextDue, retryDelay } from './schedule/cadence.ts';
import { Queue } from './schedule/queue.ts';
import { Scheduler } from './schedule/scheduler.ts';
import { Backups } from './store/backups.ts';
import { type ConfigFile, readConfig } from './store/config-file.ts';
import type { DataFolder } from './store/data-folder.ts';
import { openDatabase } from './store/database.ts';
import { History, summarise } from './store/history.ts';
import { JobStore } from './store/job-store.ts';

export interface EngineOptions {
  folder: DataFolder;
  /** Opens the file of jobs and settings: electron-store on the desktop, conf headless. */
  openConfig: (folder: string) => ConfigFile;
  clock: Clock;
  log: Log;
  version: string;
  /** CA files from the command line, trusted for as long as this engine runs. */
  caFiles?: readonly string[];
  checker?: Checker;
}

const dayMs = 24 * 60 * 60 * 1000;

/** Why a job's check did not end: it was deleted or edited, or the program ends. */
export class CheckCancelled extends Error {
  override name = 'CheckCancelled';
}

/**
 * The engine's public face: owns the parts, and moves each job from due, through its check, to history, alerts
 * and events. It goes one way; whoever listens to events cannot hold it up.
 */
export class Engine {
  readonly version: string;
  /** The sentence for the person where something was wrong with the files at start. */
  readonly warning: string | null;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #checker: JobChecker;
  readonly #folder: DataFolder;
  readonly #database: DatabaseSync;
  readonly #store: JobStore;
  readonly #history: History;
  readonly #alerts: AlertLog;
  readonly #scheduler: Scheduler;
  readonly #queue: Queue<CheckResult>;
  readonly #lastChecks: Map<string, LastCheck>;
  /** How often in a row each job's host was unreachable, since this start. */
  readonly #failures = new Map<string, number>();
  readonly #events = new EventEmitter<{ event: [EngineEvent] }>();
  #cancelPruning: (() => void) | null = null;

  /** @throws DataFolderError where the files cannot be used */
  constructor(options: EngineOptions) {
    this.version = options.version;
    this.#clock = options.clock;
    this.#log = options.log;
    const checker = options.checker ?? new Checker({ now: options.clock.now });
    this.#checker = new JobChecker(checker, options.caFiles ?? [], () => this.settings, options.log);
    this.#folder = options.folder;
    const now = () => options.clock.now();
    const { folder } = options;
    const openConfig = () => options.openConfig(folder.path);
    const backups = new Backups(folder.file('backups'));
    const { file, config, warning } = readConfig(openConfig, folder.file('config.json'), backups, now());
    const opened = openDatabase(folder.file('history.sqlite'), now());
    this.warning = [warning, opened.warning].filter((sentence) => sentence !== null).join(' ') || null;
    if (this.warning) options.log.warn(this.warning);
    this.#store = new JobStore(file, config, now);
    this.#database = opened.database;
    this.#history = new History(this.#database);
    this.#alerts = new AlertLog(this.#database);
    this.#lastChecks = this.#history.lastOfAll();
    const limits = { total: () => this.settings.checksAtOnce, perGroup: () => this.settings.checksPerHost };
    this.#queue = new Queue(limits, (id, signal) => this.#checkJob(id, signal));
    this.#scheduler = new Scheduler(options.clock, (id) => this.#startCheck(id));
    this.#events.setMaxListeners(0); // One for each open window and each script that listens.
  }

  start(): void {
    for (const job of this.#store.list()) this.#schedule(job, this.#lastCheckedAt(job.id));
    this.#scheduler.start();
    this.#pruneDaily();
    this.#log.info(`NotAfter ${this.version} watches ${this.#store.size} jobs in ${this.#folder.path}`);
  }

  /** Ends checks, writes what is to be written, and lets go of the data folder. */
  async stop(): Promise<void> {
    this.#scheduler.stop();
    this.#cancelPruning?.();
    await this.#queue.stop();
    await this.#store.flush();
    this.#database.close();
    this.#folder[Symbol.dispose]();
    this.#log.info('NotAfter has stopped');
  }

  /** Hears of everything that happens. @returns what ends it */
  subscribe(listener: (event: EngineEvent) => void): () => void {
    this.#events.on('event', listener);
    return () => this.#events.off('event', listener);
  }

  /** Looks at the clock again, after sleep. */
  wake(): void {
    this.#scheduler.wake();
  }

  get settings(): Settings {
    return this.#store.settings;
  }

  async editSettings(patch: SettingsPatch): Promise<Settings> {
    const settings = await this.#store.editSettings(patch);
    this.#emit({ type: 'settings-changed', settings });
    return settings;
  }

  get jobCount(): number {
    return this.#store.size;
  }

  get checkingCount(): number {
    return this.#queue.size;
  }

  /** Every job with where it stands, in no order. */
  *views(): Generator<JobView> {
    for (const job of this.#store.list()) yield this.#view(job);
  }

  list(query: JobQuery): { items: JobView[]; total: number } {
    return queryJobs(this.views(), query);
  }

  jobs(): Iterable<Job> {
    return this.#store.list();
  }

  detail(id: string): JobDetail | null {
    const job = this.#store.get(id);
    return job ? { ...this.#view(job), lastResult: this.#history.last(id) } : null;
  }

  /** Adds a job, which is checked at once. */
  async add(input: NewJob): Promise<JobView> {
    const job = await this.#store.add(input);
    this.#log.info(`added ${formatTarget(job.target)}`);
    this.#schedule(job, null);
    return this.#announce(job);
  }

  /** The job after the edit, or null where there is none. A changed target is checked at once. */
  async edit(id: string, patch: JobPatch): Promise<JobView | null> {
    const before = this.#store.get(id);
    const job = await this.#store.edit(id, patch);
    if (!before || !job) return null;
    this.#log.info(`changed ${formatTarget(job.target)}`);
    const looksElsewhere = [patch.target, patch.caFiles, patch.connection, patch.thresholds].some(
      (field) => field !== undefined,
    );
    if (looksElsewhere || patch.paused === true) this.#queue.cancel(id);
    if (looksElsewhere) this.#schedule(job, null);
    else if (patch.schedule !== undefined || patch.paused !== undefined) this.#reschedule(job, before);
    return this.#announce(job);
  }

  async remove(id: string): Promise<boolean> {
    const job = this.#store.get(id);
    if (!job || !(await this.#store.remove(id))) return false;
    this.#queue.cancel(id);
    this.#scheduler.delete(id);
    this.#history.removeJob(id);
    this.#alerts.removeJob(id);
    this.#lastChecks.delete(id);
    this.#failures.delete(id);
    this.#log.info(`deleted ${formatTarget(job.target)}`);
    this.#emit({ type: 'job-removed', id });
    return true;
  }

  import(items: readonly ImportItem[]): ReturnType<typeof importJobs> {
    return importJobs(items, this.#store.list(), (job) => this.add(job));
  }

  /** Checks a job now, or joins the check that runs; null where there is no such job. @throws CheckCancelled */
  async checkNow(id: string): Promise<CheckResult | null> {
    const job = this.#store.get(id);
    return job ? this.#enqueue(job) : null;
  }

  /** Checks every job that is not paused; tells how many. */
  checkAll(): number {
    const jobs = [...this.#store.list()].filter(({ paused }) => !paused);
    for (const { id } of jobs) this.#startCheck(id);
    return jobs.length;
  }

  /** Checks a target that need not be a job, and keeps nothing. @throws InputFileError */
  checkOnce(request: OnceRequest): Promise<CheckResult> {
    return this.#checker.once(request);
  }

  /** Makes sure that the files which a job names can be read and are what they should be. @throws InputFileError */
  testFiles(caFiles?: readonly string[], connection?: Connection): void {
    this.#checker.testFiles(caFiles, connection);
  }

  history(id: string, limit: number, offset: number): { items: CheckResult[]; total: number } | null {
    return this.#store.get(id) ? this.#history.list(id, limit, offset) : null;
  }

  alerts(query: AlertQuery): { items: Alert[]; total: number } {
    return this.#alerts.list(query);
  }

  #view(job: Job): JobView {
    const lastCheck = this.#lastChecks.get(job.id) ?? null;
    const dueAt = this.#scheduler.dueAt(job.id);
    return {
      ...job,
      status: lastCheck?.status ?? 'pending',
      checking: this.#queue.has(job.id),
      nextDueAt: dueAt === undefined ? null : new Date(dueAt).toISOString(),
      lastCheck,
    };
  }

  #emit(event: EngineEvent): void {
    this.#events.emit('event', event);
  }

  #announce(job: Job): JobView {
    const view = this.#view(job);
    this.#emit({ type: 'job-changed', job: view });
    return view;
  }

  #lastCheckedAt(id: string): number | null {
    const at = this.#lastChecks.get(id)?.checkedAt;
    return at === undefined ? null : Date.parse(at);
  }

  /** Sets when a job is due after a time; null: now. A due time that has passed is due now. */
  #schedule(job: Job, after: number | null): void {
    const due = job.paused ? null : after === null ? this.#clock.now() : this.#nextDue(job, after);
    if (due === null) this.#scheduler.delete(job.id);
    else this.#scheduler.set(job.id, due);
  }

  #nextDue(job: Job, after: number): number | null {
    const last = this.#lastChecks.get(job.id);
    const time = (iso: string | null | undefined) => (iso ? Date.parse(iso) : null);
    const outlook = { validFrom: time(last?.validFrom), validTo: time(last?.validTo) };
    const due = nextDue(job.schedule, after, outlook, job.thresholds, job.id);
    const retry = retryDelay(this.#failures.get(job.id) ?? 0);
    return retry === null ? due : Math.min(due ?? Number.POSITIVE_INFINITY, after + retry);
  }

  /** After an edit: an interval counts on from the last check, a pattern's times that have passed do not count. */
  #reschedule(job: Job, before: Job): void {
    if (this.#queue.has(job.id)) return; // What runs sets the next due time when it ends.
    const wasEdited = before.schedule !== job.schedule;
    const from = job.schedule.type === 'cron' && wasEdited ? this.#clock.now() : this.#lastCheckedAt(job.id);
    this.#schedule(job, from);
  }

  #startCheck(id: string): void {
    const job = this.#store.get(id);
    if (!job) return;
    this.#enqueue(job).catch((error: unknown) => {
      if (error instanceof CheckCancelled) return;
      this.#log.error(
        `the check of ${formatTarget(job.target)} (job ${id}) failed by a fault in NotAfter`,
        error,
      );
      this.#schedule(job, this.#clock.now());
    });
  }

  async #enqueue(job: Job): Promise<CheckResult> {
    const isNew = !this.#queue.has(job.id);
    const checked = this.#queue.add(job.id, isFileTarget(job.target) ? '' : job.target.host);
    if (isNew) this.#announce(job);
    try {
      return await checked;
    } catch (error) {
      if (error instanceof DOMException && error.name === 'AbortError') {
        throw new CheckCancelled('The check was ended: the job was changed or deleted, or NotAfter stops.');
      }
      throw error;
    }
  }

  async #checkJob(id: string, signal: AbortSignal): Promise<CheckResult> {
    const job = this.#store.get(id);
    signal.throwIfAborted();
    if (!job) throw new CheckCancelled('The job is gone.');
    const begun = this.#clock.now();
    const checked = await this.#checker.check(job, signal);
    signal.throwIfAborted();
    const { result } = checked;
    this.#history.add(id, checked);
    if (result.status === 'unreachable') this.#failures.set(id, (this.#failures.get(id) ?? 0) + 1);
    else this.#failures.delete(id);
    this.#lastChecks.set(id, summarise(result, this.#lastChecks.get(id) ?? null));
    this.#log.info(`checked ${formatTarget(job.target)}: ${describe(result)}`);
    // After this turn the queue no longer holds the job, and the view says so.
    setImmediate(() => this.#finish(id, begun));
    this.#raise(job, result);
    return result;
  }

  #finish(id: string, begun: number): void {
    const job = this.#store.get(id);
    if (!job || this.#queue.has(id)) return;
    this.#schedule(job, begun);
    this.#emit({ type: 'check-finished', id, job: this.#view(job) });
  }

  #raise(job: Job, result: CheckResult): void {
    const now = this.#clock.now();
    const unreachable = this.#history.unreachableStreak(job.id, unreachableRun);
    const due = dueAlert({ name: job.name || formatTarget(job.target), result, unreachable, now });
    const alert = due && this.#alerts.record(job.id, due, now);
    if (!alert) return;
    this.#log.warn(`alert: ${alert.title}`);
    this.#emit({ type: 'alert', alert });
  }

  #pruneDaily(): void {
    this.#history.prune(this.#clock.now() - this.settings.retentionDays * dayMs);
    this.#cancelPruning = this.#clock.after(dayMs, () => this.#pruneDaily());
  }
}

function describe(result: CheckResult): string {
  const problems = result.problems.map(({ code }) => code).join(', ');
  const days = result.certificate
    ? `${result.certificate.daysRemaining} days left`
    : result.unreachable?.message;
  return `${result.status}${problems ? ` (${problems})` : ''}, ${days ?? 'no certificate'}, ${result.timings.total} ms`;
}
