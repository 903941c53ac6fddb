import type { DatabaseSync } from 'node:sqlite';
import type { Delivery } from '../../../shared/schema/delivery.ts';
import { memoryDatabase } from '../store/database.ts';
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

export interface NewDelivery {
  hook: string;
  /** What it is about: those of one key reach a hook in order. */
  key: string;
  title: string;
  /** The message, as JSON. */
  payload: string;
  /** Before which it is not sent, in milliseconds since the epoch: a digest's time. Default: immediately. */
  notBefore?: number;
}

export interface DeliveryQuery {
  limit: number;
  offset: number;
  state?: Delivery['state'] | undefined;
}

/** A broken hook must not fill the disk: beyond this many, the oldest given-up deliveries are deleted. */
const maxKept = 10_000;

/** What may be sent: it waits, and nothing of its key waits before it. */
const isFirst = `next_at IS NOT NULL AND NOT EXISTS (SELECT 1 FROM deliveries o
  WHERE o.hook = d.hook AND o.key = d.key AND o.id < d.id AND o.next_at IS NOT NULL)`;

/**
 * What is to be delivered to hooks, until it is: across restarts, and after it was given up, for a person to look at. Times are
 * in milliseconds since the epoch.
 */
export class Outbox {
  readonly #statements: Statements;

  constructor(database: DatabaseSync) {
    this.#statements = new Statements(database);
  }

  add({ hook, key, title, payload, notBefore }: NewDelivery, now: number): void {
    this.#statements
      .prepare(
        'INSERT INTO deliveries (hook, key, title, payload, at, next_at, held_until) VALUES (?, ?, ?, ?, ?, ?, ?)',
      )
      .run(hook, key, title, payload, now, notBefore ?? now, notBefore ?? null);
    this.#statements
      .prepare(
        `DELETE FROM deliveries WHERE next_at IS NULL AND id <= (SELECT max(id) FROM deliveries) - ${maxKept}`,
      )
      .run();
  }

