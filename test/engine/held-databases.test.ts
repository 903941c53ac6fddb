import { spawnSync } from 'node:child_process';
import { linkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadInputFile } from '../../electron/engine/probe/files/input-file.ts';
import { walkFolder } from '../../electron/engine/probe/files/walk.ts';
import { openDataFolder } from '../../electron/engine/store/data-folder.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const source = join(import.meta.dirname, '../../electron/engine/store/data-folder.ts');

/** Whether another process can take the folder. */
function isFree(folder: string): boolean {
  const script = `import { openDataFolder } from ${JSON.stringify(source)}; openDataFolder(${JSON.stringify(folder)});`;
  return spawnSync(process.execPath, ['--input-type=module', '-e', script]).status === 0;
}

/** fcntl(2): a process loses all its locks on a file when it closes any descriptor of it. */
describe('the databases of a data folder in use', () => {
  const { signal } = new AbortController();
  const load = (path: string) => loadInputFile('The certificate file', 'target.file', path, signal);

  it('are neither read as certificate files nor found in a folder, by whatever name, so that the lock stays', async () => {
    using outer = temporaryFolder();
    const path = outer.file('data');
    using folder = openDataFolder(path);
    writeFileSync(folder.file('mine.pem'), 'text');
    linkSync(folder.file('lock.sqlite'), outer.file('alias.pem'));
    const { files } = await walkFolder(outer.path);
    expect(files).toEqual([folder.file('lock.pid'), folder.file('mine.pem')]);
    for (const name of [folder.file('lock.sqlite'), outer.file('alias.pem')])
      await expect(load(name)).rejects.toThrow(/is a database that NotAfter has open/);
    expect((await load(folder.file('mine.pem'))).toString()).toBe('text');
    expect(isFree(path)).toBe(false);
  });

  it('are files like any other once they are closed', async () => {
    using folder = temporaryFolder();
    writeFileSync(folder.file('history.sqlite'), 'text');
    openDataFolder(folder.path)[Symbol.dispose]();
    expect((await load(folder.file('history.sqlite'))).toString()).toBe('text');
  });
});
