import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CommandPlace, CommandPlaceError } from '../../../electron/desktop/os/cli-install.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

/** A home without anything in it, and a program that says how it was called. */
function setUp() {
  const folder = temporaryFolder();
  const program = folder.file("it's NotAfter.AppImage");
  writeFileSync(program, '#!/bin/sh\necho "called: $*"\nexit 2\n', { mode: 0o755 });
  const place = (environment: NodeJS.ProcessEnv = {}, own: string | null = program) =>
    new CommandPlace({
      platform: 'linux',
      environment: { HOME: folder.path, PATH: '/nowhere', ...environment },
      program: own,
    });
  return { folder, program, place, path: join(folder.path, '.local/bin/notafter') };
}

describe('the command’s place', () => {
  it('is found nowhere at first, and passes words and exit status on once it is put there', () => {
    const { folder, place, path } = setUp();
    using _ = folder;
    expect(place().found).toBeNull();
    place().put();
    expect(place().found).toBe(path);
    const { stdout, status } = spawnSync(path, ['check', 'a b', '--json'], { encoding: 'utf8' });
    expect({ stdout, status }).toEqual({ stdout: 'called: check a b --json\n', status: 2 });
  });

  it('is where a package has put it', () => {
    const { folder, place } = setUp();
    using _ = folder;
    mkdirSync(folder.file('bin'));
    writeFileSync(folder.file('bin/notafter'), '', { mode: 0o755 });
    expect(place({ PATH: `/nowhere:${folder.file('bin')}` }).found).toBe(folder.file('bin/notafter'));
  });

  it('is written anew where the program has moved, and only where it is ours', () => {
    const { folder, place, path } = setUp();
    using _ = folder;
    place().refresh();
    expect(place().found).toBeNull();
    place().put();
    place({}, folder.file('moved')).refresh();
    expect(readFileSync(path, 'utf8')).toContain(folder.file('moved'));
    writeFileSync(path, 'somebody else’s');
    place().refresh();
    expect(() => place().put()).toThrow(/already exists and does not belong to NotAfter/);
    expect(readFileSync(path, 'utf8')).toBe('somebody else’s');
  });

  it('says what to do where it may not be written', () => {
    const { folder, place } = setUp();
    using _ = folder;
    writeFileSync(folder.file('.local'), 'no folder');
    expect(() => place().put()).toThrow(
      /\((ENOTDIR|EEXIST)\)\. In a terminal: sudo mkdir -p .+ && sudo ln -sf/,
    );
  });

  it('is none for a copy that was not packed', () => {
    const { folder, place } = setUp();
    using _ = folder;
    expect(place({}, null).canPut).toBe(false);
    expect(() => place({}, null).put()).toThrow(CommandPlaceError);
  });
});

describe('the script in macOS’ app', () => {
  it('finds the program through any number of links, and marks what follows as its own', () => {
    using folder = temporaryFolder();
    const contents = folder.file('NotAfter.app/Contents');
    mkdirSync(join(contents, 'MacOS'), { recursive: true });
    mkdirSync(join(contents, 'Resources/bin'), { recursive: true });
    mkdirSync(folder.file('bin'));
    writeFileSync(join(contents, 'MacOS/NotAfter'), '#!/bin/sh\necho "called: $*"\n', { mode: 0o755 });
    const script = readFileSync(join(import.meta.dirname, '../../../build/package/bin-mac/notafter'), 'utf8');
    const own = join(contents, 'Resources/bin/notafter');
    writeFileSync(own, script);
    chmodSync(own, 0o755);
    symlinkSync(own, folder.file('bin/one'));
    symlinkSync('one', folder.file('bin/notafter'));
    for (const path of [own, folder.file('bin/one'), folder.file('bin/notafter')])
      expect(execFileSync(path, ['status', 'a b'], { encoding: 'utf8' })).toBe('called: -- status a b\n');
  });
});
