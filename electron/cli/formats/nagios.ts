import { daysLeft } from '../../../shared/domain/days.ts';
import { shortName } from '../../../shared/domain/distinguished-name.ts';
import { thresholdAt } from '../../../shared/domain/expiry.ts';
import { isCounted } from '../../../shared/domain/severity.ts';
import type { CheckResult, Status } from '../../../shared/schema/check-result.ts';
import type { Thresholds } from '../../../shared/schema/thresholds.ts';
import { forTerminal } from '../../../shared/text/foreign-text.ts';

/** One result under the name that a person gave its target. */
interface NamedResult {
  name: string;
  result: CheckResult;
}

/** What a plugin exits with: UNKNOWN (3) is for wrong use alone, a host that does not answer is CRITICAL. */
const states: Readonly<Record<Status, { word: string; status: number }>> = {
  ok: { word: 'OK', status: 0 },
  warning: { word: 'WARNING', status: 1 },
  critical: { word: 'CRITICAL', status: 2 },
  unreachable: { word: 'CRITICAL', status: 2 },
};

/** Returns the exit status of a plugin for results: the worst of 0, 1 and 2. */
export function nagiosStatus(results: readonly CheckResult[]): number {
  return Math.max(0, ...results.map(({ status }) => states[status].status));
}

/**
 * Writes results as the Monitoring Plugins Development Guidelines have it: a line with the state and, after a bar, performance
 * data: the seconds left, with the ranges that warn and alarm (“1944000:” is below that). Each further target follows on its own line.
 */
export function nagiosLines(results: readonly NamedResult[], thresholds: Thresholds): string {
  const worst = results.toSorted(
    (one, other) => states[other.result.status].status - states[one.result.status].status,
  )[0];
  if (!worst) return '';
  const data = results.flatMap(({ name, result }) => performance(name, result, thresholds));
  const rest = results
    .filter((one) => one !== worst)
    .map((one) => `${states[one.result.status].word} ${describe(one)}`);
  const head = `TLS ${states[worst.result.status].word} - ${describe(worst)}${data.length > 0 ? ` | ${data.join(' ')}` : ''}`;
  return `${[head, ...rest].join('\n')}\n`;
}

function describe({ name, result }: NamedResult): string {
  const { certificate, problems, checkedAt } = result;
  const words = problems.filter(isCounted).map(({ message }) => message);
  const facts = certificate
    ? `expires ${certificate.validTo.slice(0, 10)}, ${daysLeft(certificate.validTo, checkedAt)} days left, issued by ${shortName(certificate.issuer)}`
    : 'shows no certificate';
  return forTerminal(`${name}: ${words.join(' ') || facts}`.replace(/[|\r\n]+/g, ' '));
}

function performance(
  name: string,
  { certificate, earliestExpiry, checkedAt }: CheckResult,
  thresholds: Thresholds,
): string[] {
  if (!certificate) return [];
  const times = { validFrom: Date.parse(certificate.validFrom), validTo: Date.parse(certificate.validTo) };
  const end = Date.parse((earliestExpiry ?? certificate).validTo);
  const below = (level: 'warning' | 'critical') =>
    `${Math.round((times.validTo - thresholdAt(level, times, thresholds)) / 1000)}:`;
  const label = forTerminal(name.replace(/['=|]/g, '_'));
  const left = Math.floor((end - Date.parse(checkedAt)) / 1000);
  return [`'${label}'=${left}s;${below('warning')};${below('critical')}`];
}
