import type { DatabaseSync } from 'node:sqlite';
import type { Delivery } from '../../../shared/schema/webhook.ts';
import { Statements } from '../store/statements.ts';

/** A delivery that is due. */
export interface Due {
  id: number;
  hook: string;
  title: string;
  payload: string;
  attempts: number;
}

interface Row {
  id: number;
  hook: string;
  title: string;
  at: number;
  attempts: number;
  next_at: number | null;
  error: string | null;
}

export interface DeliveryQuery {
  limit: number;
  offset: number;
  state?: Delivery['state'] | undefined;
}

/** A hook that nobody mends must not fill the disk: beyond so many, the oldest that were given up go. */
const maxKept = 10_000;

/** What is to be delivered to hooks, until it is: across restarts, and after it was given up, for a person to look at. */
export class Outbox {
  readonly #statements: Statements;

  constructor(database: DatabaseSync) {
    this.#statements = new Statements(database);
  }

  /** @param payload what the hook is told, as JSON @param now milliseconds since the epoch, as every time here */
  add(hook: string, title: string, payload: string, now: number): void {
    this.#statements
      .prepare('INSERT INTO deliveries (hook, title, payload, at, next_at) VALUES (?, ?, ?, ?, ?)')
      .run(hook, title, payload, now, now);
    this.#statements
      .prepare(
        `DELETE FROM deliveries WHERE next_at IS NULL AND id <= (SELECT max(id) FROM deliveries) - ${maxKept}`,
      )
      .run();
  }

  /** The oldest delivery of each hook that is due: one hook's silence holds up no other, and each is told in order. */
  due(now: number): Due[] {
    return this.#statements.all<Due>(
      `SELECT id, hook, title, payload, attempts FROM deliveries d WHERE next_at <= ? AND id =
         (SELECT min(id) FROM deliveries o WHERE o.hook = d.hook AND o.next_at IS NOT NULL)`,
      now,
    );
  }

  /** When the next is due; null: none waits. */
  nextAt(): number | null {
    const row = this.#statements
      .prepare(
        `SELECT min(next_at) AS at FROM deliveries d WHERE id =
         (SELECT min(id) FROM deliveries o WHERE o.hook = d.hook AND o.next_at IS NOT NULL)`,
      )
      .get() as { at: number | null };
    return row.at;
  }

  succeed(id: number): void {
    this.#statements.prepare('DELETE FROM deliveries WHERE id = ?').run(id);
  }

  /** @param nextAt null: it is given up */
  fail(id: number, error: string, nextAt: number | null): void {
    this.#statements
      .prepare('UPDATE deliveries SET attempts = attempts + 1, error = ?, next_at = ? WHERE id = ?')
      .run(error, nextAt, id);
  }

  list({ limit, offset, state }: DeliveryQuery): { items: Delivery[]; total: number } {
    const where = state === undefined ? '' : `WHERE next_at IS ${state === 'waiting' ? 'NOT NULL' : 'NULL'}`;
    const rows = this.#statements.all<Row>(
      `SELECT id, hook, title, at, attempts, next_at, error FROM deliveries ${where} ORDER BY id DESC LIMIT ? OFFSET ?`,
      limit,
      offset,
    );
    const { total } = this.#statements.prepare(`SELECT count(*) AS total FROM deliveries ${where}`).get() as {
      total: number;
    };
    return { items: rows.map(asDelivery), total };
  }

  /** Tries some, or all that were given up, again. Tells how many there were. */
  retry(ids: readonly number[] | null, now: number): number {
    const again = 'UPDATE deliveries SET next_at = ?, attempts = 0 WHERE';
    if (ids === null) return Number(this.#statements.prepare(`${again} next_at IS NULL`).run(now).changes);
    const one = this.#statements.prepare(`${again} id = ?`);
    return ids.reduce((sum, id) => sum + Number(one.run(now, id).changes), 0);
  }

  /** Forgets some, or all that were given up. Tells how many there were. */
  discard(ids: readonly number[] | null): number {
    if (ids === null)
      return Number(this.#statements.prepare('DELETE FROM deliveries WHERE next_at IS NULL').run().changes);
    const one = this.#statements.prepare('DELETE FROM deliveries WHERE id = ?');
    return ids.reduce((sum, id) => sum + Number(one.run(id).changes), 0);
  }
}

function asDelivery({ id, hook, title, at, attempts, next_at: nextAt, error }: Row): Delivery {
  return {
    id,
    hook,
    title,
    createdAt: new Date(at).toISOString(),
    state: nextAt === null ? 'failed' : 'waiting',
    attempts,
    nextAttemptAt: nextAt === null ? null : new Date(nextAt).toISOString(),
    error,
  };
}
