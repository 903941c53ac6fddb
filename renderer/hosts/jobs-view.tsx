import { Button } from '@mantine/core';
import { useHotkeys } from '@mantine/hooks';
import { useEffect, useMemo, useRef, useState } from 'react';
import { jobName } from '../../shared/domain/job-name.ts';
import type { EngineState } from '../../shared/schema/event.ts';
import type { JobView } from '../../shared/schema/job.ts';
import { headline } from '../../shared/text/headline.ts';
import { count, relative } from '../../shared/text/words.ts';
import { useApi } from '../lib/api-context.tsx';
import { lazyComponent } from '../lib/lazy-component.tsx';
import { reportFailure } from '../lib/report-failure.ts';
import classes from './jobs-view.module.css';
import { type Filter, filterJobs, noFilter, sortJobs } from './list/filters.ts';
import { JobTable } from './list/job-table.tsx';
import { ListToolbar } from './list/list-toolbar.tsx';
import { Notices } from './list/notices.tsx';
import { Timeline } from './list/timeline.tsx';
import { usePicked } from './list/use-selection.ts';
import { useListLook } from './list/use-table-layout.ts';
import { PauseMenu } from './pause-menu.tsx';
import type { Freshness } from './use-jobs.ts';

const BulkBar = lazyComponent(async () => (await import('./bulk/bulk-bar.tsx')).BulkBar);

interface JobsViewProps {
  jobs: readonly JobView[];
  freshness: Freshness;
  state: EngineState;
  now: number;
  filter: Filter;
  selectedId: string | null;
  onFilter: (filter: Filter) => void;
  onAdd: () => void;
  /** Opens the form with an example certificate file, which needs no network. @param path the file */
  onExample: (path: string) => void;
  onDelete: (jobs: readonly JobView[]) => void;
}

/** Shows what needs attention, then what expires when, then the list. */
export function JobsView({
  jobs,
  freshness,
  state,
  now,
  filter,
  selectedId,
  onFilter,
  onAdd,
  onExample,
  onDelete,
}: JobsViewProps) {
  const picked = usePicked();
  const { sort, setSort, columns, toggleColumn } = useListLook();
  const search = useRef<HTMLInputElement>(null);
  useHotkeys([
    ['/', () => search.current?.focus()],
    ['n', onAdd],
  ]);
  // Sorted before filtered, so that a key in the search box costs no sorting.
  const sorted = useMemo(() => sortJobs(jobs, sort), [jobs, sort]);
  const shown = useMemo(() => filterJobs(sorted, filter), [sorted, filter]);
  // Selected hosts may have been deleted elsewhere since.
  const isPicking = picked.ids.size > 0 && jobs.some(({ id }) => picked.ids.has(id));
  const isLoading = freshness === 'loading';

  return (
    <main className={classes['view']} aria-busy={isLoading}>
      <header className={classes['header']}>
        <div className={classes['sentence']}>
          <Sentence jobs={jobs} isLoading={isLoading} now={now} />
        </div>
        <div className={classes['actions']}>
          <PauseMenu pause={state.pause} disabled={jobs.length === 0} />
          <CheckAll jobs={jobs} />
          <Button onClick={onAdd}>Add host</Button>
        </div>
      </header>
      <Notices state={state} freshness={freshness} />
      {jobs.some(({ lastCheck }) => lastCheck?.expiresAt) && (
        <Timeline
          jobs={jobs}
          now={now}
          chosen={filter.expiry}
          onChoose={(expiry) => onFilter({ ...filter, expiry })}
        />
      )}
      {isPicking && <BulkBar jobs={jobs} picked={picked} onDelete={onDelete} />}
      {jobs.length > 0 && !isPicking && (
        <ListToolbar
          jobs={jobs}
          filter={filter}
          onFilter={onFilter}
          search={search}
          columns={columns}
          onToggleColumn={toggleColumn}
        />
      )}
      {!isLoading && jobs.length === 0 && <Welcome onAdd={onAdd} onExample={onExample} />}
      {jobs.length > 0 && shown.length === 0 && (
        <div className={classes['empty']}>
          <p>No hosts match this filter.</p>
          <Button variant="default" onClick={() => onFilter(noFilter)}>
            Clear filter
          </Button>
        </div>
      )}
      {shown.length > 0 && (
        <JobTable
          jobs={shown}
          now={now}
          sort={sort}
          onSort={setSort}
          selectedId={selectedId}
          picked={picked}
          chosen={columns}
        />
      )}
      <Footer jobs={jobs} shown={shown.length} isLoading={isLoading} now={now} />
    </main>
  );
}