  /**
   * Returns the delivery of each hook that is to be tried now: what has never been tried comes before what failed, and only
   * what waits under the same key comes before either.
   * @param without hooks that are busy or must wait, and deliveries whose outcome could not be written down
   */
  due(now: number, without: { hooks: readonly string[]; ids: readonly number[] }): Due[] {
    return this.#statements.all<Due>(
      `SELECT id, hook, title, payload, attempts FROM (
         SELECT *, row_number() OVER (PARTITION BY hook ORDER BY attempts > 0, id) AS place FROM deliveries d
         WHERE ${isFirst} AND next_at <= ? AND hook NOT IN (SELECT value FROM json_each(?))
         AND id NOT IN (SELECT value FROM json_each(?))) WHERE place = 1`,
      ...[now, JSON.stringify(without.hooks), JSON.stringify(without.ids)],
    );
  }

  /** Returns what waits of a hook beside one delivery and is due, in order. */
  dueBeside({ id, hook }: Due, now: number): Due[] {
    return this.#statements.all<Due>(
      `SELECT id, hook, title, payload, attempts FROM deliveries
       WHERE hook = ? AND id <> ? AND next_at <= ? ORDER BY id LIMIT 2000`,
      ...[hook, id, now],
    );
  }

  /** Returns when the next is due of hooks other than those; null: none waits. */
  nextAt(without: { hooks: readonly string[]; ids: readonly number[] }): number | null {
    const row = this.#statements.get<{ at: number | null }>(
      `SELECT min(next_at) AS at FROM deliveries d WHERE ${isFirst}
       AND hook NOT IN (SELECT value FROM json_each(?)) AND id NOT IN (SELECT value FROM json_each(?))`,
      ...[JSON.stringify(without.hooks), JSON.stringify(without.ids)],
    );
    return row?.at ?? null;
  }

  succeed(id: number): void {
    this.#statements.prepare('DELETE FROM deliveries WHERE id = ?').run(id);
  }

  /**
   * @param nextAt null: it is given up
   * @param heldUntil until when the hook has asked to be left alone; null: it has not
   */
  fail(id: number, error: string, nextAt: number | null, heldUntil: number | null = null): void {
    this.#statements
      .prepare(
        'UPDATE deliveries SET attempts = attempts + 1, error = ?, next_at = ?, held_until = ? WHERE id = ?',
      )
      .run(error, nextAt, heldUntil, id);
  }

  /** Gives what waits for a hook, and what was given up, to the name that the hook has now. */
  rename(from: string, to: string): void {
    this.#statements.prepare('UPDATE deliveries SET hook = ? WHERE hook = ?').run(to, from);
  }

  /** Replaces what a delivery sends, such as when only some of its recipients are left. */
  rewrite(id: number, payload: string): void {
    this.#statements.prepare('UPDATE deliveries SET payload = ? WHERE id = ?').run(payload, id);
  }

  /**
   * Has what waits of a hook tried at once, but for what its server has asked to wait for.
   * @param hook null: of every hook
   */
  hurry(hook: string | null, now: number): void {
    this.#statements
      .prepare(
        `UPDATE deliveries SET next_at = max(?, coalesce(held_until, 0))
         WHERE next_at > ? AND (? IS NULL OR hook = ?)`,
      )
      .run(now, now, hook, hook);
  }

  /** Returns since when the oldest delivery waits that was tried in vain; null: none was. */
  failingSince(): number | null {
    const row = this.#statements.get<{ at: number | null }>(
      'SELECT min(at) AS at FROM deliveries WHERE next_at IS NOT NULL AND attempts > 0',
    );
    return row?.at ?? null;
  }

  /** Returns since when the oldest delivery of each hook waits that was tried in vain, in milliseconds since the epoch. */
  failingHooks(): [hook: string, since: number][] {
    return this.#statements
      .all<{ hook: string; at: number }>(
        'SELECT hook, min(at) AS at FROM deliveries WHERE next_at IS NOT NULL AND attempts > 0 GROUP BY hook',
      )
      .map(({ hook, at }) => [hook, at]);
  }

  /** Returns what waits under a key. */
  waiting(key: string): { id: number; hook: string; attempts: number }[] {
    return this.#statements.all(
      'SELECT id, hook, attempts FROM deliveries WHERE key = ? AND next_at IS NOT NULL',
      key,
    );
  }

  list({ limit, offset, state }: DeliveryQuery): { items: Delivery[]; total: number } {
    const where = state === undefined ? '' : `WHERE next_at IS ${state === 'waiting' ? 'NOT NULL' : 'NULL'}`;
    const rows = this.#statements.all<Row>(
      `SELECT id, hook, title, at, attempts, next_at, error FROM deliveries ${where} ORDER BY id DESC LIMIT ? OFFSET ?`,
      limit,
      offset,
    );
    const { total } = this.#statements.one<{ total: number }>(
      `SELECT count(*) AS total FROM deliveries ${where}`,
    );
    return { items: rows.map(asDelivery), total };
  }

  /** Tries some, or all that were given up, again. @returns how many there were */
  retry(ids: readonly number[] | null, now: number): number {
    const again = 'UPDATE deliveries SET next_at = ?, attempts = 0, held_until = NULL WHERE';
    if (ids === null) return Number(this.#statements.prepare(`${again} next_at IS NULL`).run(now).changes);
    const one = this.#statements.prepare(`${again} id = ?`);
    return ids.reduce((sum, id) => sum + Number(one.run(now, id).changes), 0);
  }

  /** Forgets some, or all that were given up. @returns how many there were */
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

/** An outbox whose deliveries have ids that none on disk has. */
export function memoryOutbox(): Outbox {
  const database = memoryDatabase();
  database.exec("INSERT INTO sqlite_sequence (name, seq) VALUES ('deliveries', 1000000000000)");
  return new Outbox(database);
}
