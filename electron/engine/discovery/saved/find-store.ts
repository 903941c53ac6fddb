import type { DatabaseSync } from 'node:sqlite';
import { readIpAddress } from '../../../../shared/domain/discovery/address-range.ts';
import { type Found, foundSchema } from '../../../../shared/schema/discovery.ts';
import { Statements } from '../../store/statements.ts';
import { parseStored, readStored } from '../../store/stored-json.ts';
import { watchKeys } from './watch-keys.ts';

/** A find as it is kept. Times are milliseconds since the epoch. */
export interface StoredFind {
  id: number;
  discoveryId: string;
  found: Found;
  firstAt: number;
  lastAt: number;
  changedAt: number | null;
  /** The run that saw it last, the one that found it first or again, and the one that saw its certificate change last. */
  run: number;
  firstRun: number;
  changedRun: number | null;
  /** How many complete runs in a row have missed it. */
  missed: number;
  vanishedAt: number | null;
  isIgnored: boolean;
}

/** What tells the state of a find, without what was found. */
export interface FindMark extends Pick<StoredFind, 'id' | 'isIgnored' | 'vanishedAt' | 'lastAt'> {
  keys: readonly string[];
  needsName: boolean;
}

/** Where a find is, and the names that it was shown for. */
export interface FindOutline extends Pick<Found, 'address' | 'port' | 'names'> {
  id: number;
}

interface Row {
  id: number;
  discovery: string;
  found: string;
  keys: string;
  needs_name: number;
  first_at: number;
  last_at: number;
  changed_at: number | null;
  run: number;
  first_run: number;
  changed_run: number | null;
  missed: number;
  vanished_at: number | null;
  is_ignored: number;
}

type MarkRow = Pick<Row, 'id' | 'keys' | 'needs_name' | 'last_at' | 'vanished_at' | 'is_ignored'>;

/** The most finds that are kept of all searches. */
const maxFinds = 50_000;

/** Finds of saved searches. */
export class FindStore {
  readonly #statements: Statements;

  constructor(database: DatabaseSync) {
    this.#statements = new Statements(database);
  }

  /** Returns where finds of a search are. */
  places(discoveryId: string): { address: string; port: number }[] {
    const sql = 'SELECT DISTINCT address, port FROM discovery_finds WHERE discovery = ?';
    return this.#statements.all<{ address: string; port: number }>(sql, discoveryId);
  }

  /** Returns the finds of a search at one place. Uses an index. */
  at(
    discoveryId: string,
    { address, port, starttls }: Pick<Found, 'address' | 'port' | 'starttls'>,
  ): StoredFind[] {
    const sql =
      'SELECT * FROM discovery_finds WHERE discovery = ? AND address = ? AND port = ? AND starttls = ?';
    return this.#statements.all<Row>(sql, discoveryId, address, port, starttls ?? '').flatMap(findOf);
  }

  /** Returns a find; null where there is none with this id. */
  get(id: number): StoredFind | null {
    const row = this.#statements.get<Row>('SELECT * FROM discovery_finds WHERE id = ?', id);
    return row ? (findOf(row)[0] ?? null) : null;
  }

  /** Returns every find of a search, or of all, by address and port. */
  all(discoveryId: string | null): StoredFind[] {
    const sql = 'SELECT * FROM discovery_finds WHERE ? IS NULL OR discovery = ? ORDER BY place, id';
    return this.#statements.all<Row>(sql, discoveryId, discoveryId).flatMap(findOf);
  }

  /** Returns the finds of a search, or of all, whose text holds every word: those that a filter has to look at. @param words in lower case */
  holding(discoveryId: string | null, words: readonly string[]): StoredFind[] {
    const filter = words.map(() => 'AND instr(lower(found), ?) > 0').join(' ');
    const sql = `SELECT * FROM discovery_finds WHERE (? IS NULL OR discovery = ?) ${filter} ORDER BY place, id`;
    return this.#statements.all<Row>(sql, discoveryId, discoveryId, ...words).flatMap(findOf);
  }

