import type { ImportFormat, ImportReport } from '../../../../shared/contract/import-report.ts';
import type { ExportFormat } from '../../../../shared/domain/export-formats.ts';
import { forJson, forTerminal } from '../../../../shared/text/foreign-text.ts';
import { count } from '../../../../shared/text/words.ts';
import { asCommandError } from '../../api-client.ts';
import type { RemoteContext } from '../../command-group.ts';
import { UsageError } from '../../exit-status.ts';
import { FieldsError } from '../../field-options.ts';
import { inputName, readTextFile, writeOutput } from '../../text-files.ts';

/** `jobs import` @returns 0, or 1 where something could not be read */
export async function runImport(
  { remote, output }: RemoteContext,
  path: string,
  { format, dryRun, json }: { format?: ImportFormat; dryRun: boolean; json: boolean },
): Promise<number> {
  const { text: body, encoding } = readTextFile(path);
  if (encoding === 'Windows-1252' && !json)
    output.write(`${forTerminal(inputName(path))} is not UTF-8 and was read as Windows-1252.\n`);
  const headers = path.endsWith('.csv') ? { 'content-type': 'text/csv' } : {};
  const query = { dryRun, ...(format === undefined ? {} : { format }) };
  const report = await remote.jobs.import({ body, headers, query }).catch((error: unknown) => {
    const refused = asCommandError(error);
    // The sentence is about the file as a whole.
    if (!(refused instanceof FieldsError)) throw refused;
    throw new UsageError(`${inputName(path)}: ${refused.message}`, { cause: error });
  });
  if (json) output.write(`${forJson(JSON.stringify(report, null, 2))}\n`);
  else output.write(reportText(report, path, dryRun));
  return report.invalid > 0 ? 1 : 0;
}

/** What became of an entry, in a word. */
const outcomeWords = {
  added: 'added',
  merged: 'merged',
  duplicate: 'duplicate',
  invalid: 'skipped',
} as const;

/** What an import did, with a line for each entry that there is something to say of. */
function reportText(report: ImportReport, path: string, dryRun: boolean): string {
  const lines = report.entries
    .filter(({ message }) => message !== null || dryRun)
    .map(({ line, text, outcome, message }) => {
      const reason = message === null ? '' : ` (${message})`;
      return `${forTerminal(`${inputName(path)}:${line}: ${outcomeWords[outcome]}: ${text}${reason}`)}\n`;
    });
  const { added, merged, duplicates, invalid, format } = report;
  const verb = dryRun ? 'Would add' : 'Added';
  return `${lines.join('')}${verb} ${count(added, 'job')}; ${merged} merged, ${count(duplicates, 'duplicate')}, ${invalid} skipped (${format}).\n`;
}

/** `jobs export` */
export async function runExport(
  { remote, output }: RemoteContext,
  { format, tag, output: path }: { format: ExportFormat; tag?: string; output?: string },
): Promise<void> {
  const file = await remote.jobs.export[format](tag === undefined ? {} : { tag });
  writeOutput(await file.text(), path, output);
}
