import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
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
    const script = `
      import { rmSync, writeFileSync } from 'node:fs';
      import { openDataFolder } from ${JSON.stringify(source)};
      let rounds = 0;
      while (rounds < 50) {
        let held;
        try { held = openDataFolder(${JSON.stringify(folder.path)}); } catch { continue; }
        writeFileSync(${JSON.stringify(folder.file('owner'))}, '', { flag: 'wx' });
        rmSync(${JSON.stringify(folder.file('owner'))});
        held[Symbol.dispose]();
        rounds++;
      }`;
    const ends = await Promise.all(
      [1, 2, 3].map(async () => {
        const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
          stdio: ['ignore', 'inherit', 'inherit'],
        });
        const [code] = await once(child, 'close');
        return code;
      }),
    );
    expect(ends).toEqual([0, 0, 0]);
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
