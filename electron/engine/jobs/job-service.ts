import { isDeepStrictEqual } from 'node:util';
import type { CheckResult } from '../../../shared/schema/check-result.ts';
import type { Job, JobDetail, JobPatch, JobView, NewJob, Origin } from '../../../shared/schema/job.ts';
import { formatTarget, type Target } from '../../../shared/schema/target.ts';
import type { Alerter } from '../alerts/alerter.ts';
import { observe } from '../alerts/observation.ts';
import type { Clock } from '../clock.ts';
import type { EventJournal } from '../events/event-journal.ts';
import type { Log } from '../log.ts';
import type { LatestResults } from '../monitor/latest-results.ts';
import type { Monitor, MonitorEvent } from '../monitor/monitor.ts';
import type { SettingsService } from '../settings/settings-service.ts';
import type { ConfigStore } from '../store/config-store.ts';
import type { JobEdit } from '../store/job-edits.ts';
import { hideProxy } from '../store/kept-addresses.ts';
import type { ResultDatabase } from '../store/result-database.ts';
import { inTurns } from '../turns.ts';
import { Acceptances } from './acceptances.ts';
import { BulkEdits } from './bulk-edits.ts';
import { type JobQuery, type JobStanding, queryJobs } from './job-query.ts';
import { jobRevision } from './job-revision.ts';
import { tellEach } from './tell-each.ts';
import { TrustedFiles } from './trusted-files.ts';

/** Jobs that are announced, and deleted, before other things have their turn: a few milliseconds. */
const jobsPerTurn = 50;
const removalsPerTurn = 20;

export interface JobServiceOptions {
  store: ConfigStore;
  monitor: Monitor;
  results: LatestResults;
  database: ResultDatabase;
  alerter: Alerter;
  settings: SettingsService;
  journal: EventJournal;
  folder: { file(name: string): string };
  clock: Clock;
  log: Log;
}

/** A job that a source keeps was to be moved or deleted by itself. */
export class KeptJobError extends Error {
  override name = 'KeptJobError';
}

/** What people and scripts do with jobs, and the events by which they follow them. */
export class JobService {
  /** Edits many jobs in one step. */
  readonly bulk: BulkEdits;
  /** Accepts problems of jobs. */
  readonly acceptances: Acceptances;
  /** Trusts certificates that jobs show. */
  readonly trusted: TrustedFiles;
  readonly #options: JobServiceOptions;

  constructor(options: JobServiceOptions) {
    this.#options = options;
    this.bulk = new BulkEdits(this, options.settings);
    const { results, clock, settings, database, folder } = options;
    this.trusted = new TrustedFiles({ jobs: this, settings, history: database.history, folder });
    this.acceptances = new Acceptances({
      jobs: this,
      results,
      clock,
      accepted: (id) => this.get(id)?.accepted ?? null,
    });
    options.monitor.events.subscribe((event) => this.#follow(event));
  }

  get count(): number {
    return this.#options.store.size;
  }

  get(id: string): Job | undefined {
    return this.#options.store.get(id);
  }

  /** Returns every job, in no order. */
  all(): Iterable<Job> {
    return this.#options.store.list();
  }

  /** Returns every job with its last check, in no order: less than a view of each. */
  *withStatus(): Generator<JobStanding> {
    for (const job of this.all()) {
      const lastCheck = this.#options.results.get(job.id);
      yield { job, lastCheck, status: lastCheck?.status ?? 'pending' };
    }
  }

  list(query: JobQuery): { items: JobView[]; total: number } {
    const { items, total } = queryJobs(this.withStatus(), query);
    return { items: items.map((job) => this.#view(job)), total };
  }

  /** Returns a job with its whole last result; null where there is none with this id. */
  detail(id: string): JobDetail | null {
    const job = this.get(id);
    if (!job) return null;
    const { results, database } = this.#options;
    return {
      ...this.#view(job),
      lastResult: results.result(job),
      certificates: database.history.sightings(id),
    };
  }

  /** Checks a job now: its accepted problems are marked and do not count. @returns the result; null where there is none */
  async check(id: string): Promise<CheckResult | null> {
    const { monitor, results } = this.#options;
    const result = await monitor.checkNow(id);
    const job = this.get(id);
    return result && job ? results.asAccepted(job, result) : result;
  }

  /** Returns the revision of a job, which changes with each edit; null: no such job. */
  revision(id: string): string | null {
    const job = this.get(id);
    return job ? jobRevision(job) : null;
  }

  /**
   * Adds a job, which is checked at once.
   * @param key by which a client tells its requests apart: the job that it added by the same key is returned again
   * @throws KeyReusedError where that was another job; StoreWriteError, as every edit
   */
  async add(input: NewJob, key?: string): Promise<JobView> {
    const { store, monitor, log } = this.#options;
    const { job, isNew } = await store.add(input, key);
    if (!isNew) return this.#view(job);
    log.info(`added ${formatTarget(job.target)}`);
    monitor.jobAdded(job);
    return this.#announce(job);
  }

  /** Adds jobs in one write, which are checked at once. @returns them in the order given @throws StoreWriteError */
  async addAll(inputs: readonly (NewJob & { id?: string; origin?: Origin })[]): Promise<Job[]> {
    const added = await this.#options.store.addAll(inputs);
    await this.followAdded(added);
    return added;
  }

  /** Has the parts follow jobs that were added to the store. */
  async followAdded(added: readonly Job[]): Promise<void> {
    const { store, monitor, log } = this.#options;
    const told = tellEach(added.length, log, 'added');
    await inTurns(added, jobsPerTurn, (job) => {
      if (store.get(job.id) !== job) return; // It was edited or deleted since.
      told(job);
      monitor.jobAdded(job);
      this.#announce(job);
    });
  }

  /** Edits a job; null where there is none. A changed target is checked at once. @throws KeptJobError */
  async edit(id: string, patch: JobPatch): Promise<JobView | null> {
    if (patch.target !== undefined) this.#refuseKept([id], 'Change its source instead.');
    const [edit] = await this.#options.store.editAll(new Map([[id, patch]]));
    if (!edit) return null;
    this.#options.log.info(`changed ${formatTarget(edit.job.target)}`);
    return this.#edited(edit);
  }

  /** Edits jobs in one write, those that are there. @returns how many @throws StoreWriteError */
  async editAll(patches: ReadonlyMap<string, JobPatch>): Promise<number> {
    const edits = await this.#options.store.editAll(patches);
    await this.followEdited(edits);
    return edits.length;
  }

  /** Has the parts follow jobs that were edited in the store. */
  async followEdited(edits: readonly JobEdit[]): Promise<void> {
    const { store, log } = this.#options;
    const told = tellEach(edits.length, log, 'changed');
    await inTurns(edits, jobsPerTurn, (edit) => {
      told(edit.job);
      if (store.get(edit.job.id)) this.#edited(edit);
    });
  }

  #edited({ before, job, patch }: JobEdit): JobView {
    const { monitor, alerter, store } = this.#options;
    alerter.jobEdited(before, job);
    monitor.jobEdited(before, job, patch);
    if (!isDeepStrictEqual(before.accepted, job.accepted)) this.#observeAgain(job);
    return this.#announce(store.get(job.id) ?? job);
  }

  /** Compares alerts with what counts now, with nothing checked. */
  #observeAgain(job: Job): void {
    const { results, alerter, clock } = this.#options;
    const result = results.reassess(job);
    if (result) alerter.observe(job, { ...observe(result), at: clock.now(), isRelook: true });
  }

  /** Deletes a job with its results and alerts. @returns whether there was one */
  async remove(id: string): Promise<boolean> {
    return (await this.removeAll([id])) > 0;
  }

  /** Deletes jobs in one write, with their results and alerts. @returns how many there were @throws KeptJobError, StoreWriteError */
  async removeAll(ids: Iterable<string>): Promise<number> {
    const all = [...ids];
    this.#refuseKept(all, 'Ignore the certificate there, or delete the source.');
    return this.removeKept(all);
  }

  #refuseKept(ids: readonly string[], remedy: string): void {
    const { store } = this.#options;
    for (const id of ids) {
      const source = store.source(this.get(id)?.origin?.sourceId ?? '');
      if (source) throw new KeptJobError(`This job is kept by the source ${source.name}. ${remedy}`);
    }
  }

