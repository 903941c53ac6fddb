import { isCounted } from '../../shared/domain/severity.ts';
import type { JobView } from '../../shared/schema/job.ts';

type Found = NonNullable<JobView['lastCheck']>['problems'][number];

/** A problem that can be accepted, with the hosts that have it. */
export interface AcceptChoice {
  code: Found['code'];
  /** What the first of them says. */
  message: string;
  jobs: readonly JobView[];
}

const openProblems = ({ lastCheck }: JobView) => lastCheck?.problems.filter(isCounted) ?? [];

/** Returns the open problems of some hosts, what most of them have first; among equals the worst first, as hosts list them. */
export function acceptChoices(jobs: readonly JobView[]): AcceptChoice[] {
  const found = new Map<Found['code'], { message: string; jobs: JobView[] }>();
  for (const job of jobs) {
    for (const { code, message } of openProblems(job)) {
      const choice = found.get(code) ?? { message, jobs: [] };
      choice.jobs.push(job);
      found.set(code, choice);
    }
  }
  const choices = [...found].map(([code, choice]) => ({ code, ...choice }));
  return choices.sort((one, other) => other.jobs.length - one.jobs.length);
}

/** Returns the other hosts that have a problem of the same cause: what they say of it is the same, word for word. */
export function othersWithCause(all: readonly JobView[], { code, message, jobs }: AcceptChoice): JobView[] {
  const own = new Set(jobs.map(({ id }) => id));
  return all.filter(
    (job) =>
      !own.has(job.id) && openProblems(job).some((one) => one.code === code && one.message === message),
  );
}
