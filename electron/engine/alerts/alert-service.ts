import type { Alert } from '../../../shared/schema/alert.ts';
import type { Monitor } from '../monitor/monitor.ts';
import type { ResultDatabase } from '../store/result-database.ts';
import type { AlertQuery } from './alert-store.ts';
import type { Alerter } from './alerter.ts';
import { observe } from './observation.ts';

/** Has results compared with what is known of their jobs, and does what people and scripts do with alerts. */
export class AlertService {
  readonly #alerter: Alerter;
  readonly #database: ResultDatabase;

  constructor(alerter: Alerter, database: ResultDatabase, monitor: Monitor) {
    this.#alerter = alerter;
    this.#database = database;
    monitor.events.subscribe((event) => {
      if (event.type === 'checked') alerter.observe(event.job, observe(event.result));
      if (event.type === 'threshold-crossed')
        alerter.observe(event.job, { ...observe(event.result), at: event.at });
    });
  }

  /** Takes up what was raised and not notified before the program ended. */
  start(): void {
    this.#alerter.start();
  }

  /** Looks at the clock again after sleep. */
  wake(): void {
    this.#alerter.wake();
  }

  stop(): void {
    this.#alerter.stop();
  }

  list(query: AlertQuery): { items: Alert[]; total: number } {
    return this.#database.alerts.list(query);
  }

  /** Acknowledges some alerts, or all that are open (null). @returns how many there were */
  acknowledge(ids: readonly number[] | null): number {
    const named = ids ?? this.#database.alerts.open().map(({ id }) => id);
    return named.filter((id) => this.#alerter.acknowledge(id) !== null).length;
  }

  /**
   * Repeats an alert at a time, or no more until the certificate is renewed; null where there is no such alert.
   * @param until ISO 8601, or `renewed`
   */
  snooze(id: number, until: string): Alert | null {
    return this.#alerter.snooze(id, until);
  }
}
