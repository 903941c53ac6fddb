import { useCallbackRef } from '@mantine/hooks';
import { type RefObject, useDeferredValue, useEffect, useMemo, useRef } from 'react';
import type { Checks, EngineState } from '../../shared/schema/event.ts';
import type { JobView } from '../../shared/schema/job.ts';
import { Button } from '../components/button.tsx';
import { lazyComponent } from '../lib/lazy-component.tsx';
import type { HistoryStep } from '../lib/page-address.ts';
import { CheckAll } from './check-all.tsx';
import classes from './jobs-view.module.css';
import { filterChips } from './list/filter-chips.ts';
import { type Filter, noFilter, type Sort } from './list/filters.ts';
import type { GroupBy } from './list/group-jobs.ts';
import { JobTable } from './list/job-table.tsx';
import { jobsOf } from './list/list-rows.ts';
import { ListToolbar } from './list/list-toolbar.tsx';
import { SearchBox } from './list/search-box.tsx';
import { narrowWidth } from './list/table-layout.ts';
import { Timeline } from './list/timeline.tsx';
import { useAnnouncedCount, useListFocus } from './list/use-list-focus.ts';
import { useListKeys } from './list/use-list-keys.ts';
import { useListRows } from './list/use-list-rows.ts';
import { useRowMenu } from './list/use-row-menu.tsx';
import { useSaveView } from './list/use-save-view.tsx';
import { useSelection } from './list/use-selection.ts';
import { useShownJobs } from './list/use-shown-jobs.ts';
import { useListLook } from './list/use-table-layout.ts';
import { ListFooter } from './list-footer.tsx';
import { ListHeadline } from './list-headline.tsx';
import { PauseMenu } from './pause-menu.tsx';
import type { HostActions } from './use-host-actions.ts';
import type { SavedViews } from './use-saved-views.ts';

const Welcome = lazyComponent(async () => (await import('./welcome.tsx')).Welcome);
const Notices = lazyComponent(async () => (await import('./list/notices.tsx')).Notices);
const BulkBar = lazyComponent(async () => (await import('./bulk/bulk-bar.tsx')).BulkBar);

interface JobsViewProps {
  jobs: readonly JobView[];
  isLoading: boolean;
  state: EngineState;
  checks: Checks;
  now: number;
  filter: Filter;
  /** The order in the address; null: as it was left. */
  sort: Sort | null;
  by: GroupBy | null;
  /** Filter, order and grouping as the address has them. */
  query: string;
  views: SavedViews;
  openId: string | null;
  actions: HostActions;
  onFilter: (filter: Filter, step?: HistoryStep) => void;
  onSort: (sort: Sort) => void;
  onGroup: (by: GroupBy | null) => void;
  /** Called with the hosts that are selected, and with none when the list goes. */
  onSelected: (selected: readonly JobView[]) => void;
  onAdd: () => void;
  /** Opens the form with an example certificate file, which needs no network. @param path the file */
  onExample: (path: string) => void;
}

/**
 * Shows what needs attention, then what expires when, then the list. In the document the list comes right after the search,
 * so that three Tabs reach it; the style sheet puts the rest above.
 */
