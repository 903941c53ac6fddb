import { randomBytes } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { Alert } from '../../shared/schema/alert.ts';
import { resolveRules } from '../../shared/schema/alert-rules.ts';
import type { CheckResult } from '../../shared/schema/check-result.ts';
import type { Connection } from '../../shared/schema/connection.ts';
import type { DesktopFacts, EngineEvent, EngineState } from '../../shared/schema/event.ts';
import type {
  HistoryEntry,
  Job,
  JobDetail,
  JobPatch,
  JobView,
  NewJob,
  TrendPoint,
} from '../../shared/schema/job.ts';
import type { Settings, SettingsPatch } from '../../shared/schema/settings.ts';
import { formatTarget, type HostTarget, isFileTarget } from '../../shared/schema/target.ts';
import type { Thresholds } from '../../shared/schema/thresholds.ts';
import type { AlertQuery } from './alerts/alert-store.ts';
import { Alerter } from './alerts/alerter.ts';
import { observe } from './alerts/observation.ts';
import { type LocalHook, WebhookDispatcher } from './channels/dispatcher.ts';
import type { Clock } from './clock.ts';
import { EventJournal, type Recorded } from './events/event-journal.ts';
import { BulkEdits } from './jobs/bulk-edits.ts';
import { type JobQuery, type JobStanding, queryJobs } from './jobs/job-query.ts';
import { jobRevision } from './jobs/job-revision.ts';
import type { Log } from './log.ts';
import { CheckCancelled, CheckQueue, MachineOffline } from './monitor/check-queue.ts';
import { Connectivity } from './monitor/connectivity.ts';
import { ExpiryWatch } from './monitor/expiry-watch.ts';
import { type Network, systemNetwork } from './monitor/network.ts';
import { everything, Planner } from './monitor/planner.ts';
import { JobProbe, type OnceRequest } from './probe/job-probe.ts';
import { Prober } from './probe/prober.ts';
import { Backups } from './store/backups.ts';
import { type ConfigFile, readConfig } from './store/config-file.ts';
import { ConfigStore } from './store/config-store.ts';
import type { DataFolder } from './store/data-folder.ts';
import { ResultDatabase } from './store/result-database.ts';
import type { SecretBox } from './store/secret-box.ts';
import { reevaluate } from './verify/reevaluate.ts';

export interface EngineOptions {
  folder: DataFolder;
  /** Opens the file of jobs and settings: electron-store on the desktop, conf headless. */
  openConfig: (folder: string) => ConfigFile;
  /** Seals the secrets in that file; without it they lie there in plain. */
  secretBox?: SecretBox;
  clock: Clock;
  log: Log;
  version: string;
  /** Path of a certificate file that ships with NotAfter, to try it on. */
  exampleFile?: string;
  /** CA files from the command line, trusted for as long as this engine runs. */
  caFiles?: readonly string[];
  /** Hooks of the command line, beside the webhooks of the settings. */
  hooks?: readonly LocalHook[];
  checker?: Prober;
  network?: Network;
}

const dayMs = 24 * 60 * 60 * 1000;

/**
 * The engine's public face: owns the parts, and moves each job from due, through its check, to history, alerts
 * and events. It goes one way; whoever listens to events cannot hold it up.
 */
export class Engine {
  readonly version: string;
  readonly exampleFile: string | null;
  /** Where it is written what was done; null: nowhere. */
  readonly logFile: string | null;
  /** What is done to many jobs at once. */
  readonly many: BulkEdits;
  /** Who hears of alerts beside people. */
  readonly hooks: WebhookDispatcher;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #checker: JobProbe;
  readonly #folder: DataFolder;
  readonly #store: ConfigStore;
  readonly #archive: ResultDatabase;
  readonly #connectivity: Connectivity;
  readonly #runner: CheckQueue;
  readonly #planner: Planner;
  readonly #expiryWatch: ExpiryWatch;
  readonly #alerter: Alerter;
  readonly #events = new EventJournal(randomBytes(6).toString('hex'));
  /** What was wrong with the file of jobs at start. */
  readonly #configWarning: string | null;
  /** What is said of secrets that could not be opened. */
  readonly #sealed: string | null;
  #cancelPruning: (() => void) | null = null;
  #desktop: DesktopFacts | null = null;

