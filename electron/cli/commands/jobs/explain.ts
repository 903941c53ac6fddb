import type { AlertRules } from '../../../../shared/schema/alert-rules.ts';
import { formatTarget } from '../../../../shared/schema/target.ts';
import { forJson, forTerminal } from '../../../../shared/text/foreign-text.ts';
import { count, utcTime } from '../../../../shared/text/words.ts';
import type { RemoteContext } from '../../command-group.ts';
import { findJob } from './find.ts';

/** Each rule in words. Those that are on or off name what people are alerted about. */
const ruleLines: Readonly<Record<keyof AlertRules, (value: string) => string>> = {
  expiry: (value) => `Alerts about expiry: ${value}`,
  problems: (value) => `Alerts about problems: ${value}`,
  changes: (value) => `Alerts about changed certificates: ${value}`,
  unreachable: (value) => `Alerts when unreachable: ${value}`,
  unreachableMinutes: (value) => `Alert when unreachable for: ${count(Number(value), 'minute')}`,
  remindEveryDays: (value) => `Reminders: ${reminders(value)}`,
  notifyAt: (value) => `Also notify at: ${value || 'no other time'}`,
  maintenance: (value) => `Maintenance windows: ${value === '0' ? 'none' : value}`,
};

function reminders(value: string): string {
  if (value === 'auto') return 'daily, from 3 days before expiry';
  return value === '0' ? 'never' : `every ${count(Number(value), 'day')} while critical`;
}

function ruleWords(rule: string, value: string): string {
  // SAFETY: hasOwn has told that the rule is one of the table's keys.
  return Object.hasOwn(ruleLines, rule) ? ruleLines[rule as keyof AlertRules](value) : `${rule}: ${value}`;
}

/** `jobs explain`: prints why people were, or were not, notified of a host. */
export async function explainJob(
  { remote, output }: RemoteContext,
  word: string,
  { json }: { json: boolean },
): Promise<void> {
  const job = await findJob(remote, word);
  const explanation = await remote.jobs.explain({ id: job.id });
  if (json) {
    output.write(`${forJson(JSON.stringify(explanation, null, 2))}\n`);
    return;
  }
  const { warning, critical, rules, renewals, heldBack, alerts } = explanation;
  const when = (time: string | null) => (time === null ? '' : `, reached ${utcTime(time)}`);
  const lines = [
    job.name || formatTarget(job.target),
    `  Warning   ${warning.value} (${warning.source})${when(warning.at)}`,
    `  Critical  ${critical.value} (${critical.source})${when(critical.at)}`,
    ...rules.map(({ rule, value, source }) => `  ${ruleWords(rule, value)} (${source})`),
    `  Renewals  ${renewals.habit ?? 'none seen'}`,
    ...(renewals.overdueAt === null ? [] : [`  Overdue   from ${utcTime(renewals.overdueAt)} on`]),
    heldBack.length === 0 ? '  Nothing suppresses alerts.' : '  Held back:',
    ...heldBack.map(
      ({ reason, until }) => `    ${reason}${until === null ? '' : ` Until ${utcTime(until)}.`}`,
    ),
    alerts.length === 0 ? '  No alerts.' : '  Alerts:',
    ...alerts.map(({ raisedAt, notifiedAt, resolvedAt, severity, title }) => {
      const told = notifiedAt === null ? 'not notified' : `notified ${utcTime(notifiedAt)}`;
      return `    ${utcTime(raisedAt)}  ${severity}  ${title} (${told}${resolvedAt === null ? '' : `, resolved ${utcTime(resolvedAt)}`})`;
    }),
  ];
  output.write(lines.map((line) => `${forTerminal(line)}\n`).join(''));
}