/** Starts every check, and stops those that run or wait. Shows the progress meanwhile. */
function CheckAll({ jobs }: { jobs: readonly JobView[] }) {
  const api = useApi();
  const running = jobs.filter(({ checking }) => checking).length;
  /** The highest number since none ran. */
  const [most, setMost] = useState(0);
  if (running > most || (running === 0 && most > 0)) setMost(running);
  if (running > 1) {
    const total = Math.max(most, running);
    const done = total - running;
    return (
      <>
        <progress
          className={classes['progress']}
          max={total}
          value={done}
          aria-label={`${done.toLocaleString('en')} of ${count(total, 'check')} done`}
          title={`${done.toLocaleString('en')} of ${count(total, 'check')} done`}
        />
        <Button
          variant="default"
          onClick={() => void reportFailure(api.jobs.stopChecks(), 'Could not stop the checks')}
        >
          Stop {running.toLocaleString('en')} checks
        </Button>
      </>
    );
  }
  return (
    <Button
      variant="default"
      disabled={jobs.length === 0}
      onClick={() => void reportFailure(api.jobs.checkAll(), 'Could not start the checks')}
    >
      Check all
    </Button>
  );
}

function Sentence({ jobs, isLoading, now }: { jobs: readonly JobView[]; isLoading: boolean; now: number }) {
  if (isLoading) return <h2>Loading hosts…</h2>;
  const { title, detail } = headline(jobs, now);
  return (
    <>
      <h2>{title}</h2>
      <p className="dim">{detail}</p>
    </>
  );
}

function Welcome({ onAdd, onExample }: Pick<JobsViewProps, 'onAdd' | 'onExample'>) {
  const api = useApi();
  const [example, setExample] = useState<string | null>(null);
  useEffect(() => {
    // Without an example there is nothing to offer. The list reports a lost connection.
    api.status().then(
      ({ exampleFile }) => setExample(exampleFile),
      () => undefined,
    );
  }, [api]);
  return (
    <div className={classes['empty']}>
      <p>
        Add a host, and NotAfter checks its certificate every day and warns you before it expires. Nothing you
        enter leaves this computer except the connection to the host itself.
      </p>
      <Button size="sm" onClick={onAdd}>
        Add your first host
      </Button>
      {example !== null && (
        <p>
          <Button variant="subtle" px={0} onClick={() => onExample(example)}>
            Or try it with an example certificate
          </Button>
        </p>
      )}
    </div>
  );
}

interface FooterProps {
  jobs: readonly JobView[];
  shown: number;
  isLoading: boolean;
  now: number;
}

function Footer({ jobs, shown, isLoading, now }: FooterProps) {
  // The first screen is there; the total is not known yet.
  if (isLoading) return <footer className={classes['footer']}>Loading hosts…</footer>;
  const running = jobs.filter(({ checking }) => checking).length;
  const due = jobs.filter(({ nextDueAt }) => nextDueAt !== null);
  const next = due.reduce<JobView | undefined>(
    (first, job) => (!first || (job.nextDueAt ?? '') < (first.nextDueAt ?? '') ? job : first),
    undefined,
  );
  return (
    <footer className={classes['footer']}>
      <span>
        {shown === jobs.length
          ? count(jobs.length, 'host')
          : `${shown.toLocaleString('en')} of ${count(jobs.length, 'host')}`}
      </span>
      {running > 0 && <span role="status">{count(running, 'check')} running</span>}
      {next?.nextDueAt && (
        <span className={classes['next']}>
          Next: {jobName(next)}{' '}
          {Date.parse(next.nextDueAt) <= now ? 'now' : relative(Date.parse(next.nextDueAt), now)}
        </span>
      )}
    </footer>
  );
}
