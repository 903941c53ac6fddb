import { readFileSync } from 'node:fs';
import { forJson, forTerminal } from '../../../shared/text/foreign-text.ts';
import { HistoryFileError, readHistoryFile } from '../../engine/alerts/simulation/history-file.ts';
import { playThrough, type Said } from '../../engine/alerts/simulation/simulator.ts';
import { UsageError } from '../exit-status.ts';

/**
 * `notafter replay`: plays a history through the alert policy and prints what would have been said, and when.
 * @param path a file; `-` stands for standard input
 * @throws UsageError for a file that cannot be read, with the line
 */
export function runReplay(
  path: string,
  { json }: { json: boolean },
  output: Pick<NodeJS.WriteStream, 'write'>,
): void {
  const said = playThrough(readHistory(path));
  if (json) {
    for (const { at, ...what } of said)
      output.write(`${forJson(JSON.stringify({ at: new Date(at).toISOString(), ...what }))}\n`);
    return;
  }
  if (said.length === 0) output.write('Nothing would have been said.\n');
  for (const what of said) output.write(describe(what));
}

function readHistory(path: string) {
  try {
    return readHistoryFile(readFileSync(path === '-' ? process.stdin.fd : path, 'utf8'));
  } catch (error) {
    if (error instanceof HistoryFileError)
      throw new UsageError(`${path}: ${error.message}`, { cause: error });
    const reason = (error as NodeJS.ErrnoException).code;
    if (reason !== undefined) throw new UsageError(`${path} cannot be read (${reason}).`, { cause: error });
    throw error;
  }
}

function describe({ at, type, severity, title, body }: Said): string {
  const time = new Date(at).toISOString().replace('T', ' ').slice(0, 16);
  const kind = type === 'alert' ? severity : type;
  return `${time}  ${kind.padEnd(8)}  ${forTerminal(title)}\n${' '.repeat(28)}${forTerminal(body)}\n`;
}
