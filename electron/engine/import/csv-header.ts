import { csvColumns } from '../../../shared/text/job-csv.ts';

/** What people and other programs call the column of hosts. */
const hostNames = [
  'host',
  'hostname',
  'host name',
  'domain',
  'domain name',
  'fqdn',
  'url',
  'address',
  'target',
  'server',
  'website',
];
const aliases: Readonly<Record<string, (typeof csvColumns)[number]>> = {
  ...Object.fromEntries(hostNames.map((name) => [name, 'host' as const])),
  tag: 'tags',
  label: 'name',
  note: 'notes',
  comment: 'notes',
  sni: 'servername',
};

/** Spreadsheets write a semicolon where the comma is for decimals, and a tab where they copy. */
const delimiters = [',', ';', '\t', '|'] as const;

export interface CsvHeader {
  delimiter: string;
  /** The names of the columns as they are known here; one that is not known keeps its own. */
  columns: string[];
  /** How many lines come before the header: `sep=;`, which names the delimiter for Excel. */
  linesBefore: number;
}

/** Reads how a CSV is written off its first lines; null where they are no header that names hosts or files. */
export function readCsvHeader(text: string): CsvHeader | null {
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/, 3);
  const separator = /^sep=(.)$/i.exec((lines[0] ?? '').trim().replace(/^"(.*)"$/, '$1'))?.[1];
  const linesBefore = separator === undefined ? 0 : 1;
  const header = lines[linesBefore] ?? '';
  for (const delimiter of separator === undefined ? delimiters : [separator]) {
    const columns = columnsOf(header.split(delimiter));
    if (columns.some((name) => name === 'host' || name === 'file'))
      return { delimiter, columns, linesBefore };
  }
  return null;
}

/** Names of columns as they are known here: our own names count before those of others, and of two for one column the first. */
export function columnsOf(names: readonly string[]): string[] {
  const written = names.map((name) =>
    name
      .trim()
      .replace(/^"(.*)"$/, '$1')
      .trim()
      .toLowerCase(),
  );
  const taken = new Set<string>(written.filter((name) => csvColumns.some((column) => column === name)));
  return written.map((name) => {
    const known = aliases[name];
    if (known === undefined || taken.has(known)) return name;
    taken.add(known);
    return known;
  });
}

/** Whether a text looks like CSV. A lone word “host” or “server” might be a host; with a second column it is a header. */
export function isCsv(text: string): boolean {
  const header = readCsvHeader(text);
  if (!header) return false;
  const [first = ''] = header.columns;
  return header.linesBefore > 0 || header.columns.length > 1 || csvColumns.some((name) => name === first);
}
