import { useMemo } from 'react';
import type { JobView } from '../../shared/schema/job.ts';
import { headline } from '../../shared/text/headline.ts';
import classes from './jobs-view.module.css';

interface ListHeadlineProps {
  jobs: readonly JobView[];
  isLoading: boolean;
  now: number;
}

/** Says in one sentence what needs attention. */
export function ListHeadline({ jobs, isLoading, now }: ListHeadlineProps) {
  const { title, detail, jobId } = useMemo(() => headline(jobs, now), [jobs, now]);
  if (isLoading) return <h2 className={classes['title']}>Loading hosts…</h2>;
  return (
    <div className={classes['title']}>
      <h2>{title}</h2>
      <p className="dim">
        {jobId === null ? (
          detail
        ) : (
          // By keyboard it is the first row of the list.
          <a href={`#/jobs/${jobId}`} tabIndex={-1}>
            {detail}
          </a>
        )}
      </p>
    </div>
  );
}
