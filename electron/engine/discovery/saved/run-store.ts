import type { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import { type DiscoveryProgress, discoveryProgressSchema } from '../../../../shared/schema/discovery.ts';
import { runStates, type SearchRunView } from '../../../../shared/schema/saved-search.ts';
import { Statements } from '../../store/statements.ts';
import { parseStored } from '../../store/stored-json.ts';

/** A run as it is kept, with what it needs to go on after a restart. Times are milliseconds since the epoch. */
export interface StoredRun {
  id: number;
  discoveryId: string;
  startedAt: number;
  endedAt: number | null;
  state: SearchRunView['state'];
  /** Decides the order of the pairs. */
  seed: number;
  /** Names the pairs: where they are others after a restart, the run begins from the start. */
  scope: string;
  /** How many pairs of the order are done without a gap. */
  done: number;
  progress: DiscoveryProgress;
  new: number;
  changed: number;
  vanished: number;
  notes: string[];
  reason: string | null;
  /** Whether nothing can be concluded from what it missed: this machine was offline meanwhile. */
  isInconclusive: boolean;
  /** For how long it was under way, in milliseconds: without rest, sleep, and time in which NotAfter was closed. */
  activeMs: number;
}

const detailSchema = z.object({
  state: z.enum(runStates),
  seed: z.number(),
  scope: z.string(),
  done: z.int(),
  progress: discoveryProgressSchema,
  new: z.int(),
  changed: z.int(),
  vanished: z.int(),
  notes: z.array(z.string()),
  reason: z.string().nullable(),
  isInconclusive: z.boolean(),
  activeMs: z.number().default(0), // Earlier versions did not count it.
});

interface Row {
  id: number;
  discovery: string;
  started_at: number;
  ended_at: number | null;
  detail: string;
}

/** The most runs that are kept of one search. */
const maxRuns = 100;

/** Runs of saved searches. */
export class RunStore {
  readonly #statements: Statements;

  constructor(database: DatabaseSync) {
    this.#statements = new Statements(database);
  }

  /** Takes down a run that begins, and deletes the oldest ones beyond 100. */
  begin(run: Omit<StoredRun, 'id'>): StoredRun {
    const { lastInsertRowid } = this.#statements
      .prepare('INSERT INTO discovery_runs (discovery, started_at, ended_at, detail) VALUES (?, ?, ?, ?)')
      .run(run.discoveryId, run.startedAt, run.endedAt, detailOf(run));
    this.#statements
      .prepare(
        `DELETE FROM discovery_runs WHERE discovery = ? AND id NOT IN
         (SELECT id FROM discovery_runs WHERE discovery = ? ORDER BY id DESC LIMIT ${maxRuns})`,
      )
      .run(run.discoveryId, run.discoveryId);
    return { ...run, id: Number(lastInsertRowid) };
  }

  update(run: StoredRun): void {
    this.#statements
      .prepare('UPDATE discovery_runs SET ended_at = ?, detail = ? WHERE id = ?')
      .run(run.endedAt, detailOf(run), run.id);
  }

  /** Returns the newest run of a search; null: it never ran. */
  last(discoveryId: string): StoredRun | null {
    return this.list(discoveryId, 1, 0).items[0] ?? null;
  }

  /** Returns the newest run of a search that has ended; null: none has. Uses an index. */
  lastEnded(discoveryId: string): StoredRun | null {
    const sql =
      'SELECT * FROM discovery_runs WHERE discovery = ? AND ended_at IS NOT NULL ORDER BY id DESC LIMIT 1';
    const row = this.#statements.get<Row>(sql, discoveryId);
    return row ? (runOf(row)[0] ?? null) : null;
  }

  /** Returns runs that have not ended, the oldest first. */
  unfinished(): StoredRun[] {
    return this.#statements
      .all<Row>('SELECT * FROM discovery_runs WHERE ended_at IS NULL ORDER BY id')
      .flatMap(runOf);
  }

  /** Returns the runs of a search, the newest first. */
  list(discoveryId: string, limit: number, offset: number): { items: StoredRun[]; total: number } {
    const sql = 'SELECT * FROM discovery_runs WHERE discovery = ? ORDER BY id DESC LIMIT ? OFFSET ?';
    const { count } = this.#statements.one<{ count: number }>(
      'SELECT count(*) AS count FROM discovery_runs WHERE discovery = ?',
      discoveryId,
    );
    return { items: this.#statements.all<Row>(sql, discoveryId, limit, offset).flatMap(runOf), total: count };
  }

  /** Deletes the runs of a search. */
  forget(discoveryId: string): void {
    this.#statements.prepare('DELETE FROM discovery_runs WHERE discovery = ?').run(discoveryId);
  }
}

function detailOf({
  id: _,
  discoveryId: _of,
  startedAt: _from,
  endedAt: _to,
  ...detail
}: Omit<StoredRun, 'id'> & { id?: number }): string {
  return JSON.stringify(detail);
}

/** None where the row cannot be read. */
function runOf({ id, discovery, started_at: startedAt, ended_at: endedAt, detail }: Row): StoredRun[] {
  const parsed = parseStored(detailSchema, detail);
  return parsed ? [{ id, discoveryId: discovery, startedAt, endedAt, ...parsed }] : [];
}