  /** @throws DataFolderError where the files cannot be used */
  constructor(options: EngineOptions) {
    this.version = options.version;
    this.exampleFile = options.exampleFile ?? null;
    this.logFile = options.log.path ?? null;
    const { clock, log, folder } = options;
    this.#clock = clock;
    this.#log = log;
    this.#folder = folder;
    const now = () => clock.now();
    const settings = () => this.settings;
    const job = (id: string) => this.#store.get(id);
    const thresholds = (of: Job) => this.#thresholds(of);
    const checker = options.checker ?? new Prober({ now });
    this.#checker = new JobProbe(checker, options.caFiles ?? [], settings, log);
    const openConfig = () => options.openConfig(folder.path);
    const backups = new Backups(folder.file('backups'));
    const secretBox = options.secretBox ?? null;
    const path = folder.file('config.json');
    const read = readConfig(openConfig, path, backups, now(), secretBox);
    const { file, config, isToBeSealed } = read;
    this.#configWarning = read.warning;
    this.#sealed = read.sealed;
    this.#store = new ConfigStore(file, config, now, secretBox);
    if (isToBeSealed)
      void this.#store.rewrite().catch((error: unknown) => log.error('sealing the secrets failed', error));
    this.#archive = new ResultDatabase({
      path: folder.file('history.sqlite'),
      now,
      onChange: () => this.#announceState(),
    });
    if (this.state.warning) log.warn(this.state.warning);
    if (folder.warning) log.warn(folder.warning);
    this.#connectivity = new Connectivity({
      clock,
      network: options.network ?? systemNetwork(),
      places: () => this.#places(),
      onChange: () => this.#onConnectivity(),
    });
    this.#runner = new CheckQueue({
      checker: this.#checker,
      archive: this.#archive,
      connectivity: this.#connectivity,
      settings,
      job,
      thresholds,
      now,
      log,
      onQueued: (queued) => this.#announce(queued),
      onResult: (checked, result) => this.#alerter.observe(checked, observe(result)),
      onFinished: (id, begunAt) => this.#finish(id, begunAt),
    });
    this.#planner = new Planner({
      clock,
      job,
      facts: (id) => this.#runner.facts(id),
      thresholds,
      isHeldBack: (due) => this.#isHeldBack(due),
      run: (id, missed) => this.#startCheck(id, missed),
      resume: (id) => this.#resume(id),
      onJump: () => this.#connectivity.wake(),
    });
    this.#expiryWatch = new ExpiryWatch({
      clock,
      job,
      lastCheck: (id) => this.#runner.lastCheck(id),
      thresholds,
      isPaused: ({ paused }) => paused || this.settings.pause !== null,
      onCrossed: (aged) => this.#age(aged),
    });
    this.#alerter = new Alerter({
      clock,
      storage: this.#archive,
      settings,
      job,
      checkedAt: (id) => this.#runner.facts(id).checkedAt,
      log,
      onAlert: (alert) => {
        this.#emit({ type: 'alert', alert });
        this.hooks.alert(alert);
      },
      onDigest: (digest, alerts) => {
        this.#emit({ type: 'digest', digest });
        this.hooks.digest(alerts);
      },
      onChanged: (alert) => {
        this.#emit({ type: 'alert-changed', alert });
        this.hooks.changed(alert);
      },
    });
    this.many = new BulkEdits({
      jobs: () => this.#store.list(),
      job,
      add: (input) => this.add(input),
      edit: (id, patch) => this.edit(id, patch),
      remove: (id) => this.remove(id),
      editSettings: (patch) => this.editSettings(patch),
    });
    this.hooks = new WebhookDispatcher({
      clock,
      log,
      version: this.version,
      storage: this.#archive,
      webhooks: () => this.settings.webhooks,
      local: options.hooks ?? [],
      job,
    });
  }

  start(): void {
    this.#planner.setPauseEnd(everything, this.settings.pause?.until ?? null);
    for (const job of this.#store.list()) {
      this.#planner.planAtStart(job);
      this.#expiryWatch.plan(job);
    }
    this.#planner.start();
    this.#expiryWatch.start();
    this.hooks.start();
    this.#alerter.start();
    this.#pruneDaily();
    this.#log.info(`NotAfter ${this.version} watches ${this.#store.size} jobs in ${this.#folder.path}`);
  }

  /** Ends checks, writes what is to be written, and lets go of the data folder. */
  async stop(): Promise<void> {
    this.#planner.stop();
    this.#expiryWatch.stop();
    this.#alerter.stop();
    this.#connectivity.stop();
    this.#cancelPruning?.();
    // Each part is closed whatever the others do, in reverse order; the first fault is thrown at the end.
    await using closing = new AsyncDisposableStack();
    closing.defer(() => this.#log.info('NotAfter has stopped'));
    closing.use(this.#folder);
    closing.defer(() => this.#archive.close());
    closing.defer(() => this.#store.flush());
    closing.defer(() => this.hooks.stop());
    closing.defer(() => this.#runner.stop());
  }

  /** Hears of everything that happens. @returns what ends it */
  subscribe(listener: (event: EngineEvent) => void): () => void {
    return this.#events.subscribe(({ event }) => listener(event));
  }

  /** Hears of everything that happens, with the ids by which `eventsAfter` goes on. @returns what ends it */
  follow(listener: (recorded: Recorded) => void): () => void {
    return this.#events.subscribe(listener);
  }

  /** What happened after an event; null where that is not known any more, or never was. */
  eventsAfter(id: string): Recorded[] | null {
    return this.#events.after(id);
  }

  /** After sleep: looks at the clock again, and waits for the network before judging hosts. */
  wake(): void {
    this.#connectivity.wake();
    this.#planner.wake();
    this.#expiryWatch.wake();
    this.#alerter.wake();
  }

  /** What is wrong with the files that nobody expects, as sentences; null: nothing. */
  get brokenFiles(): string | null {
    return (
      [this.#configWarning, this.#archive.warning].filter((sentence) => sentence !== null).join(' ') || null
    );
  }

  /** How NotAfter itself stands. */
  get state(): EngineState {
    const sentences = [this.brokenFiles, this.#sealed].filter((sentence) => sentence !== null);
    // Asked while the parts are being made, too: what is wrong with the files is told before there is a network.
    const offlineSince = this.#connectivity?.offlineSince ?? null;
    return {
      warning: sentences.join(' ') || null,
      offlineSince: offlineSince === null ? null : new Date(offlineSince).toISOString(),
      pause: this.settings.pause,
      desktop: this.#desktop,
    };
  }

  /** Tells every window to look again at what stands around the engine: its HTTP API, newer versions. */
  announceSurroundings(): void {
    this.#announceState();
  }

  /** Tells every window what the desktop can do that this engine runs under. */
  setDesktop(facts: DesktopFacts): void {
    this.#desktop = facts;
    this.#announceState();
  }

  get settings(): Settings {
    return this.#store.settings;
  }

  async editSettings(patch: SettingsPatch): Promise<Settings> {
    const before = this.settings;
    const settings = await this.#store.editSettings(patch);
    this.#emit({ type: 'settings-changed', settings });
    this.#alerter.wake();
    // Under other thresholds a job may stand otherwise.
    const mayStandOtherwise = patch.thresholds !== undefined || patch.tagRules !== undefined;
    for (const job of mayStandOtherwise ? this.#store.list() : [])
      if (!isDeepStrictEqual(resolveRules(job, before).thresholds, this.#thresholds(job)))
        this.#planner.planNow(job);
    if (patch.pause !== undefined) {
      this.#planner.setPauseEnd(everything, settings.pause?.until ?? null);
      this.#planner.release();
      this.#announceState();
    }
    return settings;
  }

  /** Milliseconds since the epoch, by the engine's clock. */
  now(): number {
    return this.#clock.now();
  }

  get jobCount(): number {
    return this.#store.size;
  }

  /** For how long the job that is most overdue should have been checked, in milliseconds; 0: none is. */
  longestOverdueMs(): number {
    return Math.max(0, this.#clock.now() - (this.#planner.earliest ?? Number.POSITIVE_INFINITY));
  }

  get checkingCount(): number {
    return this.#runner.size;
  }

  /** Every job with where it stands, in no order. */
  *views(): Generator<JobView> {
    for (const job of this.#store.list()) yield this.#view(job);
  }

  /** Every job with how it stands, in no order: less than a view of each. */
  *jobStandings(): Generator<JobStanding> {
    for (const job of this.#store.list()) {
      const lastCheck = this.#runner.lastCheck(job.id);
      yield { job, lastCheck, status: lastCheck?.status ?? 'pending' };
    }
  }

  list(query: JobQuery): { items: JobView[]; total: number } {
    const { items, total } = queryJobs(this.jobStandings(), query);
    return { items: items.map((job) => this.#view(job)), total };
  }

  jobs(): Iterable<Job> {
    return this.#store.list();
  }

  detail(id: string): JobDetail | null {
    const job = this.#store.get(id);
    if (!job) return null;
    const { history } = this.#archive;
    const last = history.last(id);
    return {
      ...this.#view(job),
      lastResult: last && reevaluate(last, this.#thresholds(job), this.#clock.now()),
      certificates: history.sightings(id),
    };
  }

  /** Changes whenever somebody changes the job; null where there is none. */
  revision(id: string): string | null {
    const job = this.#store.get(id);
    return job ? jobRevision(job) : null;
  }

  /**
   * Adds a job, which is checked at once.
   * @param key by which a client tells its requests apart: the job that it added by the same key is answered again
   * @throws KeyReusedError where that was another job
   */
  async add(input: NewJob, key?: string): Promise<JobView> {
    const { job, isNew } = await this.#store.add(input, key);
    if (!isNew) return this.#view(job);
    this.#log.info(`added ${formatTarget(job.target)}`);
    this.#planner.planNow(job);
    return this.#announce(job);
  }

  /** The job after the edit, or null where there is none. A changed target is checked at once. */
  async edit(id: string, patch: JobPatch): Promise<JobView | null> {
    const before = this.#store.get(id);
    const job = await this.#store.edit(id, patch);
    if (!before || !job) return null;
    this.#log.info(`changed ${formatTarget(job.target)}`);
    const looksElsewhere =
      [patch.target, patch.caFiles, patch.connection].some((field) => field !== undefined) ||
      !isDeepStrictEqual(this.#thresholds(before), this.#thresholds(job));
    if (!isDeepStrictEqual(before.target, job.target)) this.#alerter.reset(id);
    const isPaused = job.paused && !before.paused;
    if (looksElsewhere || isPaused) this.#runner.cancel(id);
    if (looksElsewhere) this.#planner.planNow(job);
    else if (!this.#runner.has(id)) {
      // What runs sets the next due time when it ends.
      if (patch.schedule !== undefined) this.#planner.planAfterEdit(job);
      else if (patch.paused !== undefined || patch.pausedUntil !== undefined) this.#planner.plan(job);
    }
    this.#expiryWatch.plan(job);
    return this.#announce(job);
  }

  async remove(id: string): Promise<boolean> {
    const job = this.#store.get(id);
    if (!job || !(await this.#store.remove(id))) return false;
    this.#runner.forget(id);
    this.#planner.forget(id);
    this.#archive.tryWrite(() => this.#archive.history.removeJob(id));
    this.#expiryWatch.forget(id);
    this.#alerter.removeJob(id);
    this.#log.info(`deleted ${formatTarget(job.target)}`);
    this.#emit({ type: 'job-removed', id });
    return true;
  }

  /**
   * Checks a job now, or joins the check that runs; null where there is no such job.
   * @throws CheckCancelled, MachineOffline
   */
  async checkNow(id: string): Promise<CheckResult | null> {
    const job = this.#store.get(id);
    return job ? this.#run(job, 0) : null;
  }

  /** Checks some jobs, or every job that is not paused; tells how many. */
  checkAll(ids?: readonly string[]): number {
    const jobs = ids
      ? ids.flatMap((id) => this.#store.get(id) ?? [])
      : [...this.#store.list()].filter(({ paused }) => !paused);
    for (const { id } of jobs) this.#startCheck(id, 0);
    return jobs.length;
  }

  /** Ends the checks that run or wait; each job is checked again at its next time. Tells how many there were. */
  stopChecks(): number {
    const jobs = [...this.#store.list()].filter(({ id }) => this.#runner.has(id));
    for (const job of jobs) {
      this.#runner.cancel(job.id);
      this.#planner.plan(job, this.#clock.now());
      this.#announce(job);
    }
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

  history(id: string, limit: number, offset: number): { items: HistoryEntry[]; total: number } | null {
    return this.#store.get(id) ? this.#archive.history.list(id, limit, offset) : null;
  }

  /** The whole last result of a job; null where there is none. */
  lastResult(id: string): HistoryEntry | null {
    return this.#store.get(id) ? this.#archive.history.last(id) : null;
  }

  /** The certificates of a job's last result in DER, the leaf first; null where there is no such job. */
  lastChain(id: string): Uint8Array[] | null {
    return this.#store.get(id) ? this.#archive.history.lastChain(id) : null;
  }

  trend(id: string): TrendPoint[] | null {
    return this.#store.get(id) ? this.#archive.history.trend(id) : null;
  }

  /** Somebody has seen some alerts, or all that are open (ids null). Tells how many there were. */
  acknowledge(ids: readonly number[] | null): number {
    const named = ids ?? this.#archive.alerts.open().map(({ id }) => id);
    return named.filter((id) => this.#alerter.acknowledge(id) !== null).length;
  }

  /** Says an alert again at a time (ISO 8601), or no more until the certificate is renewed; null where there is none. */
  snooze(id: number, until: string): Alert | null {
    return this.#alerter.snooze(id, until);
  }

  alerts(query: AlertQuery): { items: Alert[]; total: number } {
    return this.#archive.alerts.list(query);
  }

  #view(job: Job): JobView {
    const lastCheck = this.#runner.lastCheck(job.id);
    const dueAt = this.#planner.dueAt(job.id);
    return {
      ...job,
      revision: jobRevision(job),
      status: lastCheck?.status ?? 'pending',
      checking: this.#runner.has(job.id),
      nextDueAt: dueAt === undefined ? null : new Date(dueAt).toISOString(),
      lastCheck,
    };
  }

  #emit(event: EngineEvent): void {
    this.#events.record(event);
  }

  #announce(job: Job): JobView {
    const view = this.#view(job);
    this.#emit({ type: 'job-changed', job: view });
    return view;
  }

  #announceState(): void {
    this.#emit({ type: 'state-changed', state: this.state });
  }

  #isHeldBack({ target }: Job): boolean {
    if (this.settings.pause !== null) return true;
    return !isFileTarget(target) && !this.#connectivity.isUp && this.#connectivity.needsNetwork(target.host);
  }

  /** A pause has run out. */
  #resume(id: string): void {
    const ended = id === everything ? this.many.resume(null) : this.edit(id, { paused: false });
    ended.catch((error: unknown) => this.#log.error(`ending the pause of ${id} failed`, error));
  }

  #startCheck(id: string, missed: number): void {
    const job = this.#store.get(id);
    if (!job) return;
    this.#run(job, missed).catch((error: unknown) => {
      if (error instanceof CheckCancelled || error instanceof MachineOffline) return;
      this.#log.error(
        `the check of ${formatTarget(job.target)} (job ${id}) failed by a fault in NotAfter`,
        error,
      );
      this.#planner.plan(job, this.#clock.now());
    });
  }

  async #run(job: Job, missed: number): Promise<CheckResult> {
    try {
      return await this.#runner.run(job, missed);
    } catch (error) {
      if (error instanceof MachineOffline) this.#hold(job.id);
      throw error;
    }
  }

  /** A check that this machine's network did not allow waits until it does. */
  #hold(id: string): void {
    const job = this.#store.get(id);
    if (!job || this.#runner.has(id)) return;
    if (job.paused) this.#planner.plan(job);
    else this.#planner.hold(id);
    if (!this.#isHeldBack(job)) this.#planner.release();
    this.#announce(job);
  }

  #finish(id: string, begunAt: number): void {
    const job = this.#store.get(id);
    if (!job) return;
    // A job that is queued again gets its next due time when that check ends.
    if (!this.#runner.has(id)) this.#planner.plan(job, begunAt);
    this.#expiryWatch.plan(job);
    this.#emit({ type: 'check-finished', id, job: this.#view(job) });
  }

  /** A certificate has crossed a threshold, or ended, since it was seen. A check that is under way tells of it. */
  #age(job: Job): void {
    if (this.#runner.has(job.id)) return;
    const result = this.#runner.reevaluate(job);
    if (!result) return;
    this.#log.info(`${formatTarget(job.target)} stands otherwise by now: ${result.status}`);
    this.#alerter.observe(job, { ...observe(result), at: this.#clock.now() });
    this.#announce(job);
  }

  #thresholds(job: Job): Thresholds {
    return resolveRules(job, this.settings).thresholds;
  }

  #onConnectivity(): void {
    const { offlineSince } = this.#connectivity;
    if (offlineSince !== null)
      this.#log.warn('this machine is offline: nothing that is watched can be reached. Checks wait.');
    else {
      this.#log.info('the network is there');
      this.#planner.release();
    }
    this.#announceState();
  }

  /** Hosts that are watched, those that answered at their last check first. */
  *#places(): Generator<HostTarget> {
    const silent: HostTarget[] = [];
    for (const { id, target, connection } of this.#store.list()) {
      if (isFileTarget(target) || (connection.proxy ?? this.settings.proxy ?? 'none') !== 'none') continue;
      const last = this.#runner.lastCheck(id);
      if (last === null || last.status === 'unreachable') silent.push(target);
      else yield target;
    }
    yield* silent;
  }

  #pruneDaily(): void {
    const before = this.#clock.now() - this.settings.retentionDays * dayMs;
    this.#archive.tryWrite(() => {
      this.#archive.history.prune(before);
      this.#archive.alerts.prune(before);
    });
    this.#cancelPruning = this.#clock.after(dayMs, () => this.#pruneDaily());
  }
}
