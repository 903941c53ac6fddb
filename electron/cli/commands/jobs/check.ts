import { formatTarget } from '../../../../shared/schema/target.ts';
import { forTerminal } from '../../../../shared/text/foreign-text.ts';
import { count } from '../../../../shared/text/words.ts';
import { Queue } from '../../../engine/monitor/fair-queue.ts';
import type { RemoteContext } from '../../command-group.ts';
import { notRunningStatus, worstStatus } from '../../exit-status.ts';
import { type CheckFormat, type Named, renderAll, renderOne } from '../../formats/check-formats.ts';
import { nagiosStatus } from '../../formats/nagios.ts';
import { findJobs } from './find.ts';

const requestsAtOnce = 50;

/**
 * `jobs check`: checks now and prints what was found. What could not be checked, because this machine is offline or the job was deleted
 * meanwhile, goes to standard error.
 * @returns the exit status: the worst result; 69 where the others are ok
 * @throws what refused the first job, where none could be checked
 */
export async function checkJobs(
  { remote, output }: RemoteContext,
  words: readonly string[],
  { all, format }: { all: boolean; format: CheckFormat },
): Promise<number> {
  const jobs = await findJobs(remote, words, all);
  // The engine's own queue says how many run at once; so many requests wait for them.
  const queue = new Queue({ total: () => requestsAtOnce, perGroup: () => requestsAtOnce }, (id) =>
    remote.jobs.check({ id }),
  );
  const pending = jobs.map((job) => ({
    name: job.name || formatTarget(job.target),
    checked: queue.add(job.id, '').then(
      (result) => ({ result }),
      (error: unknown) => ({ error }),
    ),
  }));
  const results: Named[] = [];
  const refused: { name: string; error: unknown }[] = [];
  for (const { name, checked } of pending) {
    const ended = await checked;
    if ('error' in ended) {
      refused.push({ name, error: ended.error });
      continue;
    }
    results.push({ name, result: ended.result });
    output.write(renderOne(format, { name, result: ended.result }, output) ?? '');
  }
  const [first] = refused;
  if (first && results.length === 0) throw first.error;
  output.write(renderAll(format, results, output));
  tellRefused(refused);
  const found = results.map(({ result }) => result);
  const status = format === 'nagios' ? nagiosStatus(found) : worstStatus(found);
  return first && status === 0 ? notRunningStatus : status;
}

/** Says on standard error what was not checked, a line for each reason. */
function tellRefused(refused: readonly { name: string; error: unknown }[]): void {
  const reasons = Map.groupBy(refused, ({ error }) =>
    error instanceof Error ? error.message : String(error),
  );
  for (const [reason, entries] of reasons) {
    const [{ name = '' } = {}] = entries;
    const which = entries.length === 1 ? `${name} was` : `${count(entries.length, 'host')} were`;
    process.stderr.write(`notafter: ${forTerminal(`${which} not checked: ${reason}`)}\n`);
  }
}
