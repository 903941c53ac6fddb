import { existsSync, renameSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
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
];

/** An open database, and the sentence for the person where a broken one was set aside for it. */
export interface OpenDatabase {
  database: DatabaseSync;
  warning: string | null;
}

/**
 * Opens the database of results and alerts, made or brought up to date if need be. One that is broken is set aside: jobs
 * are more precious than history, and go on without it. Closing it is the caller's.
 * @throws DataFolderError where a newer NotAfter wrote it
 */
export function openDatabase(path: string, now = Date.now()): OpenDatabase {
  try {
    return { database: openSound(path), warning: null };
  } catch (error) {
    if (!isDamage(error)) throw error;
    const aside = path.replace(/\.sqlite$/, `.broken-${stamp(now)}.sqlite`);
    for (const suffix of ['', '-wal', '-shm']) {
      if (existsSync(path + suffix)) renameSync(path + suffix, aside + suffix);
    }
    const warning = `The history of checks could not be read. It was kept as ${aside}, and a new one was begun; your jobs are unharmed.`;
    return { database: openSound(path), warning };
  }
}

/** A file of which SQLite itself says that it is damaged. */
class DamagedDatabase extends Error {}

function isDamage(error: unknown): boolean {
  return error instanceof DamagedDatabase || /malformed|not a database|disk image/i.test(String(error));
}

function openSound(path: string): DatabaseSync {
  const database = new DatabaseSync(path);
  try {
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;');
    const { quick_check: finding } = database.prepare('PRAGMA quick_check(1)').get() as {
      quick_check: string;
    };
    if (finding !== 'ok') throw new DamagedDatabase(finding);
    migrate(database, path);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
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
