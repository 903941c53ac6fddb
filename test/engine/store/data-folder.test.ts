import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  DataFolderError,
  defaultDataFolder,
  openDataFolder,
} from '../../../electron/engine/store/data-folder.ts';
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