export function JobsView(props: JobsViewProps) {
  const { jobs, isLoading, state, now, filter, by, query, views, openId, actions, onFilter, onAdd } = props;
  const selection = useSelection();
  const look = useListLook();
  const sort = props.sort ?? look.sort;
  const search = useRef<HTMLInputElement>(null);
  const addButton = useRef<HTMLButtonElement>(null);
  const { inTimeline, shown } = useShownJobs(jobs, filter, sort, now);
  const timelineJobs = useTimelineJobs(inTimeline);
  const { rows, ordered, fold } = useListRows(shown, by);
  const { active, setActive, wantsFocus, focusList } = useListFocus(rows, openId);
  // Selected hosts may have been deleted elsewhere since.
  const selected = useMemo(
    () => (selection.ids.size === 0 ? none : jobs.filter(({ id }) => selection.ids.has(id))),
    [jobs, selection.ids],
  );
  useReported(selected, props.onSelected);
  useAnnouncedCount(shown.length, jobs.length, filter, isLoading);
  useKeptFocus(jobs.length, addButton);
  const open = useMemo(() => jobs.find(({ id }) => id === openId), [jobs, openId]);
  const hasExpiry = useMemo(() => jobs.some(({ lastCheck }) => lastCheck?.expiresAt), [jobs]);
  // The same functions in every drawing, for what is not drawn with a key in the search box.
  const changeFilter = useCallbackRef((changed: Partial<Filter>) => onFilter({ ...filter, ...changed }));
  const chooseDays = useCallbackRef((expiry: Filter['expiry']) => onFilter({ ...filter, expiry }));
  const changeSort = useCallbackRef((next: Sort) => {
    look.setSort(next);
    props.onSort(next);
  });
  const changeGroup = useCallbackRef(props.onGroup);
  const toggleColumn = useCallbackRef(look.layout.onToggle);
  const resetColumns = useCallbackRef(look.layout.onReset);
  const focused = active ? jobsOf(active) : [];
  const atHand = open ? [open] : focused;
  useListKeys({
    targets: selected.length > 0 ? selected : atHand,
    selection,
    openId,
    isSearching: filter.search !== '',
    actions,
    focusList,
    focusSearch: () => search.current?.focus(),
    clearSearch: () => onFilter({ ...filter, search: '' }, 'replaced'),
    onAdd,
  });
  const { menu, openMenu } = useRowMenu(jobs, selected, actions);
  const { savedView, saveView, dialog } = useSaveView(query, views);

  return (
    <main className={classes['view']} aria-busy={isLoading}>
      <ListHeadline jobs={jobs} isLoading={isLoading} now={now} />
      {jobs.length > 0 && (
        <SearchBox
          jobs={jobs}
          search={filter.search}
          filters={filterChips(filter, changeFilter)}
          onSearch={(text) => onFilter({ ...filter, search: text }, 'typed')}
          onLeave={focusList}
          input={search}
        />
      )}
      {shown.length > 0 && (
        <JobTable
          rows={rows}
          jobs={ordered}
          isGrouped={by !== null}
          now={now}
          sort={sort}
          onSort={changeSort}
          openId={openId}
          activeId={active?.id ?? null}
          onActive={setActive}
          onFold={fold}
          onMenu={openMenu}
          selection={selection}
          layout={look.layout}
          wantsFocus={wantsFocus}
          isLoading={isLoading}
        />
      )}
      {isLoading && jobs.length === 0 && <div className={classes['skeleton']} />}
      {!isLoading && jobs.length === 0 && <Welcome onAdd={onAdd} onExample={props.onExample} />}
      {jobs.length > 0 && shown.length === 0 && !isLoading && (
        <div className={classes['empty']}>
          <p>No hosts match this filter.</p>
          <Button
            variant="default"
            onClick={() => {
              onFilter(noFilter);
              focusList();
            }}
          >
            Clear filter
          </Button>
        </div>
      )}
      {selected.length > 0 ? (
        <BulkBar
          selected={selected}
          checks={props.checks}
          hidden={selected.length - shown.filter(({ id }) => selection.ids.has(id)).length}
          actions={actions}
          onClear={() => {
            selection.clear();
            focusList();
          }}
        />
      ) : (
        <ListFooter jobs={jobs} shown={shown.length} checks={props.checks} isLoading={isLoading} now={now} />
      )}
      <div className={classes['actions']}>
        <PauseMenu pause={state.pause} disabled={jobs.length === 0} />
        <CheckAll jobs={jobs} />
        <Button ref={addButton} data-key="N" onClick={onAdd}>
          Add host
        </Button>
      </div>
      {jobs.length > 0 && (
        <ListToolbar
          jobs={jobs}
          onFilter={changeFilter}
          sort={sort}
          onSort={changeSort}
          columns={look.layout.columns}
          onToggleColumn={toggleColumn}
          onResetColumns={resetColumns}
          by={by}
          onGroup={changeGroup}
          savedView={savedView}
          onSaveView={saveView}
          onDeleteView={views.remove}
        />
      )}
      {hasExpiry && (
        <Timeline
          jobs={timelineJobs}
          now={now}
          chosen={filter.expiry}
          onChoose={chooseDays}
          isNarrow={openId !== null || innerWidth <= narrowWidth}
        />
      )}
      <div className={classes['notices']}>
        <Notices state={state} />
      </div>
      {menu}
      {dialog}
    </main>
  );
}

const none: readonly JobView[] = [];

/** Returns the jobs of the timeline; null before the first: the list comes first, and the bars follow it once it is drawn. */
function useTimelineJobs(jobs: readonly JobView[]): readonly JobView[] | null {
  const deferred = useDeferredValue(jobs);
  return deferred.length === 0 && jobs.length > 0 ? null : deferred;
}

/** Hands the selected hosts to the page, whose palette acts on them. */
function useReported(selected: readonly JobView[], report: (selected: readonly JobView[]) => void): void {
  useEffect(() => {
    report(selected);
    return () => report(none);
  }, [selected, report]);
}

/** Moves the focus to a button when the last host is gone, and the focus with it. */
function useKeptFocus(count: number, button: RefObject<HTMLElement | null>): void {
  const hadJobs = useRef(false);
  useEffect(() => {
    const isLost = hadJobs.current && count === 0 && document.activeElement === document.body;
    hadJobs.current = count > 0;
    if (isLost) button.current?.focus();
  }, [count, button]);
}
