import { shallowEqual, useCallbackRef, useViewportSize } from '@mantine/hooks';
import { FlexRender, type Header, type Row, type SortingState, useTable } from '@tanstack/react-table';
import { defaultRangeExtractor, useVirtualizer } from '@tanstack/react-virtual';
import { memo, useMemo, useRef } from 'react';
import { jobName } from '../../../shared/domain/job-name.ts';
import type { JobView } from '../../../shared/schema/job.ts';
import { usePreferences } from '../../lib/preferences.ts';
import { showJob } from '../../lib/use-route.ts';
import type { Sort } from './filters.ts';
import { type ColumnId, columns, features, ListContext, looks } from './job-columns.tsx';
import classes from './job-table.module.css';
import { type ColumnKey, narrowWidth, rowId } from './table-layout.ts';
import { useRowFocus } from './use-row-focus.ts';
import type { Selection } from './use-selection.ts';

interface JobTableProps {
  jobs: readonly JobView[];
  now: number;
  sort: Sort;
  onSort: (sort: Sort) => void;
  /** The host whose page is open. */
  openId: string | null;
  /** The row that has the focus, or gets it with the next Tab into the list. */
  activeId: string | null;
  onActive: (id: string) => void;
  selection: Selection;
  chosen: readonly ColumnKey[];
  /** Increases when the active row should take the focus. */
  focusRequests: number;
}

const rowHeights = { compact: 28, comfortable: 36 } as const;

/** Columns by id: those that were chosen, and that there is room for. */
function visibilityOf(chosen: readonly ColumnKey[], room: number): Record<string, boolean> {
  return Object.fromEntries(
    columns
      .filter(({ enableHiding }) => enableHiding)
      .map(({ id }) => [id, chosen.some((key) => key === id) && room > (looks[id].givesWayAt ?? 0)]),
  );
}

/** The column that a sort goes by, as the table has it. */
function sortingOf({ column, isDescending }: Sort): SortingState {
  const id = columns.find((one) => looks[one.id].sort === column)?.id;
  return id === undefined ? [] : [{ id, desc: isDescending }];
}

/**
 * The list, as a grid with one Tab stop (WAI-ARIA APG, Grid): arrows move among the rows, Enter opens, Space and x select.
 * Only the rows in sight are drawn, and the active one. A table element could not do that, so the roles are given by hand.
 */
export function JobTable(props: JobTableProps) {
  const { jobs, now, sort, onSort, openId, activeId, onActive, selection, chosen } = props;
  const { width } = useViewportSize();
  const windowWidth = width || window.innerWidth;
  const { density, paneWidth } = usePreferences();
  const rowHeight = rowHeights[density];
  const scroller = useRef<HTMLDivElement>(null);
  const activeIndex = jobs.findIndex(({ id }) => id === activeId);
  const virtual = useVirtualizer({
    count: jobs.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 12,
    // Before the list has been measured: rows are drawn with it at once.
    initialRect: { width: window.innerWidth, height: window.innerHeight },
    // The active row stays drawn, so that it keeps the focus and Tab finds it.
    rangeExtractor: (range) => {
      const shown = defaultRangeExtractor(range);
      if (activeIndex < 0 || shown.includes(activeIndex)) return shown;
      return [...shown, activeIndex].sort((one, other) => one - other);
    },
  });
  const items = virtual.getVirtualItems();
  const drawn = items.map(({ index }) => index).join();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the rows change with which are drawn, not with every scrolled pixel.
  const data = useMemo(() => items.flatMap(({ index }) => jobs[index] ?? []), [jobs, drawn]);
  const room = windowWidth - (openId !== null && windowWidth > narrowWidth ? paneWidth : 0);
  const table = useTable({
    features,
    columns,
    data,
    getRowId: ({ id }) => id,
    manualSorting: true,
    enableMultiSort: false,
    enableSortingRemoval: false,
    sortDescFirst: false,
    state: { columnVisibility: visibilityOf(chosen, room), sorting: sortingOf(sort) },
    onSortingChange: (update) => {
      const [next] = typeof update === 'function' ? update(sortingOf(sort)) : update;
      const column = next && looks[next.id as ColumnId].sort; // SAFETY: columns have these ids.
      if (next && column) onSort({ column, isDescending: next.desc });
    },
  });
  const shownColumns = table.getVisibleLeafColumns().map(({ id }) => id as ColumnId); // SAFETY: as above.
  const columnIds = shownColumns.join();
  const widths = shownColumns.map((id) => looks[id].width);
  const select = useCallbackRef((id: string, isRange: boolean) => selection.toggle(id, jobs, isRange));
  const { grid, onKeyDown, onHeadKeyDown } = useRowFocus({
    jobs,
    activeIndex,
    openId,
    selection,
    onActive,
    isBeside: windowWidth > narrowWidth,
    focusRequests: props.focusRequests,
    scrollTo: (index) => virtual.scrollToIndex(index, { align: 'auto' }),
  });
  const rows = table.getRowModel().rows;
  const isAllSelected = selection.ids.size > 0 && jobs.every((job) => selection.ids.has(job.id));
  return (
    <ListContext value={useMemo(() => ({ now, openId }), [now, openId])}>
      <div
        ref={grid}
        className={classes['table']}
        role="grid"
        aria-label="Hosts"
        aria-rowcount={jobs.length + 1}
        aria-multiselectable
        // SAFETY: a custom property is a property.
        style={
          { '--columns': ['36px', ...widths].join(' '), '--row': `${rowHeight}px` } as React.CSSProperties
        }
      >
        <div role="rowgroup" onKeyDown={onHeadKeyDown}>
          {table.getHeaderGroups().map(({ id, headers }) => (
            <div key={id} className={classes['head']} role="row" aria-rowindex={1}>
              <div role="columnheader" className={classes['select']}>
                <label>
                  <input
                    type="checkbox"
                    tabIndex={-1}
                    aria-label="Select all hosts in the list"
                    checked={isAllSelected}
                    onChange={() => (isAllSelected ? selection.clear() : selection.setAll(jobs))}
                  />
                </label>
              </div>
              {headers.map((header) => (
                <ColumnHead key={header.id} header={header} />
              ))}
            </div>
          ))}
        </div>
        <div ref={scroller} className={classes['body']} role="rowgroup" tabIndex={-1} onKeyDown={onKeyDown}>
          <div role="presentation" style={{ height: virtual.getTotalSize(), position: 'relative' }}>
            {items.map(({ index, start }, place) => {
              const row = rows[place];
              return row ? (
                <JobRow
                  key={row.id}
                  row={row}
                  index={index}
                  top={start}
                  isOpen={row.id === openId}
                  isActive={index === Math.max(0, activeIndex)}
                  isSelected={selection.ids.has(row.id)}
                  onActive={onActive}
                  columnIds={columnIds}
                  onSelect={select}
                />
              ) : null;
            })}
          </div>
        </div>
      </div>
    </ListContext>
  );
}

