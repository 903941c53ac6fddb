import { stringify } from 'csv-stringify/sync';
import junit from 'junit-report-builder';
import { daysLeft } from '../../../shared/domain/days.ts';
import { shortName } from '../../../shared/domain/distinguished-name.ts';
import { isCounted } from '../../../shared/domain/severity.ts';
import type { CheckResult } from '../../../shared/schema/check-result.ts';
import { defaultThresholds, type Thresholds } from '../../../shared/schema/thresholds.ts';
import { forJson, forTerminal, toCell } from '../../../shared/text/foreign-text.ts';
import { nagiosLines } from './nagios.ts';
import { renderText, statusMarks } from './result-text.ts';
import { renderTable } from './table.ts';

export const checkFormats = ['text', 'table', 'json', 'jsonl', 'csv', 'junit', 'nagios'] as const;
export type CheckFormat = (typeof checkFormats)[number];

/** A target by the name that a person gave it, and what its check found. */
export interface Named {
  name: string;
  result: CheckResult;
}

/** Formats that print each result as soon as those before it are printed. */
export function renderOne(
  format: CheckFormat,
  { name, result }: Named,
  stream: NodeJS.WriteStream,
): string | null {
  switch (format) {
    case 'text':
      return renderText(name, result, stream);
    case 'jsonl':
      return `${forJson(JSON.stringify(result))}\n`;
    default:
      return null;
  }
}

/**
 * Formats that need all results; empty for those that have said them one by one.
 * @param thresholds of the check, which Nagios’ performance data name
 */
export function renderAll(
  format: CheckFormat,
  results: readonly Named[],
  stream: NodeJS.WriteStream,
  thresholds: Thresholds = defaultThresholds,
): string {
  switch (format) {
    case 'text':
    case 'jsonl':
      return '';
    case 'json':
      return `${forJson(
        JSON.stringify(
          results.map(({ result }) => result),
          null,
          2,
        ),
      )}\n`;
    case 'table':
      return resultTable(results, stream);
    case 'csv':
      return resultCsv(results);
    case 'junit':
      return junitReport(results);
    case 'nagios':
      return nagiosLines(results, thresholds);
  }
}

const problemWords = ({ problems }: CheckResult) =>
  problems
    .filter(isCounted)
    .map(({ message }) => message)
    .join(' ');

function resultTable(results: readonly Named[], stream: NodeJS.WriteStream): string {
  const rows = results.map(({ name, result }) => {
    const { sign, colour } = statusMarks[result.status];
    const { certificate } = result;
    return [
      { text: `${sign} ${result.status}`, style: colour },
      name,
      certificate ? String(daysLeft(certificate.validTo, result.checkedAt)) : '',
      certificate?.validTo.slice(0, 10) ?? '',
      certificate ? shortName(certificate.issuer) : '',
      problemWords(result),
    ];
  });
  return renderTable(['STATUS', 'TARGET', 'DAYS', 'EXPIRES', 'ISSUER', 'PROBLEMS'], rows, stream);
}

const csvHeader = [
  'target',
  'status',
  'days',
  'expires',
  'issuer',
  'subject',
  'fingerprint256',
  'protocol',
  'address',
  'problems',
];

function resultCsv(results: readonly Named[]): string {
  const rows = results.map(
    ({ name, result: { certificate, checkedAt, status, protocol, address, problems } }) => [
      name,
      status,
      certificate ? String(daysLeft(certificate.validTo, checkedAt)) : '',
      certificate?.validTo ?? '',
      certificate?.issuer ?? '',
      certificate?.subject ?? '',
      certificate?.fingerprint256 ?? '',
      protocol ?? '',
      address ?? '',
      problems.map(({ code }) => code).join(';'),
    ],
  );
  // Days are a number of ours: a minus before them is no formula.
  const cells = rows.map((row) =>
    row.map((text, column) => (csvHeader[column] === 'days' ? text : toCell(forTerminal(text)))),
  );
  return stringify([csvHeader, ...cells], { record_delimiter: 'windows' });
}

/** Each target is a test case: critical is a failure, unreachable is an error, a warning goes to its output. */
function junitReport(results: readonly Named[]): string {
  const builder = junit.newBuilder();
  const suite = builder.testSuite().name('NotAfter');
  for (const { name, result } of results) {
    const words = result.problems
      .map(({ message, remedy }) => forTerminal(`${message} ${remedy}`))
      .join('\n');
    const test = suite
      .testCase()
      .className('certificates')
      .name(forTerminal(name))
      .time(Math.round(result.timings.total) / 1000);
    if (result.status === 'critical') test.failure(words, result.problems[0]?.code ?? 'critical');
    else if (result.status === 'unreachable') test.error(words, result.unreachable?.reason ?? 'unreachable');
    else if (words !== '') test.standardOutput(words);
  }
  // No schema of JUnit's format has this count on the outermost element, and Jenkins' refuses it.
  const lines = builder.build().split('\n');
  return `${lines.map((line) => (line.startsWith('<testsuites ') ? line.replace(/ skipped="\d+"/, '') : line)).join('\n')}\n`;
}
