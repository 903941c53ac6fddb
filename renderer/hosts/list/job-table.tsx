import { useViewportSize } from '@mantine/hooks';
import { FlexRender, type Header, type Row, type SortingState, useTable } from '@tanstack/react-table';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useMemo, useRef } from 'react';
import { jobName } from '../../../shared/domain/job-name.ts';
import type { JobView } from '../../../shared/schema/job.ts';
import { showJob } from '../../lib/use-route.ts';
import type { Sort } from './filters.ts';
import { type ColumnId, columns, features, ListContext, looks } from './job-columns.tsx';
import classes from './job-table.module.css';
import type { ColumnKey } from './table-layout.ts';
import type { Picked } from './use-selection.ts';

interface JobTableProps {
  jobs: readonly JobView[];
  now: number;
  sort: Sort;
  onSort: (sort: Sort) => void;
  selectedId: string | null;
  picked: Picked;
  chosen: readonly ColumnKey[];
}

const rowHeight = 31;

/** Columns by id: those that were chosen, and that there is room for. */
function visibilityOf(chosen: readonly ColumnKey[], width: number): Record<string, boolean> {
  return Object.fromEntries(
    columns
      .filter(({ enableHiding }) => enableHiding)
      .map(({ id }) => [id, chosen.some((key) => key === id) && width > (looks[id].givesWayAt ?? 0)]),
  );
}

/** The column that a sort goes by, as the table has it. */
function sortingOf({ column, isDescending }: Sort): SortingState {
  const id = columns.find((one) => looks[one.id].sort === column)?.id;
  return id === undefined ? [] : [{ id, desc: isDescending }];
}

/**
 * The list: only the rows in sight are drawn, and only they are rows of the table. A table element could not do that, so the
 * roles are given by hand. Arrow keys move, x picks, Ctrl+A picks all, Enter opens the link in a row, Escape lets go.
 */
export function JobTable({ jobs, now, sort, onSort, selectedId, picked, chosen }: JobTableProps) {
  const { width } = useViewportSize();
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: jobs.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 12,
    // Until the list has been measured: rows are drawn with it at once.
    initialRect: { width: window.innerWidth, height: window.innerHeight },
    getItemKey: (index) => jobs[index]?.id ?? index,
  });
  const items = virtual.getVirtualItems();
  const [first, last] = [items[0]?.index ?? 0, items.at(-1)?.index ?? -1];
  const data = useMemo(() => jobs.slice(first, last + 1), [jobs, first, last]);
  const table = useTable({
    features,
    columns,
    data,
    getRowId: ({ id }) => id,
    manualSorting: true,
    enableMultiSort: false,
    enableSortingRemoval: false,
    sortDescFirst: false,
    state: { columnVisibility: visibilityOf(chosen, width || window.innerWidth), sorting: sortingOf(sort) },
    onSortingChange: (update) => {
      const [next] = typeof update === 'function' ? update(sortingOf(sort)) : update;
      const column = next && looks[next.id as ColumnId].sort; // SAFETY: columns have these ids.
      if (next && column) onSort({ column, isDescending: next.desc });
    },
  });
  const widths = table.getVisibleLeafColumns().map(({ id }) => looks[id as ColumnId].width);
  const selectedIndex = jobs.findIndex(({ id }) => id === selectedId);
  const lastSelected = useRef<string | null>(null);
  useEffect(() => {
    // Brought into sight when it is chosen, and left alone when results move it.
    if (selectedId !== lastSelected.current && selectedIndex >= 0)
      virtual.scrollToIndex(selectedIndex, { align: 'auto' });
    lastSelected.current = selectedId;
  }, [selectedId, selectedIndex, virtual]);

  const move = (to: number) => {
    const job = jobs[Math.max(0, Math.min(jobs.length - 1, to))];
    if (job) showJob(job.id);
  };
  const onKeyDown = (event: React.KeyboardEvent) => {
    const steps: Record<string, number> = {
      ArrowDown: 1,
      ArrowUp: -1,
      PageDown: 15,
      PageUp: -15,
      Home: -jobs.length,
      End: jobs.length,
    };
    const step = steps[event.key];
    const isAll = (event.ctrlKey || event.metaKey) && event.key === 'a';
    if (event.key === 'Escape' && picked.ids.size > 0) picked.clear();
    else if (event.key === 'Escape') showJob(null);
    else if (isAll) picked.setAll(jobs);
    else if (event.key === 'x' && selectedId !== null) picked.toggle(selectedId, jobs, event.shiftKey);
    else if (step !== undefined) move(selectedIndex + step);
    else return;
    event.preventDefault();
  };
  const rows = table.getRowModel().rows;

  return (
    <ListContext value={useMemo(() => ({ now, selectedId }), [now, selectedId])}>
      <div
        className={classes['table']}
        role="table"
        aria-label="Hosts"
        aria-rowcount={jobs.length + 1}
        // True: a custom property is a property.
        style={{ '--columns': ['38px', ...widths].join(' ') } as React.CSSProperties}
      >
        <div role="rowgroup">
          {table.getHeaderGroups().map(({ id, headers }) => (
            <div key={id} className={classes['head']} role="row" aria-rowindex={1}>
              <div role="columnheader" className={classes['pick']}>
                <input
                  type="checkbox"
                  aria-label="Select all hosts in the list"
                  checked={picked.ids.size > 0 && jobs.every((job) => picked.ids.has(job.id))}
                  onChange={(event) => (event.currentTarget.checked ? picked.setAll(jobs) : picked.clear())}
                />
              </div>
              {headers.map((header) => (
                <ColumnHead key={header.id} header={header} />
              ))}
            </div>
          ))}
        </div>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the list scrolls, so the keyboard must be able to reach it. */}
        <div ref={scroller} className={classes['body']} role="rowgroup" tabIndex={0} onKeyDown={onKeyDown}>
          <div role="presentation" style={{ height: virtual.getTotalSize(), position: 'relative' }}>
            {items.map(({ index, start }) => {
              const row = rows[index - first];
              return row ? (
                <JobRow
                  key={row.id}
                  row={row}
                  index={index}
                  top={start}
                  isSelected={row.id === selectedId}
                  isPicked={picked.ids.has(row.id)}
                  onPick={(isRange) => picked.toggle(row.id, jobs, isRange)}
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
  if (!column.getCanSort()) {
    return (
      <div role="columnheader" className={classes['cell']}>
        {label}
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
  isSelected: boolean;
  isPicked: boolean;
  onPick: (isRange: boolean) => void;
}

function JobRow({ row, index, top, isSelected, isPicked, onPick }: JobRowProps) {
  const job = row.original;
  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      className={classes['row']}
      data-selected={isSelected || undefined}
      data-picked={isPicked || undefined}
      style={{ transform: `translateY(${top}px)` }}
      onClick={() => showJob(job.id)}
    >
      <div role="cell" className={classes['pick']}>
        <input
          type="checkbox"
          aria-label={`Select ${jobName(job)}`}
          checked={isPicked}
          onChange={() => undefined} // A click says whether Shift was held.
          onClick={(event) => {
            event.stopPropagation();
            onPick(event.shiftKey);
          }}
        />
      </div>
      {row.getVisibleCells().map((cell) => (
        <div key={cell.id} role="cell" className={classes['cell']}>
          <FlexRender cell={cell} />
        </div>
      ))}
    </div>
  );
}
