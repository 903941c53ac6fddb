import '../../../engine/plain-sentences.ts';
import type { TransferReport } from '../../../../shared/contract/transfer-report.ts';
import { wholeExportFormat, wholeExportSchema } from '../../../../shared/schema/whole-export.ts';
import { forJson, forTerminal } from '../../../../shared/text/foreign-text.ts';
import { count } from '../../../../shared/text/words.ts';
import type { RemoteContext } from '../../command-group.ts';
import { UsageError } from '../../exit-status.ts';
import { inputName, readTextFile, writeOutput } from '../../text-files.ts';

/** `export`: writes everything that a person has set up. */
export async function exportAll({ remote, output }: RemoteContext, path: string | undefined): Promise<void> {
  const whole = await remote.transfer.export();
  const text = `${forJson(JSON.stringify(whole, null, 2))}\n`;
  writeOutput(text, path, output);
  if (path === undefined) return;
  const { jobs, sources, searches, missing } = whole;
  const lines = [
    `Exported settings, ${count(sources.length, 'source')}, ${count(searches.length, 'saved search', 'saved searches')} and ${count(jobs.length, 'job')}.`,
    ...missing,
  ];
  output.write(lines.map((line) => `${forTerminal(line)}\n`).join(''));
}

/** `import`: shows what an import would do, and does it where that was asked for. @returns 1 where something was left out */
export async function importAll(
  { remote, output }: RemoteContext,
  path: string,
  { yes, json }: { yes: boolean; json: boolean },
): Promise<number> {
  const report = await remote.transfer.import({ body: readWhole(path), query: { dryRun: !yes } });
  output.write(json ? `${forJson(JSON.stringify(report, null, 2))}\n` : reportText(report));
  const isWhole = report.jobs.invalid === 0 && report.changes.every(({ outcome }) => outcome !== 'left-out');
  return isWhole ? 0 : 1;
}

/** @throws UsageError where the file is none that `export` wrote */
function readWhole(path: string) {
  const { text } = readTextFile(path);
  const name = inputName(path);
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (error) {
    throw new UsageError(`${name} is not JSON.`, { cause: error });
  }
  const parsed = wholeExportSchema.safeParse(content);
  if (parsed.success) return parsed.data;
  // Without the mark of an export it is another file, and its fields say nothing.
  if (!isMarked(content))
    throw new UsageError(
      `${name} is not an export of NotAfter. For a list of hosts, use notafter jobs import.`,
    );
  const [{ path: field = [], message = '' } = {}] = parsed.error.issues;
  throw new UsageError(
    `${name} cannot be imported: ${field.length > 0 ? `${field.join('.')}: ` : ''}${message}`,
  );
}

const isMarked = (content: unknown): boolean =>
  typeof content === 'object' &&
  content !== null &&
  'format' in content &&
  content.format === wholeExportFormat;

function reportText({ dryRun, changes, jobs, missing }: TransferReport): string {
  const shown = changes.filter(({ outcome, message }) => outcome !== 'unchanged' || message !== null);
  const left = jobs.entries.filter(({ outcome }) => outcome === 'invalid');
  const { added, merged, duplicates, invalid } = jobs;
  const lines = [
    ...shown.map(
      ({ what, name, outcome, message }) =>
        `${outcome}: ${what} ${name}${message === null ? '' : ` (${message})`}`,
    ),
    ...left.map(({ line, text, message }) => `left-out: job ${line} (${message}): ${text}`),
    ...missing,
    `${dryRun ? 'Would add' : 'Added'} ${count(added, 'job')}; ${merged} merged, ${count(duplicates, 'duplicate')}, ${invalid} skipped.`,
    ...(dryRun ? ['Nothing was changed. Run it again with --yes to import.'] : []),
  ];
  return lines.map((line) => `${forTerminal(line)}\n`).join('');
}
