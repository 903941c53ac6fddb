import { Button } from '@mantine/core';
import { useCallbackRef } from '@mantine/hooks';
import { useDeferredValue, useEffect, useMemo, useRef, useState } from 'react';
import type { EngineState } from '../../shared/schema/event.ts';
import type { JobView } from '../../shared/schema/job.ts';
import { headline } from '../../shared/text/headline.ts';
import { announce } from '../lib/announce.ts';
import { useKeys } from '../lib/keys.ts';
import { lazyComponent } from '../lib/lazy-component.tsx';
import { showJob } from '../lib/use-route.ts';
import { CheckAll } from './check-all.tsx';
import classes from './jobs-view.module.css';
import { type Filter, noFilter, type Sort } from './list/filters.ts';
import { JobTable } from './list/job-table.tsx';
import { ListToolbar } from './list/list-toolbar.tsx';
import { Notices } from './list/notices.tsx';
import { SearchBox } from './list/search-box.tsx';
import { narrowWidth, rowId } from './list/table-layout.ts';
import { Timeline } from './list/timeline.tsx';
import { useSelection } from './list/use-selection.ts';
import { useShownJobs } from './list/use-shown-jobs.ts';
import { useListLook } from './list/use-table-layout.ts';
import { ListFooter } from './list-footer.tsx';
import { PauseMenu } from './pause-menu.tsx';
import type { HostActions } from './use-host-actions.ts';
import { Welcome } from './welcome.tsx';

const BulkBar = lazyComponent(async () => (await import('./bulk/bulk-bar.tsx')).BulkBar);

interface JobsViewProps {
  jobs: readonly JobView[];
  isLoading: boolean;
  state: EngineState;
  now: number;
  filter: Filter;
  /** The order in the address; null: as it was left. */
  sort: Sort | null;
  openId: string | null;
  actions: HostActions;
  /** @param replaces whether Back leads past the present filter */
  onFilter: (filter: Filter, replaces?: boolean) => void;
  onSort: (sort: Sort) => void;
  onAdd: () => void;
  /** Opens the form with an example certificate file, which needs no network. @param path the file */
  onExample: (path: string) => void;
}

/**
 * Shows what needs attention, then what expires when, then the list. In the document the list comes right after the search,
 * so that three Tabs reach it; the style sheet puts the rest above.
 */
