import { DatabaseSync } from 'node:sqlite';

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

/** Opens the database of results and alerts, made or brought up to date if need be. Closing it is the caller's. */
export function openDatabase(path: string): DatabaseSync {
  const database = new DatabaseSync(path);
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;');
  const { user_version: version } = database.prepare('PRAGMA user_version').get() as { user_version: number };
  if (version > migrations.length) {
    database.close();
    throw new Error(`${path} was written by a newer NotAfter.`);
  }
  for (const [index, migration] of migrations.entries()) {
    if (index >= version) {
      database.exec(`BEGIN; ${migration} PRAGMA user_version = ${index + 1}; COMMIT;`);
    }
  }
  return database;
}
