import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { openFileLog } from '../../electron/engine/file-log.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

describe('the log file', () => {
  it('rotates: the newest lines are in it, those before in one more file, and the rest is gone', () => {
    using folder = temporaryFolder();
    const log = openFileLog({ path: folder.file('logs/notafter.log'), echo: null });
    const line = 'checked www.example.com: ok, expires in 60 days '.repeat(20);
    for (let number = 0; number < 6_000; number += 1) log.info(`${line}${number}`);
    log.flush?.();
    expect(readdirSync(folder.file('logs')).sort()).toEqual(['notafter.log', 'notafter.old.log']);
    for (const name of readdirSync(folder.file('logs')))
      expect(statSync(folder.file(`logs/${name}`)).size).toBeLessThan(2.2 * 1024 * 1024);
    const newest = readFileSync(folder.file('logs/notafter.log'), 'utf8').trimEnd().split('\n').at(-1);
    expect(newest).toMatch(/^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2} info checked .* 5999$/);
  });

  it('writes lines of one moment together, each with its own time, on its stream too', async () => {
    using folder = temporaryFolder();
    const echo = new PassThrough();
    const log = openFileLog({ path: folder.file('notafter.log'), echo });
    const lines = () =>
      existsSync(folder.file('notafter.log'))
        ? readFileSync(folder.file('notafter.log'), 'utf8').trimEnd().split('\n')
        : [];
    log.info('one');
    log.info('two');
    expect(lines()).toEqual([]);
    await expect.poll(lines).toHaveLength(2);
    expect(lines()).toEqual(
      ['one', 'two'].map((word) => expect.stringMatching(new RegExp(`^[\\d-]{10} [\\d:]{8} info ${word}$`))),
    );
    expect(String(echo.read())).toMatch(/^[\d:]{8} info one\n[\d:]{8} info two\n$/);
    // A warning is written at once, after what waits.
    log.info('three');
    log.warn('four');
    expect(lines().map((line) => line.split(' ').at(-1))).toEqual(['one', 'two', 'three', 'four']);
    for (let number = 0; number < 1_000; number += 1) log.info('x'.repeat(100));
    expect(lines().length).toBeGreaterThan(900);
  });

  it('has every line at the end of the process', () => {
    using folder = temporaryFolder();
    const module = new URL('../../electron/engine/file-log.ts', import.meta.url).href;
    const script = `import { openFileLog } from '${module}'; openFileLog({ path: '${folder.file('a.log')}', echo: null }).info('last words'); process.exit(0);`;
    execFileSync(process.execPath, ['--input-type=module', '-e', script]);
    expect(readFileSync(folder.file('a.log'), 'utf8')).toMatch(/info last words\n$/);
  });

  it('says what was wrong, with where it came from', () => {
    using folder = temporaryFolder();
    const log = openFileLog({ path: folder.file('notafter.log'), echo: null });
    log.error('the check failed', new Error('what was wrong'));
    log.error('the check failed', 'no error at all');
    const text = readFileSync(folder.file('notafter.log'), 'utf8');
    expect(text).toMatch(/error the check failed: Error: what was wrong\n\s+at /);
    expect(text).toContain('error the check failed: no error at all');
  });
});

describe('the log of a service', () => {
  it('is written wherever the program is started from (security finding 18)', async () => {
    using folder = temporaryFolder();
    using elsewhere = temporaryFolder();
    // No package.json above it: electron-log cannot find a name for the app.
    cpSync(join(import.meta.dirname, '../../dist'), elsewhere.file('dist'), { recursive: true });
    const child = spawn(
      process.execPath,
      [elsewhere.file('dist/app/notafter.js'), 'serve', '--port', '0', '--data', folder.path, '--json'],
      { cwd: elsewhere.path, stdio: ['ignore', 'pipe', 'ignore'] },
    );
    await once(child.stdout, 'data');
    child.kill('SIGTERM');
    await once(child, 'close');
    expect(readFileSync(folder.file('logs/notafter.log'), 'utf8')).toMatch(/info NotAfter .* watches 0 jobs/);
  });
});
