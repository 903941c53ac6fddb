import { formatTarget } from '../../../../shared/schema/target.ts';
import { forJson, forTerminal } from '../../../../shared/text/foreign-text.ts';
import { findJob, type JobsContext } from './find.ts';

/** `jobs explain`: prints why people were, or were not, notified of a host. */
export async function explainJob(
  { remote, output }: JobsContext,
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
  const when = (time: string | null) => (time === null ? '' : `, reached ${time}`);
  const lines = [
    job.name || formatTarget(job.target),
    `  Warning   ${warning.value} (${warning.source})${when(warning.at)}`,
    `  Critical  ${critical.value} (${critical.source})${when(critical.at)}`,
    ...rules.map(({ rule, value, source }) => `  ${rule}: ${value} (${source})`),
    `  Renewals  ${renewals.habit ?? 'none seen'}`,
    ...(renewals.overdueAt === null ? [] : [`  Overdue   from ${renewals.overdueAt} on`]),
    heldBack.length === 0 ? '  Nothing suppresses alerts.' : '  Held back:',
    ...heldBack.map(({ reason, until }) => `    ${reason}${until === null ? '' : ` Until ${until}.`}`),
    alerts.length === 0 ? '  No alerts.' : '  Alerts:',
    ...alerts.map(({ raisedAt, notifiedAt, resolvedAt, severity, title }) => {
      const told = notifiedAt === null ? 'not notified' : `notified ${notifiedAt}`;
      return `    ${raisedAt}  ${severity}  ${title} (${told}${resolvedAt === null ? '' : `, resolved ${resolvedAt}`})`;
    }),
  ];
  output.write(lines.map((line) => `${forTerminal(line)}\n`).join(''));
}
