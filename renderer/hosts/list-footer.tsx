import { Button } from '@mantine/core';
import { memo, useMemo, useState } from 'react';
import { jobName } from '../../shared/domain/job-name.ts';
import type { JobView } from '../../shared/schema/job.ts';
import { count, relative } from '../../shared/text/words.ts';
import { Time } from '../components/time.tsx';
import { useApi } from '../lib/api-context.tsx';
import { reportFailure } from '../lib/report-failure.ts';
import classes from './jobs-view.module.css';

interface ListFooterProps {
  jobs: readonly JobView[];
  shown: number;
  isLoading: boolean;
  now: number;
}

/** Says how many hosts there are, how far running checks are, and what is checked next. */
export function ListFooter({ jobs, shown, isLoading, now }: ListFooterProps) {
  const unfinished = useMemo(() => jobs.filter(({ checking }) => checking).length, [jobs]);
  const next = useMemo(() => nextDue(jobs), [jobs]);
  // The first screen is there; the total is not known yet.
  if (isLoading) return <footer className={classes['footer']}>Loading hosts…</footer>;
  return (
    <footer className={classes['footer']}>
      <span>
        {shown === jobs.length
          ? count(jobs.length, 'host')
          : `${shown.toLocaleString('en')} of ${count(jobs.length, 'host')}`}
      </span>
      <Progress unfinished={unfinished} />
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

/** How many of the checks that were started together are done. @param unfinished checks that run or wait */
const Progress = memo(function CheckProgress({ unfinished }: { unfinished: number }) {
  const api = useApi();
  /** The highest number since none ran. */
  const [most, setMost] = useState(0);
  if (unfinished > most || (unfinished === 0 && most > 0)) setMost(unfinished);
  if (unfinished === 0) return null;
  const total = Math.max(most, unfinished);
  const done = total - unfinished;
  const words = `${done.toLocaleString('en')} of ${count(total, 'check')} done`;
  return (
    <>
      <span
        className={classes['progress']}
        role="progressbar"
        aria-label={words}
        aria-valuemin={0}
        aria-valuemax={total}
        aria-valuenow={done}
      >
        <span style={{ width: `${(100 * done) / total}%` }} />
      </span>
      <span>{words}</span>
      <Button
        variant="subtle"
        size="compact-xs"
        onClick={() => void reportFailure(api.jobs.stopChecks(), 'Could not stop the checks')}
      >
        Stop
      </Button>
    </>
  );
});