  /** Deletes jobs as `removeAll` does, those of sources too. */
  async removeKept(ids: Iterable<string>): Promise<number> {
    const { store, monitor, alerter, database, journal, log } = this.#options;
    const removed = await store.removeAll(ids);
    const told = tellEach(removed.length, log, 'deleted');
    // Nothing is checked any more that is no longer there: first of all, and in one go.
    for (const { id } of removed) monitor.jobRemoved(id);
    await inTurns(removed, removalsPerTurn, (job) => {
      database.tryWrite(() => database.history.removeJob(job.id));
      alerter.removeJob(job.id);
      told(job);
      journal.record({ type: 'job-removed', id: job.id });
    });
    return removed.length;
  }

  /** Gives jobs of sources the targets that they have by now: they are the same, and so are their alerts. */
  async moveKept(targets: ReadonlyMap<string, Target>): Promise<void> {
    const moved = [...targets].filter(([id, target]) => !isDeepStrictEqual(this.get(id)?.target, target));
    for (const job of await this.#options.store.moveAll(new Map(moved))) this.#announce(job);
  }

  /** Pauses jobs whose certificate is gone, and ends their alerts. */
  async standDown(ids: readonly string[]): Promise<void> {
    await this.editAll(new Map(ids.map((id) => [id, { paused: true }])));
    for (const id of ids) this.#options.alerter.reset(id);
  }

  #view(job: Job): JobView {
    const { results, monitor } = this.#options;
    const lastCheck = results.get(job.id);
    const dueAt = monitor.dueAt(job.id);
    const { connection } = job;
    return {
      ...job,
      connection: { ...connection, proxy: hideProxy(connection.proxy) },
      revision: jobRevision(job),
      status: lastCheck?.status ?? 'pending',
      checking: monitor.isChecking(job.id),
      nextDueAt: dueAt === undefined ? null : new Date(dueAt).toISOString(),
      lastCheck,
    };
  }

  #announce(job: Job): JobView {
    const view = this.#view(job);
    this.#options.journal.record({ type: 'job-changed', job: view });
    return view;
  }

  #follow(event: MonitorEvent): void {
    switch (event.type) {
      case 'job-changed':
      case 'threshold-crossed':
        this.#announce(event.job);
        return;
      case 'finished': {
        const { id } = event.job;
        this.#options.journal.record({ type: 'check-finished', id, job: this.#view(event.job) });
        return;
      }
      case 'pause-ended':
        this.#resume(event.id);
        return;
      case 'checked':
      case 'tick':
      case 'connectivity':
      case 'progress':
        return; // Alerts and the status follow these.
    }
  }

  #resume(id: string | null): void {
    const ended = id === null ? this.bulk.resume(null) : this.edit(id, { paused: false });
    ended.catch((error: unknown) =>
      this.#options.log.error(`ending the pause of ${id ?? 'all jobs'} failed`, error),
    );
  }
}
