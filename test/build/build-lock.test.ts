import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');
const stamp = join(root, 'dist/built');

describe('two builds at once', () => {
  it('write dist/ one after the other: the second waits, and says so', async () => {
    using lock = new DatabaseSync(join(root, 'node_modules/.notafter-build.sqlite'));
    lock.exec('BEGIN EXCLUSIVE');
    const before = statSync(stamp).mtimeMs;
    // What `npm test` runs: it builds in any case.
    const child = spawn(process.execPath, ['build/run.js', 'build/build.ts'], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const words = Promise.race([once(child.stderr, 'data'), once(child.stdout, 'data')]);
    expect(String((await words)[0])).toBe('Waiting for another build of NotAfter…\n');
    child.kill('SIGKILL');
    await once(child, 'close');
    expect(statSync(stamp).mtimeMs).toBe(before);
  });
});
