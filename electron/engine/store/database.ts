import { chmodSync, existsSync, renameSync, statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { Worker } from 'node:worker_threads';
import { stamp } from './backups.ts';
import { DataFolderError } from './data-folder.ts';

/** Statements that bring a database from one version to the next; its version is SQLite's user_version. */
const migrations: readonly string[] = [
  `
  CREATE TABLE jobs (id INTEGER PRIMARY KEY, uuid TEXT NOT NULL UNIQUE);

  -- What recurs from check to check is stored once and pointed at, so that a result is a row of numbers.
  CREATE TABLE certificates (
    id INTEGER PRIMARY KEY,
    fingerprint BLOB NOT NULL UNIQUE,
    der BLOB NOT NULL,
    facts TEXT NOT NULL,
    not_before INTEGER NOT NULL,
    not_after INTEGER NOT NULL,
    issuer TEXT NOT NULL
  );
  CREATE TABLE chains (id INTEGER PRIMARY KEY, leaf INTEGER NOT NULL, members TEXT NOT NULL UNIQUE);
  CREATE TABLE texts (id INTEGER PRIMARY KEY, json TEXT NOT NULL UNIQUE);

  CREATE TABLE results (
    job INTEGER NOT NULL,
    at INTEGER NOT NULL,
    status INTEGER NOT NULL,
    chain INTEGER,
    problems INTEGER NOT NULL,
    connection INTEGER NOT NULL,
    dns_us INTEGER, tcp_us INTEGER, starttls_us INTEGER, tls_us INTEGER, total_us INTEGER NOT NULL,
    PRIMARY KEY (job, at)
  ) WITHOUT ROWID;
  CREATE INDEX results_by_time ON results (at);

  CREATE TABLE alerts (
    id INTEGER PRIMARY KEY,
    job TEXT NOT NULL,
    key TEXT NOT NULL,
    at INTEGER NOT NULL,
    kind TEXT NOT NULL,
    severity TEXT NOT NULL,
    title TEXT NOT NULL,
    body TEXT NOT NULL,
    is_said INTEGER NOT NULL DEFAULT 1,
    UNIQUE (job, key)
  );
  CREATE INDEX alerts_by_time ON alerts (at);
  `,
  `
  -- The newest result is the one that was added last, also where the clock was set back.
  ALTER TABLE jobs ADD COLUMN last INTEGER;
  UPDATE jobs SET last = (SELECT max(at) FROM results WHERE job = jobs.id);
  ALTER TABLE results ADD COLUMN missed INTEGER NOT NULL DEFAULT 0;

  -- Which leaf a job showed from when to when: renewals are read off it, without going through all results.
  CREATE TABLE sightings (
    job INTEGER NOT NULL,
    certificate INTEGER NOT NULL,
    first_at INTEGER NOT NULL,
    last_at INTEGER NOT NULL,
    PRIMARY KEY (job, certificate)
  ) WITHOUT ROWID;
  INSERT INTO sightings (job, certificate, first_at, last_at)
    SELECT r.job, c.leaf, min(r.at), max(r.at) FROM results r JOIN chains c ON c.id = r.chain
    GROUP BY r.job, c.leaf;
  `,
  `
  -- An alert is said, ends, and can be acknowledged or snoozed. What was covered by another was never one of its own.
  ALTER TABLE alerts RENAME TO alerts_2;
  DROP INDEX alerts_by_time;
  CREATE TABLE alerts (
    id INTEGER PRIMARY KEY,
    job TEXT NOT NULL,
    key TEXT NOT NULL,
    at INTEGER NOT NULL,
    kind TEXT NOT NULL,
    severity TEXT NOT NULL,
    title TEXT NOT NULL,
    body TEXT NOT NULL,
    said_at INTEGER,
    ended_at INTEGER,
    acknowledged_at INTEGER,
    snoozed TEXT
  );
  -- The newest of a job may still be true; the next result tells.
  INSERT INTO alerts (id, job, key, at, kind, severity, title, body, said_at, ended_at)
    SELECT id, job,
      CASE kind
        WHEN 'expired' THEN key
        WHEN 'expiring' THEN severity || substr(key, instr(substr(key, 10), ':') + 9)
        ELSE kind
      END,
      at, kind, severity, title, body, at,
      (SELECT min(later.at) FROM alerts_2 later WHERE later.job = a.job AND later.is_said AND later.id > a.id)
    FROM alerts_2 a WHERE is_said;
  DROP TABLE alerts_2;
  CREATE INDEX alerts_by_time ON alerts (at);
  CREATE INDEX alerts_standing ON alerts (job) WHERE ended_at IS NULL;

  -- What is remembered of a job from result to result, for its alerts.
  CREATE TABLE alert_memory (job TEXT PRIMARY KEY, memory TEXT NOT NULL) WITHOUT ROWID;
  `,
  `
  -- What is to be delivered to hooks. next_at NULL: it was given up.
  CREATE TABLE deliveries (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    hook TEXT NOT NULL,
    title TEXT NOT NULL,
    payload TEXT NOT NULL,
    at INTEGER NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    next_at INTEGER,
    error TEXT
  );
  CREATE INDEX deliveries_waiting ON deliveries (hook, id) WHERE next_at IS NOT NULL;
  `,
  `
  -- Alerts are named as other tools name them: notified, resolved, renewal overdue. Inside a JSON string a quote has a
  -- backslash, so the patterns below match names and values of the payload only.
  ALTER TABLE alerts RENAME COLUMN said_at TO notified_at;
  ALTER TABLE alerts RENAME COLUMN ended_at TO resolved_at;
  UPDATE alerts SET kind = 'renewal-overdue' WHERE kind = 'overdue';
  UPDATE deliveries SET payload = replace(replace(replace(replace(payload,
    '"saidAt":', '"notifiedAt":'), '"endedAt":', '"resolvedAt":'),
    '"kind":"overdue"', '"kind":"renewal-overdue"'), '"event":"ended"', '"event":"resolved"');
  `,
  `
  -- An alert keeps its key while it grows worse or better: how bad it is, and was when people were notified last.
  ALTER TABLE alerts ADD COLUMN level INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE alerts ADD COLUMN notified_level INTEGER;
  UPDATE alerts SET level = CASE
    WHEN key GLOB 'expired:*' THEN 3 WHEN key GLOB 'overdue:*' THEN 0
    WHEN severity = 'critical' THEN 2 WHEN severity = 'warning' THEN 1 ELSE 0 END;
  UPDATE alerts SET notified_level = level WHERE notified_at IS NOT NULL;
  UPDATE alerts SET key = 'expiry:' || substr(key, instr(key, ':') + 1)
    WHERE key GLOB 'overdue:*' OR key GLOB 'warning:*' OR key GLOB 'critical:*' OR key GLOB 'expired:*';
  `,
  `
  -- Deliveries keep their order for each key, and not for each hook. What waits from before has a key of its own.
  ALTER TABLE deliveries ADD COLUMN key TEXT NOT NULL DEFAULT '';
  ALTER TABLE deliveries ADD COLUMN held_until INTEGER;
  UPDATE deliveries SET key = 'before ' || id;
  -- Each message has an id, as those that are written from now on.
  UPDATE deliveries SET payload = json_set(payload, '$.id', lower(hex(randomblob(16)))) WHERE json_valid(payload);
  DROP INDEX deliveries_waiting;
  CREATE INDEX deliveries_waiting ON deliveries (hook, key, id) WHERE next_at IS NOT NULL;
  `,
  `
  -- How often people were reminded of an open alert.
  ALTER TABLE alerts ADD COLUMN reminders INTEGER NOT NULL DEFAULT 0;
  `,
];

/** An open database, and the sentence for the person where a broken one was set aside for it. */
export interface OpenDatabase {
  database: DatabaseSync;
  warning: string | null;
}

/** For how long a start waits for a lock of another program. */
const openingTimeoutMs = 5_000;

/** A database of up to this size is looked through before it is used; a larger one meanwhile, by `findDamage`. */
const largestCheckedFirst = 32 * 1024 * 1024;

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

/** Runs in a thread of its own, so it is given as text: a bundler would not find a file. */
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
  if (statSync(path).size <= largestCheckedFirst)
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
    if (statSync(path).size <= largestCheckedFirst) checkSoundness(database);
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
  const { quick_check: finding } = database.prepare('PRAGMA quick_check(1)').get() as { quick_check: string };
  if (finding !== 'ok') throw new DamagedDatabase(finding);
}

function migrate(database: DatabaseSync, path: string): void {
  const { user_version: version } = database.prepare('PRAGMA user_version').get() as { user_version: number };
  if (version > migrations.length) {
    throw new DataFolderError(
      `${path} was written by a newer NotAfter. Update this one; the file was left as it is.`,
    );
  }
  for (const [index, migration] of migrations.entries()) {
    if (index >= version) {
      database.exec(`BEGIN; ${migration} PRAGMA user_version = ${index + 1}; COMMIT;`);
    }
  }
}
