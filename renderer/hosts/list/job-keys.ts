import { jobName } from '../../../shared/domain/job-name.ts';
import { expiryOf, needsPerson, urgencyRank } from '../../../shared/domain/job-urgency.ts';
import type { JobView } from '../../../shared/schema/job.ts';

/** The worst of a host that needs attention; ok: nothing does. */
export type Level = 'ok' | 'warning' | 'critical' | 'unreachable';

const ranks: Readonly<Record<Level, number>> = { ok: 0, unreachable: 1, warning: 2, critical: 3 };

/** Compares two levels: negative where the first is worse. */
export const compareLevel = (one: Level, other: Level) => ranks[other] - ranks[one];

/** Returns the worst of some levels; ok for none. */
export function worstLevel(levels: readonly Level[]): Level {
  return levels.reduce<Level>((worst, level) => (compareLevel(level, worst) < 0 ? level : worst), 'ok');
}

/** What jobs are put in order and counted by. Times are milliseconds since the epoch. */
export interface JobKeys {
  job: JobView;
  name: string;
  rank: number;
  level: Level;
  /** Infinity: it showed no certificate. */
  expiry: number;
  checked: number;
  due: number;
}

function makeKeys(job: JobView): JobKeys {
  const { lastCheck, nextDueAt } = job;
  return {
    job,
    name: jobName(job),
    rank: urgencyRank(job),
    level: needsPerson(job) && job.status !== 'pending' ? job.status : 'ok',
    expiry: expiryOf(job),
    checked: lastCheck ? Date.parse(lastCheck.checkedAt) : 0,
    due: nextDueAt ? Date.parse(nextDueAt) : Number.POSITIVE_INFINITY,
  };
}

/** Worked out once for each job, so that no comparison parses a date. A job that changes is another object. */
const keys = new WeakMap<JobView, JobKeys>();

export function keysOf(job: JobView): JobKeys {
  let key = keys.get(job);
  if (!key) {
    key = makeKeys(job);
    keys.set(job, key);
  }
  return key;
}
