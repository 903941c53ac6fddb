import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../support/temporary-folder.ts';

const root = join(import.meta.dirname, '../..');
const app = join(root, 'dist/app');
const program = join(app, 'notafter.js');
const lister = join(root, 'test/support/list-modules.ts');

/** The text of all files of the program that a command line loads. */
function loadedBy(...args: string[]): string {
  const { stderr } = spawnSync(process.execPath, ['--import', lister, program, ...args], {
    encoding: 'utf8',
    env: { ...process.env, NODE_DISABLE_COMPILE_CACHE: '1' },
  });
  const [, names = ''] = /\nloaded (.*)\n$/.exec(stderr) ?? [];
  const paths = names.split(' ').flatMap((name) => [join(app, name), join(app, 'chunks', name)]);
  return paths.map((path) => (existsSync(path) ? readFileSync(path, 'utf8') : '')).join('\n');
}

/** What is in the files of each part of the program, whatever they are called. */
const parts = {
  prober: 'Prober = class',
  engine: 'Engine = class',
  store: 'ConfigStore = class',
  api: 'ApiService = class',
  metrics: 'Metrics = class',
  schemas: '_zod.',
};
const partsIn = (text: string) =>
  Object.keys(parts).filter((part) => text.includes(parts[part as keyof typeof parts]));

describe('a start of the command line loads', () => {
  it('nothing of the engine to say its version', () => {
    const all = readdirSync(join(app, 'chunks')).map((name) =>
      readFileSync(join(app, 'chunks', name), 'utf8'),
    );
    expect(partsIn(all.join('\n'))).toEqual(Object.keys(parts));
    const loaded = loadedBy('--version');
    expect(loaded).toContain('runCli');
    expect(partsIn(loaded)).toEqual([]);
  });

  it('no service, API or metrics to check a host', () => {
    expect(partsIn(loadedBy('check', 'localhost:1'))).toEqual(['prober', 'schemas']);
  });

  it('every command for the help', () => {
    const help = execFileSync(process.execPath, [program, '--help'], { encoding: 'utf8' });
    for (const name of ['check', 'serve', 'replay', 'jobs', 'status', 'complete'])
      expect(help).toMatch(new RegExp(`^  ${name}\\b`, 'm'));
    expect(spawnSync(process.execPath, [program, 'chek'], { encoding: 'utf8' })).toMatchObject({
      status: 64,
      stderr: expect.stringContaining('Did you mean check?'),
    });
  });

  it('no bundler to find out that there is nothing to build', () => {
    const text = ['build.ts', 'build-lock.ts'].map((name) => readFileSync(join(root, 'build', name), 'utf8'));
    expect(text.join('\n').match(/^import .* from '(?!node:|\.\/build-lock\.ts)/gm) ?? []).toEqual([]);
  });
});

describe.skipIf(process.platform === 'win32')('compiled code', () => {
  const start = (cache: string) =>
    execFileSync(process.execPath, [program, '--version'], {
      env: { ...process.env, XDG_CACHE_HOME: cache, HOME: cache },
    });

  it('is kept in the user’s own cache folder', () => {
    using cache = temporaryFolder();
    start(cache.path);
    const [folder] = readdirSync(cache.path, { recursive: true, encoding: 'utf8' }).filter((name) =>
      name.endsWith('compiled'),
    );
    expect(readdirSync(cache.file(folder ?? ''), { recursive: true }).length).toBeGreaterThan(2);
    expect((statSync(join(cache.file(folder ?? ''), '..')).mode & 0o077).toString(8)).toBe('0');
  });

  it.runIf(process.platform === 'linux')('is not read from a folder that others can write to', () => {
    using cache = temporaryFolder();
    mkdirSync(cache.file('NotAfter'));
    chmodSync(cache.file('NotAfter'), 0o777);
    start(cache.path);
    expect(existsSync(cache.file('NotAfter/compiled'))).toBe(false);
  });

  it('is never kept by the desktop app, whose archive is checked', () => {
    const main = readFileSync(join(root, 'electron/main.ts'), 'utf8');
    expect(main).not.toMatch(/compile-cache|enableCompileCache/);
  });
});
