import { chmodSync, mkdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { openDataFolder } from '../../../electron/engine/store/data-folder.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const mode = (path: string) => (statSync(path).mode & 0o777).toString(8);

describe.skipIf(process.platform === 'win32')('the modes of a data folder', () => {
  it('are closed at every start, whatever left them open (security finding 17)', () => {
    using parent = temporaryFolder();
    const path = parent.file('data');
    mkdirSync(`${path}/backups`, { recursive: true });
    mkdirSync(`${path}/logs`);
    const ours = [
      'token',
      'config.json',
      'history.sqlite',
      'history.sqlite-wal',
      'lock.sqlite',
      'backups/a.json',
      'logs/notafter.log',
      'config.broken-2026-11-25T10-00-00.json',
    ];
    for (const name of ours) {
      if (name === 'lock.sqlite') new DatabaseSync(`${path}/${name}`).close();
      else writeFileSync(`${path}/${name}`, '');
      chmodSync(`${path}/${name}`, 0o644);
    }
    for (const folder of [path, `${path}/backups`, `${path}/logs`]) chmodSync(folder, 0o755);
    using folder = openDataFolder(path);
    expect(folder.warning).toBeNull();
    expect(Object.fromEntries(ours.map((name) => [name, mode(`${path}/${name}`)]))).toEqual(
      Object.fromEntries(ours.map((name) => [name, '600'])),
    );
    expect([path, `${path}/backups`, `${path}/logs`].map(mode)).toEqual(['700', '700', '700']);
  });

  it('makes the lock for its owner alone, in a folder that others may read', () => {
    using parent = temporaryFolder();
    chmodSync(parent.path, 0o755);
    writeFileSync(parent.file('notes.txt'), 'another program’s');
    chmodSync(parent.file('notes.txt'), 0o644);
    using _ = openDataFolder(parent.path);
    expect(mode(parent.file('lock.sqlite'))).toBe('600');
    // The folder is not NotAfter's alone: it and what is in it stay as they are.
    expect(mode(parent.path)).toBe('755');
    expect(mode(parent.file('notes.txt'))).toBe('644');
  });

  it('leave alone what a link of our name leads to, and say that others can replace files', () => {
    using parent = temporaryFolder();
    using elsewhere = temporaryFolder();
    writeFileSync(elsewhere.file('theirs'), '');
    chmodSync(elsewhere.file('theirs'), 0o644);
    symlinkSync(elsewhere.file('theirs'), parent.file('token'));
    writeFileSync(parent.file('notes.txt'), '');
    chmodSync(parent.path, 0o777);
    using folder = openDataFolder(parent.path);
    expect(mode(elsewhere.file('theirs'))).toBe('644');
    expect(folder.warning).toMatch(/can replace files/);
  });

  it('never close a folder that is shared on purpose', () => {
    using parent = temporaryFolder();
    chmodSync(parent.path, 0o1777);
    using _ = openDataFolder(parent.path);
    expect((statSync(parent.path).mode & 0o1777).toString(8)).toBe('1777');
  });
});

describe('a lock that another program holds', () => {
  it('is not taken for a NotAfter, and is told of (security finding 17)', () => {
    using folder = temporaryFolder();
    using stranger = new DatabaseSync(folder.file('lock.sqlite'));
    stranger.exec('CREATE TABLE t (x); BEGIN; SELECT * FROM t;'); // A shared lock, as any reader holds.
    expect(() => openDataFolder(folder.path)).toThrow(
      /Another program holds .*lock\.sqlite.* that is no NotAfter/,
    );
    stranger.exec('COMMIT');
    openDataFolder(folder.path)[Symbol.dispose]();
  });
});
