import type { AcceptedProblem } from '../../../../shared/schema/accepted-problem.ts';
import { formatTarget } from '../../../../shared/schema/target.ts';
import { forTerminal } from '../../../../shared/text/foreign-text.ts';
import { utcTime } from '../../../../shared/text/words.ts';
import type { RemoteContext } from '../../command-group.ts';
import { UsageError } from '../../exit-status.ts';
import { findJob } from './find.ts';

const isDay = /^(\d{4})-(\d{2})-(\d{2})$/;

type Code = AcceptedProblem['code'];

export interface AcceptOptions {
  problem: Code;
  reason: string;
  until?: string;
}

/** `jobs accept`: accepts a problem of a host. @throws UsageError for an end that is no date */
export async function acceptProblem(
  { remote, output }: RemoteContext,
  word: string,
  { problem, reason, until }: AcceptOptions,
): Promise<void> {
  const end = until === undefined ? 'changed' : readEnd(until);
  const { id } = await findJob(remote, word);
  const job = await remote.jobs.accept({ id, problem, reason, until: end });
  const kept = job.accepted.find(({ code }) => code === problem);
  const ends = [
    ...(kept?.fingerprint256 ? ['until the certificate changes'] : []),
    ...(kept?.until
      ? [until && isDay.test(until) ? `through ${until}` : `until ${utcTime(kept.until)}`]
      : []),
  ];
  const period = ends.join(', at the latest ') || 'until you undo it';
  output.write(`${forTerminal(`Accepted ${problem} of ${formatTarget(job.target)} ${period}.`)}\n`);
}

/** `jobs unaccept`: has an accepted problem of a host count again. */
export async function unacceptProblem(
  { remote, output }: RemoteContext,
  word: string,
  { problem }: { problem: Code },
): Promise<void> {
  const { id } = await findJob(remote, word);
  const job = await remote.jobs.unaccept({ id, problem });
  output.write(`${forTerminal(`${problem} of ${formatTarget(job.target)} counts again.`)}\n`);
}

/** Reads the end of an acceptance: a day is included, in the time zone of this machine. */
function readEnd(text: string): string {
  if (text === 'changed' || text === 'undone') return text;
  const day = isDay.exec(text);
  const time = day ? new Date(Number(day[1]), Number(day[2]) - 1, Number(day[3]) + 1) : new Date(text);
  if (Number.isNaN(time.getTime()) || !/^\d{4}-\d{2}-\d{2}/.test(text))
    throw new UsageError('--until takes a date such as 2026-12-01, a time, changed or undone.');
  return time.toISOString();
}
