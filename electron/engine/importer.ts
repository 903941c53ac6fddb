import { parse } from 'csv-parse/sync';
import type { Connection } from '../../shared/connection.ts';
import type { ImportReport } from '../../shared/contract.ts';
import { type Job, type JobInput, jobInputSchema, type NewJob } from '../../shared/job.ts';
import { parseTarget, targetKey } from '../../shared/target.ts';

/** One thing to import: what it was understood as, or why it was not. */
export type ImportItem = { line: number; text: string } & ({ job: NewJob } | { message: string });

/** Reads jobs from text with one host a line; empty lines and lines that begin with # are passed over. */
export function readHostLines(text: string): ImportItem[] {
  return text.split(/\r?\n/).flatMap((raw, index): ImportItem[] => {
    const line = raw.trim();
    if (line === '' || line.startsWith('#')) return [];
    const parsed = parseTarget(line);
    const place = { line: index + 1, text: line.slice(0, 200) };
    return [
      parsed.ok
        ? { ...place, job: jobInputSchema.parse({ target: parsed.target }) }
        : { ...place, message: parsed.message },
    ];
  });
}

/** Columns of a CSV file, in any order: `host` is needed; tags are parted by semicolons. */
const csvColumns = ['host', 'port', 'servername', 'starttls', 'name', 'tags', 'notes'] as const;

/** Reads jobs from CSV (RFC 4180) with a header line. */
export function readCsv(text: string): ImportItem[] {
  let rows: { record: Record<string, string>; line: number }[];
  try {
    // With `info`, csv-parse answers records beside their line numbers, which its types leave open.
    const records = parse(text, {
      columns: (header: string[]) => header.map((name) => name.trim().toLowerCase()),
      info: true,
      bom: true,
      trim: true,
      skip_empty_lines: true,
      relax_column_count: true,
    }) as unknown as { record: Record<string, string>; info: { lines: number } }[];
    rows = records.map(({ record, info }) => ({ record, line: info.lines }));
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return [{ line: 1, text: '', message: `This is not CSV: ${message}` }];
  }
  return rows.map(({ record, line }) => {
    const place = { line, text: Object.values(record).join(',').slice(0, 200) };
    if (!('host' in record))
      return { ...place, message: `The header needs a column host; known are ${csvColumns.join(', ')}.` };
    return readInput(place, csvInput(record));
  });
}

function csvInput(record: Record<string, string>): unknown {
  const given = (column: string) => record[column] || undefined;
  const port = given('port');
  return {
    target: {
      host: record['host'],
      ...(port === undefined ? {} : { port: Number(port) }),
      ...(given('servername') === undefined ? {} : { servername: given('servername') }),
      ...(given('starttls') === undefined ? {} : { starttls: given('starttls') }),
    },
    name: given('name'),
    tags: given('tags')
      ?.split(';')
      .filter((tag) => tag.trim() !== ''),
    notes: given('notes'),
  };
}

/** Reads jobs as `export` writes them. */
export function readJobList(jobs: readonly unknown[]): ImportItem[] {
  return jobs.map((value, index) =>
    readInput({ line: index + 1, text: JSON.stringify(value)?.slice(0, 200) ?? '' }, value),
  );
}

function readInput(place: { line: number; text: string }, value: unknown): ImportItem {
  const parsed = jobInputSchema.safeParse(value);
  if (parsed.success) return { ...place, job: parsed.data };
  const issue = parsed.error.issues[0];
  const field = issue?.path.join('.');
  return { ...place, message: `${field ? `${field}: ` : ''}${issue?.message ?? 'This is not a job.'}` };
}

/** A proxy's password stays on this machine. */
function withoutSecrets(connection: Connection): Connection {
  if (connection.proxy === null || connection.proxy === 'none') return connection;
  const url = new URL(connection.proxy);
  url.username = '';
  url.password = '';
  return { ...connection, proxy: url.href.replace(/\/$/, '') };
}

/** A job as it is written out: all that is needed to add it again, and nothing that only this machine knows. */
export function exportJob({
  id: _id,
  createdAt: _created,
  updatedAt: _updated,
  connection,
  ...job
}: Job): JobInput {
  return { ...job, connection: withoutSecrets(connection) };
}

/** Adds what is new; a target that is there already, or that came before, is a duplicate. */
export async function importJobs(
  items: readonly ImportItem[],
  existing: Iterable<Job>,
  add: (job: NewJob) => Promise<Job>,
): Promise<ImportReport> {
  const ids = new Map([...existing].map((job) => [targetKey(job.target), job.id]));
  const entries = await Promise.all(
    items.map(async ({ line, text, ...item }): Promise<ImportReport['entries'][number]> => {
      if ('message' in item) return { line, text, outcome: 'invalid', id: null, message: item.message };
      const key = targetKey(item.job.target);
      const known = ids.get(key);
      if (known !== undefined) {
        const id = known === '' ? null : known;
        return { line, text, outcome: 'duplicate', id, message: 'This target is in the list already.' };
      }
      ids.set(key, ''); // Taken, its id not known yet: what repeats it in the same import is a duplicate.
      const job = await add(item.job);
      return { line, text, outcome: 'added', id: job.id, message: null };
    }),
  );
  const tally = (outcome: string) => entries.filter((entry) => entry.outcome === outcome).length;
  return { added: tally('added'), duplicates: tally('duplicate'), invalid: tally('invalid'), entries };
}
