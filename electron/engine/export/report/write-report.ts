import { stringify } from 'csv-stringify/sync';
import type { Report, ReportRow, ReportTextFormat } from '../../../../shared/schema/report.ts';
import { forJson, forMarkup, forTerminal, printable, toCell } from '../../../../shared/text/foreign-text.ts';
import { count, expiryWords, utcTime } from '../../../../shared/text/words.ts';

/** A format of the report: media type, file name and writer. */
interface ReportWriter {
  mime: string;
  fileName: string;
  write: (report: Report) => string;
}

/** Rows of a page that people read; a mail program cuts a message after 102 kB. Every row is in the CSV. */
const maxRows = 500;

/** Writes a report in each of its formats that are text. */
export const reportWriters: { readonly [Format in ReportTextFormat]: ReportWriter } = {
  html: { mime: 'text/html', fileName: 'certificates.html', write: writeHtml },
  text: { mime: 'text/plain', fileName: 'certificates.txt', write: writeText },
  csv: { mime: 'text/csv', fileName: 'certificates.csv', write: writeCsv },
  json: {
    mime: 'application/json',
    fileName: 'certificates.json',
    write: (report) => `${forJson(JSON.stringify(report, null, 2))}\n`,
  },
};

/** Returns what the report says in one sentence: `3 expired, 12 expire within 90 days`. */
export function reportSummary({ sections, days, watched }: Report): string {
  const size = (...names: readonly string[]) =>
    sections.filter(({ section }) => names.includes(section)).reduce((sum, { rows }) => sum + rows.length, 0);
  const expired = size('expired');
  const soon = size('renewal-overdue', 'within-7-days', 'within-30-days', 'later');
  const others = size('unreachable', 'problems');
  const parts = [
    expired > 0 ? `${expired.toLocaleString('en')} expired` : '',
    soon > 0 ? `${soon.toLocaleString('en')} ${soon === 1 ? 'expires' : 'expire'} within ${days} days` : '',
    others > 0 ? `${others.toLocaleString('en')} with other problems` : '',
  ].filter((part) => part !== '');
  const all = count(watched, 'certificate');
  return parts.length === 0
    ? `Nothing expires within ${days} days. ${all} watched.`
    : `${parts.join(', ')}. ${all} watched.`;
}

const dateOf = (time: string | null) => time?.slice(0, 10) ?? '–';

function leftOf({ expiresAt }: ReportRow, createdAt: string): string {
  return expiresAt === null ? '–' : expiryWords(expiresAt, Date.parse(createdAt)).replace(/^in /, '');
}

/** The sections with at most `maxRows` rows in all, and how many rows that left out. */
function shorten({ sections }: Report): { sections: Report['sections']; more: number } {
  let room = maxRows;
  let more = 0;
  const kept = sections.flatMap((section) => {
    const rows = section.rows.slice(0, room);
    room -= rows.length;
    more += section.rows.length - rows.length;
    return rows.length === 0 ? [] : [{ ...section, rows }];
  });
  return { sections: kept, more };
}

function footer({ createdAt, lastCheckedAt, paused, pending }: Report): string {
  const parts = [
    `Created ${utcTime(createdAt)}.`,
    lastCheckedAt === null ? 'Nothing was checked yet.' : `Last check ${utcTime(lastCheckedAt)}.`,
    paused > 0 ? `${count(paused, 'host')} paused.` : '',
    pending > 0 ? `${count(pending, 'host')} not checked yet.` : '',
  ];
  return parts.filter((part) => part !== '').join(' ');
}

function writeText(report: Report): string {
  const { sections, more } = shorten(report);
  const blocks = sections.map(({ title, rows }) => {
    const lines = rows.map((row) => {
      const place = row.name === row.address ? row.name : `${row.name} (${row.address})`;
      const facts = [row.issuer, row.owner === null ? null : `owner ${row.owner}`].filter(
        (fact) => fact !== null,
      );
      const line = `  ${dateOf(row.expiresAt)}  ${leftOf(row, report.createdAt).padStart(13)}  ${place}`;
      const tail = facts.length > 0 ? `  ${facts.join(', ')}` : '';
      return `${forTerminal(line + tail)}\n${row.note === null ? '' : `${' '.repeat(29)}${forTerminal(row.note)}\n`}`;
    });
    return `${title} (${count(rows.length, 'certificate')})\n${lines.join('')}`;
  });
  const rest = more > 0 ? [`${count(more, 'more row')} in the CSV.\n`] : [];
  const scope = report.tag === null ? '' : `Hosts with the tag ${forTerminal(report.tag)}.\n`;
  return `${reportSummary(report)}\n${scope}\n${[...blocks, ...rest].join('\n')}${sections.length > 0 ? '\n' : ''}${footer(report)}\n`;
}