export function JobsView(props: JobsViewProps) {
  const { jobs, isLoading, state, now, filter, openId, actions, onFilter, onAdd } = props;
  const selection = useSelection();
  const look = useListLook();
  const sort = props.sort ?? look.sort;
  const search = useRef<HTMLInputElement>(null);
  const addButton = useRef<HTMLButtonElement>(null);
  const { inTimeline, shown } = useShownJobs(jobs, filter, sort, now);
  // The list comes first; the bars follow it once it is drawn.
  const timelineJobs = useDeferredValue(inTimeline);
  const { active, setActive } = useActive(shown, openId);
  const [focusRequests, setFocusRequests] = useState(0);
  const focusList = () => {
    const row = active && document.getElementById(rowId(active.id));
    if (row) row.focus();
    else setFocusRequests((requests) => requests + 1); // Once it is drawn.
  };
  useReturnToRow(openId, focusList);
  // Selected hosts may have been deleted elsewhere since.
  const selected = useMemo(
    () => (selection.ids.size === 0 ? [] : jobs.filter(({ id }) => selection.ids.has(id))),
    [jobs, selection.ids],
  );
  useAnnouncedCount(shown.length, jobs.length, filter, isLoading);
  const hadJobs = useRef(false);
  useEffect(() => {
    // The last host is gone, and the focus with it.
    const isLost = hadJobs.current && jobs.length === 0 && document.activeElement === document.body;
    hadJobs.current = jobs.length > 0;
    if (isLost) addButton.current?.focus();
  }, [jobs.length]);

  const open = useMemo(() => jobs.find(({ id }) => id === openId), [jobs, openId]);
  const hasExpiry = useMemo(() => jobs.some(({ lastCheck }) => lastCheck?.expiresAt), [jobs]);
  // The same functions in every drawing, for what is not drawn with a key in the search box.
  const changeFilter = useCallbackRef((changed: Partial<Filter>) => onFilter({ ...filter, ...changed }));
  const chooseDays = useCallbackRef((expiry: Filter['expiry']) => onFilter({ ...filter, expiry }));
  const changeSort = useCallbackRef((next: Sort) => {
    look.setSort(next);
    props.onSort(next);
  });
  const toggleColumn = useCallbackRef(look.toggleColumn);
  const filterBesideSearch = useFilterBesideSearch(filter);
  const targets = () => {
    if (selected.length > 0) return selected;
    const one = open ?? active;
    return one ? [one] : [];
  };
  const withTargets = (act: (targets: readonly JobView[]) => void) => () => {
    const found = targets();
    if (found.length > 0) act(found);
  };
  const fromNowhere = () => {
    if (document.activeElement === document.body) focusList();
  };
  useKeys({
    '/': () => search.current?.focus(),
    n: onAdd,
    c: withTargets(actions.check),
    e: () => {
      const [first] = targets();
      if (first) actions.edit(first);
    },
    a: () => {
      const [first] = targets();
      if (first) actions.accept(first);
    },
    t: withTargets(actions.tags),
    p: withTargets(actions.togglePause),
    Delete: withTargets((found) => {
      actions.remove(found);
      selection.clear();
    }),
    Escape: () => {
      if (selection.ids.size > 0) selection.clear();
      else if (openId !== null) showJob(null);
      else if (filter.search !== '') onFilter({ ...filter, search: '' }, true);
    },
    Backspace: () => {
      if (openId !== null) showJob(null);
    },
    ArrowDown: fromNowhere,
    ArrowUp: fromNowhere,
  });

  return (
    <main className={classes['view']} aria-busy={isLoading}>
      <Headline jobs={jobs} isLoading={isLoading} now={now} />
      {jobs.length > 0 && (
        <SearchBox
          jobs={jobs}
          search={filter.search}
          onSearch={(text) => onFilter({ ...filter, search: text }, true)}
          onLeave={focusList}
          input={search}
        />
      )}
      {shown.length > 0 && (
        <JobTable
          jobs={shown}
          now={now}
          sort={sort}
          onSort={changeSort}
          openId={openId}
          activeId={active?.id ?? null}
          onActive={setActive}
          selection={selection}
          chosen={look.columns}
          focusRequests={focusRequests}
        />
      )}
      {!isLoading && jobs.length === 0 && <Welcome onAdd={onAdd} onExample={props.onExample} />}
      {jobs.length > 0 && shown.length === 0 && !isLoading && (
        <div className={classes['empty']}>
          <p>No hosts match this filter.</p>
          <Button variant="default" onClick={() => onFilter(noFilter)}>
            Clear filter
          </Button>
        </div>
      )}
      {selected.length > 0 ? (
        <BulkBar
          selected={selected}
          hidden={selected.length - shown.filter(({ id }) => selection.ids.has(id)).length}
          actions={actions}
          onClear={() => {
            selection.clear();
            focusList();
          }}
        />
      ) : (
        <ListFooter jobs={jobs} shown={shown.length} isLoading={isLoading} now={now} />
      )}
      <div className={classes['actions']}>
        <PauseMenu pause={state.pause} disabled={jobs.length === 0} />
        <CheckAll jobs={jobs} />
        <Button ref={addButton} onClick={onAdd}>
          Add host
        </Button>
      </div>
      {jobs.length > 0 && (
        <ListToolbar
          jobs={jobs}
          filter={filterBesideSearch}
          onFilter={changeFilter}
          sort={sort}
          onSort={changeSort}
          columns={look.columns}
          onToggleColumn={toggleColumn}
        />
      )}
      {hasExpiry && (
        <Timeline
          jobs={timelineJobs}
          now={now}
          chosen={filter.expiry}
          onChoose={chooseDays}
          isNarrow={openId !== null || window.innerWidth <= narrowWidth}
        />
      )}
      <div className={classes['notices']}>
        <Notices state={state} />
      </div>
    </main>
  );
}

/** Returns the other parts of a filter: the same object until one of them changes. */
function useFilterBesideSearch({ group, tag, issuer, expiry }: Filter): Omit<Filter, 'search'> {
  return useMemo(() => ({ group, tag, issuer, expiry }), [group, tag, issuer, expiry]);
}

/** Returns the row that has or gets the focus: where the active host is gone, the one that took its place. */
function useActive(shown: readonly JobView[], openId: string | null) {
  const [activeId, setActive] = useState<string | null>(openId);
  const lastIndex = useRef(0);
  const [followed, setFollowed] = useState(openId);
  if (openId !== followed) {
    setFollowed(openId);
    if (openId !== null) setActive(openId);
  }
  const index = shown.findIndex(({ id }) => id === activeId);
  useEffect(() => {
    if (index >= 0) lastIndex.current = index;
  }, [index]);
  const active = index >= 0 ? shown[index] : shown[Math.min(lastIndex.current, shown.length - 1)];
  return { active, setActive };
}

/** Gives the focus back to the row when the host page closes. */
function useReturnToRow(openId: string | null, focusList: () => void) {
  const before = useRef(openId);
  useEffect(() => {
    if (before.current !== null && openId === null) focusList();
    before.current = openId;
  });
}

/** Tells screen readers how many hosts a changed filter leaves. */
function useAnnouncedCount(shown: number, total: number, filter: Filter, isLoading: boolean) {
  const last = useRef(filter);
  useEffect(() => {
    if (isLoading || filter === last.current) return;
    last.current = filter;
    announce(`${shown.toLocaleString('en')} of ${total.toLocaleString('en')} hosts`);
  }, [shown, total, filter, isLoading]);
}

function Headline({ jobs, isLoading, now }: { jobs: readonly JobView[]; isLoading: boolean; now: number }) {
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
