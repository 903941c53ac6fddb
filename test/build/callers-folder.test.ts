import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { callersFolder } from '../../build/callers-folder.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const root = join(import.meta.dirname, '../..');

describe('callersFolder', () => {
  it('is the folder in which npm was called, for its scripts alone', () => {
    using folder = temporaryFolder();
    expect(callersFolder({ INIT_CWD: folder.path, npm_lifecycle_event: 'notafter' })).toBe(folder.path);
    expect(callersFolder({ INIT_CWD: folder.path })).toBe(process.cwd());
    expect(callersFolder({ INIT_CWD: folder.file('gone'), npm_lifecycle_event: 'start' })).toBe(
      process.cwd(),
    );
    expect(callersFolder({})).toBe(process.cwd());
  });

  it('is where npm run notafter looks for files', async () => {
    using folder = temporaryFolder();
    mkdirSync(folder.file('certificates'));
    const child = spawn(process.execPath, ['build/run.js', 'build/notafter.ts', 'files', './certificates/'], {
      cwd: root,
      env: { ...process.env, INIT_CWD: folder.path, npm_lifecycle_event: 'notafter' },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const [words] = await Promise.all([once(child.stderr, 'data'), once(child, 'close')]);
    expect(String(words[0])).toBe('notafter: No file matches ./certificates/.\n');
  });
});