function writeCsv({ sections }: Report): string {
  const head = [
    'section',
    'name',
    'address',
    'status',
    'expires',
    'days left',
    'issuer',
    'owner',
    'tags',
    'note',
  ];
  const rows = sections.flatMap(({ section, rows: found }) =>
    found.map((row) => [
      section,
      cellOf(row.name),
      cellOf(row.address),
      row.status,
      row.expiresAt ?? '',
      row.daysLeft ?? '',
      cellOf(row.issuer),
      cellOf(row.owner),
      cellOf(row.tags.join(', ')),
      cellOf(row.note),
    ]),
  );
  return stringify([head, ...rows], { bom: true, record_delimiter: 'windows', quoted_match: /^\s|\s$|\r/ });
}

/**
 * Text of others in a cell. Where a spreadsheet separates by semicolons or tabs, a formula could begin behind one (OWASP, CSV injection);
 * nothing reads the report again, so it may be changed.
 */
function cellOf(text: string | null): string {
  const [first, ...others] = toCell(printable(text ?? '', 2_000)).split(/([;\t])/);
  return [
    first,
    ...others.map((part) => (/^[=+\-@＝＋－＠]/.test(part.trimStart()) ? `'${part}` : part)),
  ].join('');
}

const style = `:root{color-scheme:light dark}
body{font:14px/1.5 system-ui,-apple-system,"Segoe UI",Arial,sans-serif;margin:24px auto;max-width:1000px;padding:0 16px}
h1{font-size:20px;margin:0 0 4px}h2{font-size:15px;margin:24px 0 4px;break-after:avoid}
p{margin:0 0 8px}table{border-collapse:collapse;width:100%}
th,td{border-top:1px solid #8886;padding:4px 12px 4px 0;text-align:left;vertical-align:top;overflow-wrap:anywhere}
th{font-weight:600;border-top:0}.n{white-space:nowrap;font-variant-numeric:tabular-nums}.s{opacity:.75}
tr{break-inside:avoid}thead{display:table-header-group}
@media print{:root{color-scheme:light}body{margin:0;max-width:none;padding:0;font-size:11px}@page{margin:15mm}}`;

/** One page without scripts, images or requests: for mail, the browser and print. */
function writeHtml(report: Report): string {
  const { sections, more } = shorten(report);
  const tables = sections.map(({ title, rows }) => {
    const body = rows
      .map((row) => {
        const address =
          row.name === row.address ? '' : `<br><span class="s">${forMarkup(row.address)}</span>`;
        const note = row.note === null ? '' : `<br><span class="s">${forMarkup(row.note)}</span>`;
        return `<tr><td>${forMarkup(row.name)}${address}${note}</td><td class="n">${dateOf(row.expiresAt)}</td><td class="n">${leftOf(row, report.createdAt)}</td><td>${forMarkup(row.issuer ?? '–')}</td><td>${forMarkup(row.owner ?? '')}</td></tr>`;
      })
      .join('\n');
    return `<h2>${forMarkup(title)} (${rows.length.toLocaleString('en')})</h2>\n<table><thead><tr><th>Host</th><th>Expires (UTC)</th><th>Days left</th><th>Issuer</th><th>Owner</th></tr></thead>\n<tbody>\n${body}\n</tbody></table>`;
  });
  const scope = report.tag === null ? '' : `<p>Hosts with the tag ${forMarkup(report.tag)}.</p>\n`;
  const rest = more > 0 ? `<p>${count(more, 'more row')} in the CSV.</p>\n` : '';
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<title>Certificate report</title>
<style>${style}</style>
</head>
<body>
<h1>Certificate report</h1>
<p>${forMarkup(reportSummary(report))}</p>
${scope}${tables.join('\n')}
${rest}<p class="s">${forMarkup(footer(report))}</p>
</body>
</html>
`;
}
