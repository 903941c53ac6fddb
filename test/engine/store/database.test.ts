import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { findDamage, openDatabase } from '../../../electron/engine/store/database.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

describe('openDatabase', () => {
  it('opens what it made', () => {
    using folder = temporaryFolder();
    const path = folder.file('history.sqlite');
    openDatabase(path).database.close();
    const { database, warning } = openDatabase(path);
    expect(warning).toBeNull();
    database.close();
  });

  it.each([
    [
      'is no database',
      (path: string) => writeFileSync(path, 'this is no database, however long it may be'.repeat(100)),
    ],
    ['has a broken page', (path: string) => breakPage(path)],
  ])('sets one aside that %s, and begins a new one', (_what, spoil) => {
    using folder = temporaryFolder();
    const path = folder.file('history.sqlite');
    spoil(path);
    const { database, warning } = openDatabase(path, Date.parse('2026-11-24T10:00:00Z'));
    expect(warning).toMatch(
      /kept as .*history\.broken-2026-11-24T10-00-00-000Z\.sqlite.*your jobs are unharmed/,
    );
    expect(database.prepare('SELECT count(*) AS number FROM results').get()).toEqual({ number: 0 });
    database.close();
    expect(readdirSync(folder.path)).toContain('history.broken-2026-11-24T10-00-00-000Z.sqlite');
  });

  it('refuses one of a newer version and leaves it as it is', () => {
    using folder = temporaryFolder();
    const path = folder.file('history.sqlite');
    const newer = new DatabaseSync(path);
    newer.exec('PRAGMA user_version = 99');
    newer.close();
    expect(() => openDatabase(path)).toThrow(/written by a newer NotAfter/);
    expect(readdirSync(folder.path)).toEqual(['history.sqlite']);
  });
});

describe('findDamage', () => {
  /** A database that is too large to be looked through before it is used. */
  function large(path: string): void {
    const { database } = openDatabase(path);
    database.exec('BEGIN');
    const insert = database.prepare('INSERT INTO texts (json) VALUES (?)');
    for (let index = 0; index < 400; index += 1) insert.run(`${index}${'x'.repeat(100_000)}`);
    database.exec('COMMIT; PRAGMA wal_checkpoint(TRUNCATE); PRAGMA journal_mode = DELETE;');
    database.close();
  }
  it('looks through a large database while it is used, and finds what is broken', async () => {
    using folder = temporaryFolder();
    const path = folder.file('history.sqlite');
    large(path);
    expect(await findDamage(path).found).toBe(false);
    const file = new Uint8Array(readFileSync(path));
    file.fill(0xa5, Math.floor(file.length / 2));
    writeFileSync(path, file);
    const { database } = openDatabase(path);
    expect(await findDamage(path).found).toBe(true);
    database.close();
  });
  it('can be ended', async () => {
    using folder = temporaryFolder();
    const path = folder.file('history.sqlite');
    large(path);
    const search = findDamage(path);
    await search.cancel();
    expect(await search.found).toBe(false);
  });
});

/** Overwrites the pages behind the first, as a failing disk might. */
function breakPage(path: string): void {
  const { database } = openDatabase(path);
  for (let index = 0; index < 2000; index += 1)
    database.exec(`INSERT INTO texts (json) VALUES ('text ${index}')`);
  database.exec('PRAGMA wal_checkpoint(TRUNCATE); PRAGMA journal_mode = DELETE;');
  database.close();
  const file = new Uint8Array(readFileSync(path));
  file.fill(0xa5, 8192, file.length - 4096);
  writeFileSync(path, file);
}
