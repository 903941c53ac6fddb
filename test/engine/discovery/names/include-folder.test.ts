import { execFileSync } from 'node:child_process';
import { mkdirSync, promises, symlinkSync, writeFileSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { createServer } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { IncludeFolder } from '../../../../electron/engine/discovery/names/include-folder.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

/** Every path that the file system is asked for, by whichever call. */
function watchFileSystem(): string[] {
  const asked: string[] = [];
  for (const name of [
    'lstat',
    'open',
    'opendir',
    'readdir',
    'readlink',
    'readFile',
    'realpath',
    'stat',
  ] as const) {
    const real = promises[name] as (...args: unknown[]) => unknown;
    vi.spyOn(promises, name).mockImplementation(((...args: unknown[]) => {
      asked.push(String(args[0]));
      return real.apply(promises, args);
    }) as never);
  }
  syncBuiltinESMExports();
  return asked;
}

afterEach(() => {
  vi.restoreAllMocks();
  syncBuiltinESMExports();
});

/** A folder with a configuration in it, and another one that it must not reach. */
function twoFolders() {
  const own = temporaryFolder();
  const other = temporaryFolder();
  mkdirSync(own.file('conf.d'));
  mkdirSync(other.file('deep'));
  writeFileSync(own.file('conf.d/a.conf'), 'a');
  writeFileSync(other.file('secret.conf'), 'secret');
  writeFileSync(other.file('deep/secret.conf'), 'secret');
  const open = async (pattern: string, base = '') => {
    const { texts, notes } = await new IncludeFolder(own.path, new AbortController().signal).open(
      pattern,
      1,
      {
        base,
        takesFolders: true,
      },
    );
    return { texts: texts.map(({ text }) => text), notes };
  };
  return {
    own,
    other,
    open,
    [Symbol.dispose]() {
      own[Symbol.dispose]();
      other[Symbol.dispose]();
    },
  };
}

describe('what a configuration includes', () => {
  it('asks the file system for nothing outside of its folder, through no link and no glob', async () => {
    using folders = twoFolders();
    const { own, other, open } = folders;
    symlinkSync(other.path, own.file('away'));
    symlinkSync(other.file('secret.conf'), own.file('conf.d/link.conf'));
    symlinkSync('away', own.file('twice'));
    symlinkSync(`../..${other.path}`, own.file('conf.d/up'));
    const asked = watchFileSystem();
    const patterns = [
      other.file('secret.conf'),
      `${other.path}/*.conf`,
      `../${other.path.split('/').at(-1)}/secret.conf`,
      'away/secret.conf',
      'away/*.conf',
      'away/deep',
      'twice/secret.conf',
      '*/secret.conf',
      '**/secret.conf',
      'conf.d/link.conf',
      'conf.d/up/secret.conf',
      '//server/share/x.conf',
      '/net/server/x.conf',
      '/dev/stdin',
      '/proc/self/environ',
    ];
    for (const pattern of patterns) expect([pattern, (await open(pattern)).texts]).toEqual([pattern, []]);
    expect((await open('secret.conf', other.path)).texts).toEqual([]);
    expect((await open('conf.d/*.conf')).texts).toEqual(['a']);
    expect(asked.length).toBeGreaterThan(0);
    expect(asked.filter((path) => !path.startsWith(own.path))).toEqual([]);
  });

  it('follows links that stay in the folder, and the folder’s own', async () => {
    using folders = twoFolders();
    const { own } = folders;
    mkdirSync(own.file('available'));
    writeFileSync(own.file('available/b.conf'), 'b');
    symlinkSync('../available/b.conf', own.file('conf.d/b.conf'));
    symlinkSync(own.file('available'), own.file('conf.d/all'));
    using names = temporaryFolder();
    symlinkSync(own.path, names.file('etc'));
    const signal = new AbortController().signal;
    const open = async (folder: string, pattern: string) =>
      (await new IncludeFolder(folder, signal).open(pattern, 1, {})).texts.map(({ text }) => text);
    expect(await open(own.path, 'conf.d/*.conf')).toEqual(['a', 'b']);
    expect(await open(own.path, 'conf.d/all/b.conf')).toEqual(['b']);
    expect(await open(own.path, 'conf.d/*/*.conf')).toEqual(['b']);
    expect(await open(names.file('etc'), `${names.file('etc')}/conf.d/a.conf`)).toEqual(['a']);
    expect(await open(names.file('etc'), own.file('conf.d/a.conf'))).toEqual(['a']);
  });

  it('opens no pipe, socket or loop of links, and says so', async () => {
    using folders = twoFolders();
    const { own, open } = folders;
    execFileSync('mkfifo', [own.file('pipe.conf')]);
    symlinkSync('pipe.conf', own.file('to-pipe.conf'));
    symlinkSync('loop.conf', own.file('loop.conf'));
    symlinkSync('/dev/zero', own.file('zero.conf'));
    const server = createServer().listen(own.file('socket.conf'));
    await new Promise((resolve) => server.once('listening', resolve));
    try {
      for (const name of ['pipe.conf', 'to-pipe.conf', 'socket.conf'])
        expect(await open(name)).toEqual({
          texts: [],
          notes: [`${own.file(name)} is not opened: it is not a regular file.`],
        });
      for (const name of ['loop.conf', 'zero.conf'])
        expect(await open(name)).toEqual({
          texts: [],
          notes: [`${own.file(name)} is not opened: it points outside ${own.path}.`],
        });
      expect(await open('*.conf')).toMatchObject({ texts: [] });
    } finally {
      server.close();
    }
  });
});
