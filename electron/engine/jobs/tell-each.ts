import type { Job } from '../../../shared/schema/job.ts';
import { formatTarget } from '../../../shared/schema/target.ts';
import type { Log } from '../log.ts';

/** Of more jobs at once the log says only how many. */
const maxLogged = 20;

/** Returns what logs each job, where they are few; else logs how many there are. */
export function tellEach(count: number, log: Log, done: string): (job: Job) => void {
  if (count <= maxLogged) return ({ target }) => log.info(`${done} ${formatTarget(target)}`);
  log.info(`${done} ${count.toLocaleString('en')} jobs`);
  return () => undefined;
}
