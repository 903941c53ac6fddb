import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** Runs a command and returns what it printed. @throws where it cannot be run, or fails */
export type RunCommand = (command: string, args: readonly string[]) => Promise<string>;

const execute = promisify(execFile);
const usualMs = 2_000;

/**
 * Runs a short command of the system, for two seconds at most. The timeout of Node would throw away what a command has answered while this
 * program was busy for longer, as with a large history at its start: the command would count as successful, and its answer as empty.
 */
export async function runCommand(
  command: string,
  args: readonly string[],
  maxMs: number = usualMs,
): Promise<string> {
  const running = execute(command, args);
  const { child } = running;
  const timer = setTimeout(() => {
    child.kill(); // Of one that has ended the answer is read all the same.
    // What it printed is read by then. A program that it has left behind holds the pipes, and is not waited for.
    setImmediate(() => {
      for (const pipe of [child.stdout, child.stderr]) pipe?.destroy();
    });
  }, maxMs);
  try {
    return (await running).stdout;
  } finally {
    clearTimeout(timer);
  }
}
