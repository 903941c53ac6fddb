import type { Clock } from '../clock.ts';
import type { RuleSource } from '../sources.ts';
import type { ResultDatabase } from './result-database.ts';

const dayMs = 24 * 60 * 60 * 1000;

/** Deletes results and alerts that are older than the settings keep them, at the start and every day. */
export class Retention {
  readonly #clock: Clock;
  readonly #rules: RuleSource;
  readonly #database: ResultDatabase;
  #cancel: (() => void) | null = null;

  constructor(clock: Clock, rules: RuleSource, database: ResultDatabase) {
    this.#clock = clock;
    this.#rules = rules;
    this.#database = database;
  }

  start(): void {
    const before = this.#clock.now() - this.#rules.settings.retentionDays * dayMs;
    this.#database.tryWrite(() => {
      this.#database.history.prune(before);
      this.#database.alerts.prune(before);
    });
    this.#cancel = this.#clock.after(dayMs, () => this.start());
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = null;
  }
}