function ColumnHead({ header: { column } }: { header: Header<typeof features, JobView> }) {
  const { label, name } = looks[column.id as ColumnId]; // SAFETY: columns have these ids.
  if (!column.getCanSort() || label === '') {
    return (
      <div role="columnheader" className={classes['cell']} data-column={column.id}>
        {label === '' ? <span className="unseen">{name}</span> : label}
      </div>
    );
  }
  const sorted = column.getIsSorted();
  const direction = { asc: 'ascending', desc: 'descending' } as const;
  return (
    <div
      role="columnheader"
      className={classes['cell']}
      aria-sort={sorted === false ? 'none' : direction[sorted]}
    >
      <button
        type="button"
        tabIndex={-1}
        aria-label={`Sort by ${name.toLowerCase()}`}
        onClick={() => column.toggleSorting(sorted === 'asc')}
      >
        {label}
        {sorted !== false && <span aria-hidden="true">{sorted === 'desc' ? ' ↓' : ' ↑'}</span>}
      </button>
    </div>
  );
}

interface JobRowProps {
  row: Row<typeof features, JobView>;
  index: number;
  top: number;
  isOpen: boolean;
  isActive: boolean;
  isSelected: boolean;
  /** The ids of the columns that are shown. */
  columnIds: string;
  onActive: (id: string) => void;
  onSelect: (id: string, isRange: boolean) => void;
}

/** A row is drawn again when its host or its columns change, not because the table around it did. */
const JobRow = memo(DrawnRow, (before, after) => {
  const { row, ...rest } = before;
  const { row: next, ...others } = after;
  return row.original === next.original && shallowEqual(rest, others);
});

function DrawnRow({ row, index, top, isOpen, isActive, isSelected, onActive, onSelect }: JobRowProps) {
  const job = row.original;
  return (
    <div
      id={rowId(job.id)}
      role="row"
      aria-rowindex={index + 2}
      aria-selected={isSelected}
      tabIndex={isActive ? 0 : -1}
      className={classes['row']}
      data-open={isOpen || undefined}
      data-picked={isSelected || undefined}
      style={{ transform: `translateY(${top}px)` }}
      onFocus={() => onActive(job.id)}
      onClick={() => showJob(job.id)}
    >
      <div role="gridcell" className={classes['select']}>
        {/* The whole cell is the target; a click on it does not open the host. */}
        <label onClick={(event) => event.stopPropagation()}>
          <input
            type="checkbox"
            tabIndex={-1}
            aria-label={`Select ${jobName(job)}`}
            checked={isSelected}
            onChange={() => undefined} // The click says whether Shift was held.
            onClick={(event) => {
              onSelect(job.id, event.shiftKey);
              document.getElementById(rowId(job.id))?.focus({ preventScroll: true });
            }}
          />
        </label>
      </div>
      {row.getVisibleCells().map((cell) => (
        <div key={cell.id} role="gridcell" className={classes['cell']} data-column={cell.column.id}>
          <FlexRender cell={cell} />
        </div>
      ))}
    </div>
  );
}
