import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { expect, it } from 'vitest';
import { runCommand } from '../../../electron/desktop/os/run-command.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const maxMs = 20;

it('has the answer of a command that ended in time, though this program was busy for longer', async () => {
  using folder = temporaryFolder();
  const ended = folder.file('ended');
  const answer = runCommand('sh', ['-c', 'printf "(true,)"; exec touch "$0"', ended], maxMs);
  const begin = performance.now();
  // Blocks as the opening of a large history does. Each round starts a program, so that the other one has time to end.
  while (!existsSync(ended) || performance.now() - begin < 3 * maxMs)
    execFileSync(process.execPath, ['-e', '']);
  expect(await answer).toBe('(true,)');
});

it.each([
  ['takes too long', 'exec sleep 600'],
  ['fails', 'printf "(true,)"; exit 1'],
])('rejects for a command that %s', async (_, script) => {
  await expect(runCommand('sh', ['-c', script], maxMs)).rejects.toThrow();
});

it('rejects for a command that is not there', async () => {
  await expect(runCommand('notafter-no-such-command', [])).rejects.toThrow('ENOENT');
});

it('waits for no program that a command has left behind with its output', async () => {
  using folder = temporaryFolder();
  const script = '(while [ -d "$0" ]; do sleep 0.1; done) & exec sleep 600';
  await expect(runCommand('sh', ['-c', script, folder.path], maxMs)).rejects.toThrow();
});
