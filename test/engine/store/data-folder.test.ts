import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, copyFileSync, existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { defaultDataFolder, openDataFolder } from '../../../electron/engine/store/data-folder.ts';
import { DataFolderError } from '../../../electron/engine/store/data-folder-error.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const source = join(import.meta.dirname, '../../../electron/engine/store/data-folder.ts');

/** Another process that holds the folder until it is killed. */
async function holder(folder: string) {
  const script = `import { openDataFolder } from ${JSON.stringify(source)}; openDataFolder(${JSON.stringify(folder)}); gc(); await 0; gc(); console.log('held'); setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--expose-gc', '--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  return Object.assign(child, { [Symbol.dispose]: () => void child.kill('SIGKILL') });
}

/** Whether another process can take the folder. @param uid whose it is; this one's by default */
async function takenElsewhere(folder: string, uid?: number): Promise<boolean> {
  const script = `import { openDataFolder } from ${JSON.stringify(source)}; openDataFolder(${JSON.stringify(folder)});`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: 'ignore',
    ...(uid === undefined ? {} : { uid, gid: uid }),
  });
  const [code] = await once(child, 'close');
  return code === 0;
}

describe('openDataFolder', () => {
  it('makes the folder, and lets go of it', () => {
    using parent = temporaryFolder();
    const path = parent.file('deep/er');
    openDataFolder(path)[Symbol.dispose]();
    openDataFolder(path)[Symbol.dispose]();
  });

  it('refuses a folder that another process holds, naming it, until that process is killed', async () => {
    using folder = temporaryFolder();
    using child = await holder(folder.path);
    expect(() => openDataFolder(folder.path)).toThrow(new RegExp(`already runs on .*process ${child.pid}`));
    child.kill('SIGKILL');
    await once(child, 'close');
    openDataFolder(folder.path)[Symbol.dispose]();
  });

  it('leaves no file of its lock behind', () => {
    using folder = temporaryFolder();
    openDataFolder(folder.path)[Symbol.dispose]();
    expect(readdirSync(folder.path)).toEqual([]);
  });

  it('belongs to one process at a time, however many take it and release it', async () => {
    using folder = temporaryFolder();
    const owner = JSON.stringify(folder.file('owner'));
    // Held for a moment of its own length each time, so that releases fall between the steps of the others.
    const script = `
      import { rmSync, writeFileSync } from 'node:fs';
      import { openDataFolder } from ${JSON.stringify(source)};
      const nothing = new Int32Array(new SharedArrayBuffer(4));
      for (let rounds = 0; rounds < 60; ) {
        let held;
        try { held = openDataFolder(${JSON.stringify(folder.path)}); } catch { continue; }
        writeFileSync(${owner}, '', { flag: 'wx' });
        Atomics.wait(nothing, 0, 0, Math.random() * 3);
        rmSync(${owner});
        held[Symbol.dispose]();
        rounds++;
      }`;
    const ends = await Promise.all(
      Array.from({ length: 8 }, async () => {
        const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
          stdio: ['ignore', 'inherit', 'inherit'],
        });
        const [code] = await once(child, 'close');
        return code;
      }),
    );
    expect(ends).toEqual(Array.from({ length: 8 }, () => 0));
  }, 60_000);

  it('stays locked while a second take in its own process is refused', async () => {
    using folder = temporaryFolder();
    using _ = openDataFolder(folder.path);
    expect(() => openDataFolder(folder.path)).toThrow(/already runs/);
    expect(await takenElsewhere(folder.path)).toBe(false);
  });

  it.runIf(process.getuid?.() === 0)('is refused where its lock file may only be read', async () => {
    using folder = temporaryFolder();
    chmodSync(folder.path, 0o777);
    writeFileSync(folder.file('lock.sqlite'), '', { mode: 0o644 });
    expect(await takenElsewhere(folder.path, 65534)).toBe(false);
  });

  it('releases only its own lock file, not one that another process made after it was deleted', async () => {
    using folder = temporaryFolder();
    const first = openDataFolder(folder.path);
    rmSync(folder.file('lock.sqlite'));
    using child = await holder(folder.path);
    first[Symbol.dispose]();
    expect(() => openDataFolder(folder.path)).toThrow(new RegExp(`process ${child.pid}`));
  });

  it('removes the journal that an older version left beside its lock file', () => {
    using folder = temporaryFolder();
    {
      // As versions before this one locked: within a transaction that writes. A kill leaves the journal.
      using old = new DatabaseSync(folder.file('lock.sqlite'));
      old.exec('PRAGMA user_version = 1; BEGIN EXCLUSIVE; CREATE TABLE held (a)');
      copyFileSync(folder.file('lock.sqlite-journal'), folder.file('kept'));
      old.exec('ROLLBACK');
    }
    copyFileSync(folder.file('kept'), folder.file('lock.sqlite-journal'));
    {
      using _ = openDataFolder(folder.path);
      expect(existsSync(folder.file('lock.sqlite-journal'))).toBe(false);
    }
    expect(existsSync(folder.file('lock.sqlite'))).toBe(false);
  });

  it.runIf(process.platform === 'linux')(
    'is refused in a file system that makes no folders, and does not wait for ever',
    () => {
      expect(() => openDataFolder('/proc/notafter/data')).toThrow(
        'The data folder /proc/notafter/data cannot be made (ENOENT).',
      );
      using folder = temporaryFolder();
      writeFileSync(folder.file('file'), '');
      expect(() => openDataFolder(folder.file('file'))).toThrow('cannot be made (ENOTDIR)');
    },
  );

  it('names the file where it is no database, and what to do', () => {
    using folder = temporaryFolder();
    writeFileSync(folder.file('lock.sqlite'), 'not a database '.repeat(100));
    expect(() => openDataFolder(folder.path)).toThrow(
      /lock\.sqlite cannot be locked \(.*\)\. Remove the file/,
    );
  });

  it('says so where the folder cannot be made', () => {
    using parent = temporaryFolder();
    writeFileSync(parent.file('file'), '');
    expect(() => openDataFolder(parent.file('file/below'))).toThrow(DataFolderError);
  });
});

describe('defaultDataFolder', () => {
  it('is where Electron keeps an app named NotAfter', () => {
    expect(defaultDataFolder('linux', { XDG_CONFIG_HOME: '/conf' })).toBe(join('/conf', 'NotAfter'));
    expect(defaultDataFolder('linux', {})).toMatch(/[\\/]\.config[\\/]NotAfter$/);
    expect(defaultDataFolder('darwin', {})).toMatch(/Application Support[\\/]NotAfter$/);
    expect(defaultDataFolder('win32', { APPDATA: 'C:\\Roaming' })).toBe(join('C:\\Roaming', 'NotAfter'));
  });
});
