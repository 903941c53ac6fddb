import type { JobView } from '../schema/job.ts';
import { formatTarget } from './target.ts';

/** Returns what people call a job: its name, or its target. */
export function jobName({ name, target }: Pick<JobView, 'name' | 'target'>): string {
  return name || formatTarget(target);
}