  /** Returns what tells the states of the finds of a search, or of all. @param ids of these alone: then no other row is read */
  marks(discoveryId: string | null, ids?: readonly number[]): FindMark[] {
    const columns = 'id, keys, needs_name, last_at, vanished_at, is_ignored';
    return this.#among<MarkRow>(columns, discoveryId, ids, 'ORDER BY place, id').map((row) => ({
      id: row.id,
      keys: row.keys.split(' '),
      needsName: row.needs_name === 1,
      lastAt: row.last_at,
      vanishedAt: row.vanished_at,
      isIgnored: row.is_ignored === 1,
    }));
  }

  /** Returns where each find of a search, or of all, is and its names. @param ids of these alone: then no other row is read */
  outlines(discoveryId: string | null, ids?: readonly number[]): FindOutline[] {
    const columns = "id, address, port, json_extract(found, '$.names') AS names";
    return this.#among<Omit<FindOutline, 'names'> & { names: string }>(columns, discoveryId, ids).map(
      (row) => ({ ...row, names: readStored<string[]>(row.names) }),
    );
  }

  /** Reads columns of the finds of a search, or of all: those with some ids by their key, else every one. */
  #among<Columns>(
    columns: string,
    discoveryId: string | null,
    ids?: readonly number[],
    order = '',
  ): Columns[] {
    const sql = (more: string) =>
      `SELECT ${columns} FROM discovery_finds WHERE ${more}(?1 IS NULL OR discovery = ?1) ${order}`;
    if (!ids) return this.#statements.all<Columns>(sql(''), discoveryId);
    const byKey = sql('id IN (SELECT value FROM json_each(?2)) AND ');
    return this.#statements.all<Columns>(byKey, discoveryId, JSON.stringify(ids));
  }

  /** Ignores some finds or no longer, all or none. @returns how many changed */
  setIgnored(ids: readonly number[], isIgnored: boolean): number {
    const sql =
      'UPDATE discovery_finds SET is_ignored = ?1 WHERE is_ignored <> ?1 AND id IN (SELECT value FROM json_each(?2))';
    return Number(this.#statements.prepare(sql).run(Number(isIgnored), JSON.stringify(ids)).changes);
  }

  /** Keeps a find that is new. @returns it; null where there are as many as are kept */
  add(find: Omit<StoredFind, 'id'>): StoredFind | null {
    const { count } = this.#statements.one<{ count: number }>(
      'SELECT count(*) AS count FROM discovery_finds',
    );
    if (count >= maxFinds) return null;
    const { discoveryId, found, firstAt, lastAt, run } = find;
    const { lastInsertRowid } = this.#statements
      .prepare(
        `INSERT INTO discovery_finds (discovery, address, port, starttls, place, found, keys, needs_name, first_at, last_at, run, first_run)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      )
      .run(
        discoveryId,
        found.address,
        found.port,
        found.starttls ?? '',
        placeOf(found),
        JSON.stringify(found),
        watchKeys(found).join(' '),
        Number(found.state === 'needs-name'),
        firstAt,
        lastAt,
        run,
        run,
      );
    return { ...find, id: Number(lastInsertRowid) };
  }

  /** Writes down what changed of a find. */
  update(find: StoredFind): void {
    const { id, found, lastAt, changedAt, run, firstRun, changedRun, missed, vanishedAt, isIgnored } = find;
    this.#statements
      .prepare(
        `UPDATE discovery_finds SET found = ?, keys = ?, needs_name = ?, last_at = ?, changed_at = ?, run = ?, first_run = ?,
         changed_run = ?, missed = ?, vanished_at = ?, is_ignored = ? WHERE id = ?`,
      )
      .run(
        JSON.stringify(found),
        watchKeys(found).join(' '),
        Number(found.state === 'needs-name'),
        lastAt,
        changedAt,
        run,
        firstRun,
        changedRun,
        missed,
        vanishedAt,
        Number(isIgnored),
        id,
      );
  }

  remove(id: number): void {
    this.#statements.prepare('DELETE FROM discovery_finds WHERE id = ?').run(id);
  }

  /** Deletes some finds, all or none. */
  removeAll(ids: readonly number[]): void {
    this.#statements
      .prepare('DELETE FROM discovery_finds WHERE id IN (SELECT value FROM json_each(?))')
      .run(JSON.stringify(ids));
  }

  /** Deletes finds that vanished before a time. */
  forgetVanished(before: number): void {
    this.#statements.prepare('DELETE FROM discovery_finds WHERE vanished_at < ?').run(before);
  }

  /** Deletes the finds of a search. */
  forget(discoveryId: string): void {
    this.#statements.prepare('DELETE FROM discovery_finds WHERE discovery = ?').run(discoveryId);
  }
}

/** Sorts IPv4 before IPv6, each by number, then by port. */
function placeOf({ address, port }: Pick<Found, 'address' | 'port'>): string {
  const { family, value } = readIpAddress(address.split('%', 1)[0] ?? '') ?? { family: 6, value: 0n };
  return `${family} ${value.toString(16).padStart(32, '0')} ${String(port).padStart(5, '0')}`;
}

/** None where the row cannot be read: it is found again. */
function findOf(row: Row): StoredFind[] {
  const found = parseStored(foundSchema, row.found);
  if (!found) return [];
  return [
    {
      id: row.id,
      discoveryId: row.discovery,
      found,
      firstAt: row.first_at,
      lastAt: row.last_at,
      changedAt: row.changed_at,
      run: row.run,
      firstRun: row.first_run,
      changedRun: row.changed_run,
      missed: row.missed,
      vanishedAt: row.vanished_at,
      isIgnored: row.is_ignored === 1,
    },
  ];
}
