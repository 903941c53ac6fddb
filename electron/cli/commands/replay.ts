import { forJson, forTerminal } from '../../../shared/text/foreign-text.ts';
import { HistoryFileError, readHistoryFile } from '../../engine/alerts/simulation/history-file.ts';
import { playThrough, type SimulatedNotification } from '../../engine/alerts/simulation/simulator.ts';
import { UsageError } from '../exit-status.ts';
import { inputName, readTextFile } from '../text-files.ts';

/**
 * `notafter replay`: plays a history through the alert policy and prints the notifications that would have been sent.
 * @param path a file; `-` is standard input
 * @throws UsageError for a file that cannot be read, with the line
 */
export function runReplay(
  path: string,
  { json }: { json: boolean },
  output: Pick<NodeJS.WriteStream, 'write'>,
): void {
  const notifications = playThrough(readHistory(path));
  if (json) {
    for (const { at, ...what } of notifications)
      output.write(`${forJson(JSON.stringify({ at: new Date(at).toISOString(), ...what }))}\n`);
    return;
  }
  if (notifications.length === 0) output.write('No notification would have been sent.\n');
  for (const what of notifications) output.write(describe(what));
}

function readHistory(path: string) {
  const { text } = readTextFile(path);
  try {
    return readHistoryFile(text);
  } catch (error) {
    if (!(error instanceof HistoryFileError)) throw error;
    throw new UsageError(`${inputName(path)}: ${error.message}`, { cause: error });
  }
}

function describe({ at, type, severity, title, body }: SimulatedNotification): string {
  const time = new Date(at).toISOString().replace('T', ' ').slice(0, 16);
  const kind = type === 'alert' ? severity : type;
  return `${time}  ${kind.padEnd(8)}  ${forTerminal(title)}\n${' '.repeat(28)}${forTerminal(body)}\n`;
}
