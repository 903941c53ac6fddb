import { chmodSync, existsSync, renameSync, statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { Worker } from 'node:worker_threads';
import { stamp } from './backups.ts';
import { DataFolderError } from './data-folder-error.ts';
import { backUpDatabase } from './database-backup.ts';
import { migrations } from './database-migrations.ts';
import { Statements } from './statements.ts';

/** An open database, and the sentence for the person where a broken one was set aside for it. */
export interface OpenDatabase {
  database: DatabaseSync;
  warning: string | null;
}

/** For how long a start waits for a lock of another program. */
const openingTimeoutMs = 5_000;

/** A database of up to this size is looked through before it is used; a larger one meanwhile, by `findDamage`. */
const maxCheckedFirst = 32 * 1024 * 1024;

/**
 * Opens the database of results and alerts, made or brought up to date if need be. One that is broken is set aside: jobs
 * are more precious than history, and go on without it. Closing it is the caller's.
 * @throws DataFolderError where a newer NotAfter wrote it
 */
export function openDatabase(path: string, now = Date.now()): OpenDatabase {
  try {
    return { database: openSound(path), warning: null };
  } catch (error) {
    if (!isDamage(error)) throw asFolderError(error, path);
    return beginAnew(path, now);
  }
}

/** Sets a broken database aside and begins a new one. It must be closed. */
export function beginAnew(path: string, now: number): OpenDatabase {
  const aside = path.replace(/\.sqlite$/, `.broken-${stamp(now)}.sqlite`);
  for (const suffix of ['', '-wal', '-shm']) {
    if (existsSync(path + suffix)) renameSync(path + suffix, aside + suffix);
  }
  const warning = `The history of checks could not be read. It was kept as ${aside}, and a new one was begun; your jobs are unharmed.`;
  return { database: openSound(path), warning };
}

/** Runs in a worker thread, so it is given as text: a bundler would not find a file. */
const damageWorker = `
const { DatabaseSync } = require('node:sqlite');
const { parentPort, workerData } = require('node:worker_threads');
const database = new DatabaseSync(workerData, { readOnly: true });
parentPort.postMessage(database.prepare('PRAGMA quick_check(1)').get().quick_check);
database.close();
`;

/**
 * Looks through a database that was too large to be looked through when it was opened.
 * @returns whether it is damaged, and what ends the search
 */
export function findDamage(path: string): { found: Promise<boolean>; cancel: () => Promise<void> } {
  if (statSync(path).size <= maxCheckedFirst)
    return { found: Promise.resolve(false), cancel: async () => undefined };
  const worker = new Worker(damageWorker, { eval: true, workerData: path });
  const { promise, resolve } = Promise.withResolvers<boolean>();
  worker.once('message', (finding) => resolve(finding !== 'ok'));
  worker.once('error', (error) => resolve(isDamage(error)));
  worker.once('exit', () => resolve(false));
  worker.unref();
  return { found: promise, cancel: async () => void (await worker.terminate()) };
}

function asFolderError(error: unknown, path: string): unknown {
  const reason = storageFault(error);
  return reason === null ? error : new DataFolderError(`${path} cannot be used: ${reason}`);
}

/** SQLite's primary result codes that name a cause outside of NotAfter: https://sqlite.org/rescode.html. */
const storageFaults: Readonly<Record<number, string>> = {
  3: 'access to it is denied.',
  5: 'another program has locked it.',
  6: 'another program has locked it.',
  7: 'there is no memory left.',
  8: 'it may not be written to.',
  10: 'the disk is full, or fails to read and write.',
  13: 'the disk is full.',
  14: 'it cannot be opened.',
  15: 'another program has locked it.',
  22: 'the disk cannot hold a file of its size.',
  23: 'access to it is denied.',
};

/** Codes that only a wrong statement or a wrong call brings about: SQLITE_ERROR, INTERNAL, TOOBIG, CONSTRAINT, MISMATCH, MISUSE, RANGE. */
const bugs: readonly number[] = [1, 2, 18, 19, 20, 21, 25];

function primaryCode(error: unknown): number | null {
  if (!(error instanceof Error) || !('errcode' in error) || typeof error.errcode !== 'number') return null;
  return error.errcode & 0xff;
}

/** Returns what storage did not do, as the end of a sentence; null where the error is a bug's. */
export function storageFault(error: unknown): string | null {
  const code = primaryCode(error);
  if (code === null || bugs.includes(code)) return null;
  return storageFaults[code] ?? `SQLite reports error ${code}.`;
}

/** Returns whether another program holds the database (SQLITE_BUSY, SQLITE_LOCKED, SQLITE_PROTOCOL): it passes by itself. */
export function isLockedOut(error: unknown): boolean {
  return [5, 6, 15].includes(primaryCode(error) ?? 0);
}

/**
 * Sets for how long a statement waits for a lock of another program, in milliseconds: a backup tool holds one for a moment.
 * The wait stops everything else, so it is short (https://sqlite.org/c3ref/busy_timeout.html).
 */
export function setBusyTimeout(database: DatabaseSync, ms: number): void {
  database.exec(`PRAGMA busy_timeout = ${ms}`);
}

/** A file of which SQLite itself says that it is damaged. */
class DamagedDatabase extends Error {}

export function isDamage(error: unknown): boolean {
  return error instanceof DamagedDatabase || /malformed|not a database|disk image/i.test(String(error));
}

function openSound(path: string): DatabaseSync {
  const database = new DatabaseSync(path);
  try {
    chmodSync(path, 0o600); // SQLite's files beside it take after it.
    setBusyTimeout(database, openingTimeoutMs);
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;');
    if (statSync(path).size <= maxCheckedFirst) checkSoundness(database);
    migrate(database, path);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** A database in memory: for a history that is played through and not kept. */
export function memoryDatabase(): DatabaseSync {
  const database = new DatabaseSync(':memory:');
  migrate(database, ':memory:');
  return database;
}

function checkSoundness(database: DatabaseSync): void {
  const { quick_check: finding } = new Statements(database).one<{ quick_check: string }>(
    'PRAGMA quick_check(1)',
  );
  if (finding !== 'ok') throw new DamagedDatabase(finding);
}

function migrate(database: DatabaseSync, path: string): void {
  const { user_version: version } = new Statements(database).one<{ user_version: number }>(
    'PRAGMA user_version',
  );
  if (version > migrations.length) {
    throw new DataFolderError(
      `${path} was written by a newer NotAfter. Update this one; the file was left as it is.`,
    );
  }
  // A new file has the version 0.
  if (version > 0 && version < migrations.length) backUpDatabase(database, path, version);
  for (const [index, migration] of migrations.entries()) {
    if (index >= version) {
      database.exec(`BEGIN; ${migration} PRAGMA user_version = ${index + 1}; COMMIT;`);
    }
  }
}
