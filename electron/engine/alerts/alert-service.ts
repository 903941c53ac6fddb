import type { Alert } from '../../../shared/schema/alert.ts';
import type { Explanation } from '../../../shared/schema/explanation.ts';
import type { Clock } from '../clock.ts';
import type { LatestResults } from '../monitor/latest-results.ts';
import type { Monitor } from '../monitor/monitor.ts';
import type { JobSource, RuleSource } from '../sources.ts';
import type { ResultDatabase } from '../store/result-database.ts';
import { rulesVersion } from '../verify/rules-version.ts';
import type { AlertQuery } from './alert-store.ts';
import type { Alerter } from './alerter.ts';
import { explain } from './explain.ts';
import { pausedMs } from './held-back.ts';
import { observe } from './observation.ts';
import { isPartial } from './partial-renewal.ts';

export interface AlertServiceOptions {
  alerter: Alerter;
  database: ResultDatabase;
  monitor: Monitor;
  results: LatestResults;
  jobs: JobSource;
  rules: RuleSource;
  clock: Clock;
}

/** Has results compared with what is known of their jobs, and does what people and scripts do with alerts. */
export class AlertService {
  readonly #options: AlertServiceOptions;

  constructor(options: AlertServiceOptions) {
    this.#options = options;
    const { alerter, monitor } = options;
    monitor.events.subscribe((event) => {
      if (event.type === 'checked') alerter.observe(event.job, observe(event.result));
      if (event.type === 'threshold-crossed')
        alerter.observe(event.job, { ...observe(event.result), at: event.at, isRelook: true });
    });
  }

  /**
   * Looks again at a job of which something is true that was not to be raised yet: its maintenance window has ended, or it has
   * lasted. What time alone decides is raised from what is known; for all else the host is checked, since it may be over.
   * @param keys what is to be raised
   */
  lookAgain(id: string, keys: readonly string[]): void {
    const { alerter, monitor, results, jobs, rules, clock } = this.#options;
    const job = jobs.get(id);
    if (!job || keys.length === 0) return;
    if (job.paused || rules.settings.pause !== null) {
      alerter.relookAt(id, clock.now() + pausedMs);
      return;
    }
    const isTime = (key: string) => key.startsWith('expiry:');
    if (!keys.some(isTime) && !keys.every(isPartial)) {
      monitor.checkAll([id]);
      return;
    }
    const result = results.reassess(job);
    if (result) alerter.observe(job, { ...observe(result), at: clock.now(), isRelook: true });
  }

  /** Takes up what was raised and not notified before the program ended. */
  start(): void {
    this.#options.alerter.start();
    this.#judgeAnew();
  }

  /** Has jobs checked that were judged last by rules of before an upgrade: kept results lack what new rules look at. */
  #judgeAnew(): void {
    const { alerter, database, monitor, jobs, rules } = this.#options;
    if (rules.settings.pause !== null) return;
    const outdated = database.tryWrite(() => database.alerts.judgedBefore(rulesVersion)) ?? [];
    const ids = outdated.filter((id) => jobs.get(id)?.paused === false);
    if (ids.length === 0) return;
    alerter.awaitVerdicts(ids);
    monitor.checkAll(ids);
  }

  /** Looks at the clock again after sleep. */
  wake(): void {
    this.#options.alerter.wake();
  }

  stop(): void {
    this.#options.alerter.stop();
  }

  /** Says why people were, or were not, notified of a job; null where there is none. */
  explain(id: string): Explanation | null {
    const { jobs, rules, results, database, clock } = this.#options;
    const job = jobs.get(id);
    if (!job) return null;
    return explain({
      job,
      settings: rules.settings,
      last: results.get(id),
      sightings: database.history.sightings(id),
      alerts: this.list({ jobId: id, limit: 50, offset: 0 }).items,
      now: clock.now(),
    });
  }

  list(query: AlertQuery): { items: Alert[]; total: number } {
    return this.#options.database.alerts.list(query);
  }

  /** Returns the ids of the jobs with snoozed alerts, and none that are open. */
  snoozedJobs(): string[] {
    return this.#options.database.alerts.snoozedJobs();
  }

  /** Acknowledges some alerts, or all that are open (null). @returns how many there were */
  acknowledge(ids: readonly number[] | null): number {
    const named = ids ?? this.#options.database.alerts.open().map(({ id }) => id);
    return named.filter((id) => this.#options.alerter.acknowledge(id) !== null).length;
  }

  /**
   * Repeats an alert at a time, or no more until the certificate is renewed; null where there is no such alert.
   * @param until ISO 8601, or `renewed`
   */
  snooze(id: number, until: string): Alert | null {
    return this.#options.alerter.snooze(id, until);
  }
}
