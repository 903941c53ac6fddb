import { parse } from 'csv-parse/sync';
import { scheduleInput } from '../../../shared/schema/schedule.ts';
import { isFileTarget, parseTarget } from '../../../shared/schema/target.ts';
import { parseThreshold, thresholdHelp } from '../../../shared/schema/thresholds.ts';
import { csvColumns, fromCell, type JobRow, tagsFromCell } from '../../../shared/text/job-csv.ts';
import { columnsOf, readCsvHeader } from './csv-header.ts';
import { type ImportItem, place, readJob } from './item.ts';

/**
 * Reads jobs from CSV (RFC 4180, and as spreadsheets write it: semicolons or tabs, a line `sep=;`) with a header line: columns in any
 * order under the names that people use, those that are not known passed over.
 */
export function readCsv(text: string): ImportItem[] {
  const header = readCsvHeader(text);
  let rows: { record: Record<string, string>; line: number }[];
  try {
    const options = {
      columns: columnsOf,
      delimiter: header?.delimiter ?? ',',
      from_line: 1 + (header?.linesBefore ?? 0),
      info: true,
      bom: true,
      skip_empty_lines: true,
      relax_column_count: true,
    } as const;
    // SAFETY: with `info`, csv-parse answers records beside their line numbers, which its types leave open.
    const records = parse(text, options) as unknown as {
      record: Record<string, string>;
      info: { lines: number };
    }[];
    rows = records.map(({ record, info }) => ({ record, line: info.lines }));
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return [{ line: 1, text: '', message: `This is not CSV: ${message}` }];
  }
  return rows.map(({ record, line }) => {
    const at = place(line, Object.values(record).join(','));
    if (!('host' in record || 'file' in record))
      return { ...at, message: `The header needs a column host; known are ${csvColumns.join(', ')}.` };
    const row: JobRow = Object.fromEntries(
      csvColumns.flatMap((column) =>
        record[column] === undefined ? [] : [[column, fromCell(record[column])]],
      ),
    );
    const input = jobInput(row);
    return 'message' in input ? { ...at, ...input } : readJob(at, input.job);
  });
}

function jobInput(row: JobRow): { job: unknown } | { message: string } {
  const warning = parseThreshold(row.warning ?? '');
  const critical = parseThreshold(row.critical ?? '');
  if (warning === undefined) return { message: `warning: ${thresholdHelp}` };
  if (critical === undefined) return { message: `critical: ${thresholdHelp}` };
  return {
    job: {
      target: targetInput(row),
      name: row.name,
      tags: row.tags === undefined ? undefined : tagsFromCell(row.tags),
      notes: row.notes,
      thresholds: { warning, critical },
      ...(row.schedule?.trim() ? { schedule: scheduleInput(row.schedule.trim(), row.timezone?.trim()) } : {}),
      ...(row.paused?.trim() ? { paused: yesOrNo(row.paused) } : {}),
    },
  };
}

function targetInput(row: JobRow): unknown {
  const given = (column: keyof JobRow) => row[column]?.trim() || undefined;
  const { file, port, servername, starttls } = {
    file: row.file === '' ? undefined : row.file,
    port: given('port'),
    servername: given('servername'),
    starttls: given('starttls'),
  };
  if (file !== undefined && !given('host'))
    return { file, ...(row['passphrase file'] ? { passphraseFile: row['passphrase file'] } : {}) };
  return {
    ...addressOf(row.host ?? ''),
    ...(port === undefined ? {} : { port: /^\d+$/.test(port) ? Number(port) : Number.NaN }),
    ...(servername === undefined ? {} : { servername }),
    // “none” says that TLS begins with the first byte, also on a port where that is unusual.
    ...(starttls === undefined ? {} : { starttls: starttls.toLowerCase() === 'none' ? null : starttls }),
  };
}

/** A cell of hosts may hold more than a host: `https://www.example.com:8443/shop`, `mail.example.com:465`. */
function addressOf(cell: string): object {
  if (!/[:/]/.test(cell)) return { host: cell };
  const parsed = parseTarget(cell);
  return parsed.ok && !isFileTarget(parsed.target) ? parsed.target : { host: cell };
}

function yesOrNo(text: string): unknown {
  if (/^(yes|true|1)$/i.test(text.trim())) return true;
  return /^(no|false|0)$/i.test(text.trim()) ? false : text;
}
