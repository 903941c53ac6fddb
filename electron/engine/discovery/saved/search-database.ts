import type { DatabaseSync } from 'node:sqlite';
import { FindStore } from './find-store.ts';
import { RunStore } from './run-store.ts';

/** Runs and finds of saved searches, in the database of results. */
export class SearchDatabase {
  readonly runs: RunStore;
  readonly finds: FindStore;

  constructor(database: DatabaseSync) {
    this.runs = new RunStore(database);
    this.finds = new FindStore(database);
  }

  /** Deletes everything of a search. */
  forget(discoveryId: string): void {
    this.runs.forget(discoveryId);
    this.finds.forget(discoveryId);
  }
}
