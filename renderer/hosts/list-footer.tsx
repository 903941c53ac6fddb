import { useMemo } from 'react';
import { jobName } from '../../shared/domain/job-name.ts';
import type { Checks } from '../../shared/schema/event.ts';
import type { JobView } from '../../shared/schema/job.ts';
import { count, digits, relative } from '../../shared/text/words.ts';
import { Time } from '../components/time.tsx';
import { lazyComponent } from '../lib/lazy-component.tsx';
import classes from './jobs-view.module.css';

const RunningChecks = lazyComponent(async () => (await import('./running-checks.tsx')).RunningChecks);

interface ListFooterProps {
  jobs: readonly JobView[];
  shown: number;
  checks: Checks;
  isLoading: boolean;
  now: number;
}

/** Says how many hosts there are, how far running checks are, and what is checked next. */
export function ListFooter({ jobs, shown, checks, isLoading, now }: ListFooterProps) {
  const next = useMemo(() => nextDue(jobs), [jobs]);
  // The first screen is there; the total is not known yet.
  if (isLoading) return <footer className={classes['footer']}>Loading hosts…</footer>;
  return (
    <footer className={classes['footer']}>
      <span>
        {shown === jobs.length
          ? count(jobs.length, 'host')
          : `${digits(shown)} of ${count(jobs.length, 'host')}`}
      </span>
      <RunningChecks checks={checks} />
      {next?.nextDueAt && (
        <span className={classes['next']}>
          Next: {jobName(next)}{' '}
          <Time at={next.nextDueAt}>
            {Date.parse(next.nextDueAt) <= now ? 'now' : relative(Date.parse(next.nextDueAt), now)}
          </Time>
        </span>
      )}
    </footer>
  );
}

function nextDue(jobs: readonly JobView[]): JobView | undefined {
  const due = jobs.filter(({ nextDueAt }) => nextDueAt !== null);
  return due.reduce<JobView | undefined>(
    (first, job) => (!first || (job.nextDueAt ?? '') < (first.nextDueAt ?? '') ? job : first),
    undefined,
  );
}
