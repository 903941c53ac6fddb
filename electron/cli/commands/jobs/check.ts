import { formatTarget } from '../../../../shared/schema/target.ts';
import { Queue } from '../../../engine/monitor/fair-queue.ts';
import type { RemoteContext } from '../../command-group.ts';
import { worstStatus } from '../../exit-status.ts';
import { type CheckFormat, renderAll, renderOne } from '../../formats/check-formats.ts';
import { nagiosStatus } from '../../formats/nagios.ts';
import { findJobs } from './find.ts';

const requestsAtOnce = 50;

/** `jobs check`: checks now and prints what was found. @returns the exit status */
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
  const pending = jobs.map(async (job) => ({
    name: job.name || formatTarget(job.target),
    result: await queue.add(job.id, ''),
  }));
  const results: Awaited<(typeof pending)[number]>[] = [];
  for (const one of pending) {
    const named = await one;
    results.push(named);
    output.write(renderOne(format, named, output) ?? '');
  }
  output.write(renderAll(format, results, output));
  const found = results.map(({ result }) => result);
  return format === 'nagios' ? nagiosStatus(found) : worstStatus(found);
}
