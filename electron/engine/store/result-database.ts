import type { DatabaseSync } from 'node:sqlite';
import { AlertStore } from '../alerts/alert-store.ts';
import { Outbox } from '../channels/outbox.ts';
import { SearchDatabase } from '../discovery/saved/search-database.ts';
import { Signal } from '../events/signal.ts';
import type { Log } from '../log.ts';
import {
  beginAnew,
  findDamage,
  isDamage,
  isLockedOut,
  type OpenDatabase,
  openDatabase,
  setBusyTimeout,
  storageFault,
} from './database.ts';
import { History } from './history.ts';

export interface ResultDatabaseOptions {
  path: string;
  now: () => number;
  log: Pick<Log, 'error'>;
}

/** For how long a statement waits for another program's lock, the first time that it meets it. */
const busyTimeoutMs = 500;

/**
 * Results and alerts, for as long as the disk takes them. A full disk, another program's lock or a broken file is reported to
 * a person and is no reason to stop checking: what is found is kept in memory meanwhile, and writing goes on when it can.
 */
export class ResultDatabase {
  /** Emits when `warning` changes. */
  readonly changes = new Signal<string | null>();
  readonly #options: ResultDatabaseOptions;
  readonly #search: ReturnType<typeof findDamage>;
  #database: DatabaseSync;
  #setAside: string | null;
  #fault: string | null = null;
  /** Whether another program held the database at the last attempt: then no statement waits for it again. */
  #isLockedOut = false;
  history: History;
  alerts: AlertStore;
  outbox: Outbox;
  /** Runs and finds of saved searches. */
  searches: SearchDatabase;

  /** @throws DataFolderError where the file cannot be used */
  constructor(options: ResultDatabaseOptions) {
    this.#options = options;
    const opened = openDatabase(options.path, options.now());
    this.#database = opened.database;
    this.#setAside = opened.warning;
    setBusyTimeout(opened.database, busyTimeoutMs);
    this.history = this.#historyOf(opened.database);
    this.alerts = new AlertStore(opened.database);
    this.outbox = new Outbox(opened.database);
    this.searches = new SearchDatabase(opened.database);
    this.#search = findDamage(options.path);
    void this.#search.found.then((isDamaged) => isDamaged && this.#beginAnew());
  }

  /** What a person should know of the file; null: nothing. */
  get warning(): string | null {
    return [this.#setAside, this.#fault].filter((sentence) => sentence !== null).join(' ') || null;
  }

  /**
   * Does what writes to the database. Where the disk does not take it, or another program holds it, the status says so and
   * null is the answer.
   * @throws what only a bug can cause
   */
  tryWrite<Value>(work: () => Value): Value | null {
    try {
      const value = work();
      if (this.#isLockedOut) this.#noteLock(false);
      return value;
    } catch (error) {
      if (!this.#recover(error)) return null;
      return work();
    }
  }

  /** Whether there is a database to write to again. @throws what only a bug can cause */
  #recover(error: unknown): boolean {
    if (isDamage(error)) {
      this.#beginAnew();
      return true;
    }
    const reason = storageFault(error);
    if (reason === null) throw error;
    if (isLockedOut(error)) this.#noteLock(true);
    this.#setFault(
      `Results cannot be kept in ${this.#options.path}: ${reason} Checks go on, and are kept again once that is mended.`,
    );
    return false;
  }

  #historyOf(database: DatabaseSync): History {
    return new History(database, {
      onWritten: () => {
        if (this.#isLockedOut) this.#noteLock(false);
        this.#setFault(null);
      },
      onFault: (error) => {
        // A separate timer calls this: what is thrown here would end the process.
        try {
          this.#recover(error);
        } catch (fault) {
          this.#options.log.error('writing results failed by a fault in NotAfter', fault);
        }
      },
    });
  }

  /** A lock that lasts is waited for once: hundreds of results would each stop everything for as long. */
  #noteLock(isHeld: boolean): void {
    if (isHeld === this.#isLockedOut || !this.#database.isOpen) return;
    this.#isLockedOut = isHeld;
    setBusyTimeout(this.#database, isHeld ? 0 : busyTimeoutMs);
  }

  async close(): Promise<void> {
    await this.#search.cancel();
    this.tryWrite(() => this.history.flush());
    this.#database.close();
  }

  #beginAnew(): void {
    if (!this.#database.isOpen) return;
    this.history.abandon();
    this.#database.close();
    const opened: OpenDatabase = beginAnew(this.#options.path, this.#options.now());
    this.#database = opened.database;
    this.#isLockedOut = false;
    setBusyTimeout(opened.database, busyTimeoutMs);
    this.history = this.#historyOf(opened.database);
    this.alerts = new AlertStore(opened.database);
    this.outbox = new Outbox(opened.database);
    this.searches = new SearchDatabase(opened.database);
    this.#setAside = opened.warning;
    this.changes.emit(this.warning);
  }

  #setFault(fault: string | null): void {
    if (fault === this.#fault) return;
    this.#fault = fault;
    this.changes.emit(this.warning);
  }
}
