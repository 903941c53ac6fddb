import { shortName } from '../../../shared/domain/distinguished-name.ts';
import { forJson, forTerminal } from '../../../shared/text/foreign-text.ts';
import { count } from '../../../shared/text/words.ts';
import { describeFile, type FileDescription } from '../../engine/probe/files/describe-file.ts';
import { usualExcludes } from '../../engine/probe/files/walk.ts';
import { UsageError } from '../exit-status.ts';
import { renderTable } from '../formats/table.ts';
import { filesOfArgument } from './file-arguments.ts';

export interface FilesOptions {
  exclude: string[];
  passphraseFile?: string;
  format: 'table' | 'json';
}

/** Reading one file takes no longer, in milliseconds. */
const timeoutMs = 60_000;

/**
 * `notafter files`: says what files are and which certificates they hold.
 * @returns the exit status: 1 where a file cannot be read
 * @throws UsageError for a path without a file
 */
export async function runFiles(
  paths: readonly string[],
  { exclude, passphraseFile = undefined, format }: FilesOptions,
  output: NodeJS.WriteStream,
): Promise<number> {
  const described: FileDescription[] = [];
  const unreadable: string[] = [];
  for (const path of paths) {
    const argument = await filesOfArgument(path, {
      exclude: exclude.length > 0 ? exclude : usualExcludes,
      isPathOnly: true,
    });
    if (!argument) throw new UsageError(`${path} does not exist.`);
    unreadable.push(...argument.unreadable.map((one) => `${one.path} cannot be read (${one.code}).`));
    for (const file of argument.files) {
      const target = { file, passphraseFile: passphraseFile ?? null };
      described.push(await describeFile(target, AbortSignal.timeout(timeoutMs)));
    }
    if (argument.isCut) unreadable.push(`${path} contains more files than NotAfter reads.`);
  }
  if (format === 'json') output.write(`${forJson(JSON.stringify(described, null, 2))}\n`);
  else output.write(filesText(described, output));
  for (const sentence of unreadable) process.stderr.write(`notafter: ${forTerminal(sentence)}\n`);
  return unreadable.length > 0 || described.some(({ isUnreadable }) => isUnreadable) ? 1 : 0;
}

function filesText(described: readonly FileDescription[], stream: NodeJS.WriteStream): string {
  const rows = described.flatMap(({ path, form, entries }) =>
    entries.map(({ label, role, hasKey, subject, validTo }) => [
      path,
      form ?? '',
      label ?? '',
      hasKey ? `${role} with key` : role,
      shortName(subject) || subject,
      validTo.slice(0, 10),
    ]),
  );
  const table =
    rows.length === 0
      ? ''
      : renderTable(['FILE', 'FORM', 'ENTRY', 'ROLE', 'SUBJECT', 'EXPIRES'], rows, stream);
  const others = described.flatMap(({ message }) => (message === null ? [] : [`${forTerminal(message)}\n`]));
  const total = described.reduce((sum, { entries }) => sum + entries.length, 0);
  const summary = `${count(total, 'certificate')} in ${count(described.length, 'file')}.\n`;
  return `${table}${others.join('')}${summary}`;
}
