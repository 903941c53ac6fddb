import { useCallbackRef } from '@mantine/hooks';
import { type RefObject, useMemo, useRef } from 'react';
import type { JobView } from '../../../shared/schema/job.ts';
import { lazyComponent } from '../../lib/lazy-component.tsx';
import { paneField, usePreferences } from '../../lib/preferences.ts';
import { usePrinting } from '../../lib/use-printing.ts';
import { useWindowWidth } from '../../lib/use-window-width.ts';
import { ColumnHead } from './column-head.tsx';
import type { Sort } from './filters.ts';
import { GridRow } from './grid-row.tsx';
import { type ColumnId, ListContext, looks, shownColumns } from './job-columns.tsx';
import classes from './job-table.module.css';
import { bringIntoView, useKeepInView } from './keep-in-view.ts';
import { jobsOf, type ListRow } from './list-rows.ts';
import { placesOf, useRowsInSight } from './rows-in-sight.ts';
import { type ColumnWidths, minColumnWidth, narrowWidth, rowId } from './table-layout.ts';
import { useRowFocus } from './use-row-focus.ts';
import type { Selection } from './use-selection.ts';
import type { ColumnLayout } from './use-table-layout.ts';

// Few lists are grouped, and none waits for it.
const GroupRow = lazyComponent(async () => (await import('./group-row.tsx')).GroupRow);

interface JobTableProps {
  rows: readonly ListRow[];
  /** The hosts in the order of the rows, each once. */
  jobs: readonly JobView[];
  /** Whether the rows are in groups. */
  isGrouped: boolean;
  now: number;
  sort: Sort;
  onSort: (sort: Sort) => void;
  /** The host whose page is open. */
  openId: string | null;
  /** The row that has the focus, or gets it with the next Tab into the list. */
  activeId: string | null;
  onActive: (id: string) => void;
  /** Folds or opens a group. @param key of the group */
  onFold: (key: string) => void;
  /** Opens the context menu of a row. */
  onMenu: (row: ListRow, at: { x: number; y: number }) => void;
  selection: Selection;
  layout: ColumnLayout;
  /** Whether the active row takes the focus once it is drawn. */
  wantsFocus: RefObject<boolean>;
  /** Whether only the first hosts have been read yet. */
  isLoading: boolean;
}

const rowHeights = { compact: 28, comfortable: 36 } as const;

/** A chosen width is what the column gets as long as there is room, so that none is cut off. */
function trackOf(id: ColumnId, widths: ColumnWidths): string {
  const width = id === 'status' ? undefined : widths[id];
  return width === undefined ? looks[id].width : `minmax(${minColumnWidth}px, ${width}px)`;
}

/**
 * The list, as a grid with one Tab stop (WAI-ARIA APG, Grid): arrows move among the rows, Enter opens, Space and x select.
 * Only the rows in sight are drawn, and the active one. A table element could not do that, so the roles are given by hand.
 */
export function JobTable(props: JobTableProps) {
  const { rows: all, jobs, now, sort, onSort, openId, activeId, onActive, onFold, selection, layout } = props;
  const { columns: chosen, widths: chosenWidths } = layout;
  const windowWidth = useWindowWidth();
  const { density, ...preferences } = usePreferences();
  const rowHeight = rowHeights[density];
  const scroller = useRef<HTMLDivElement>(null);
  const activeIndex = all.findIndex(({ id }) => id === activeId);
  const range = useRowsInSight(scroller, all.length, rowHeight);
  const openIndex =
    openId === null ? -1 : all.findIndex((row) => row.kind === 'job' && row.job.id === openId);
  useKeepInView(scroller, openIndex < 0 ? activeIndex : openIndex, rowHeight);
  // Paper has no scroll bar: every row is drawn for it.
  const drawn = usePrinting() ? { from: 0, to: all.length } : range;
  // The active row stays drawn, so that it keeps the focus and Tab finds it.
  const places = placesOf(drawn, activeIndex);
  const room =
    windowWidth - (openId !== null && windowWidth > narrowWidth ? preferences[paneField(windowWidth)] : 0);
  const shown = useMemo(() => shownColumns(chosen, room), [chosen, room]);
  const widths = shown.map((id) => trackOf(id, chosenWidths));
  const shownKeys = shown.filter((id) => id !== 'status' && id !== 'host');
  const select = useCallbackRef((id: string, isRange: boolean) => selection.toggle(id, jobs, isRange));
  const selectGroup = useCallbackRef((row: ListRow) => selection.toggleAll(jobsOf(row)));
  const { grid, onKeyDown, onHeadKeyDown } = useRowFocus({
    rows: all,
    jobs,
    onFold,
    activeIndex,
    openId,
    selection,
    onActive,
    isBeside: windowWidth > narrowWidth,
    wantsFocus: props.wantsFocus,
    isLoading: props.isLoading,
    scrollTo: (index) => bringIntoView(scroller.current, index * rowHeight, rowHeight),
  });
  const isAllSelected = selection.ids.size > 0 && jobs.every((job) => selection.ids.has(job.id));
  const openMenu = (event: React.MouseEvent) => {
    const element = event.target instanceof Element ? event.target.closest('[role=row]') : null;
    const row = all.find(({ id }) => rowId(id) === element?.id);
    if (!element || !row) return;
    event.preventDefault();
    onActive(row.id);
    // By Shift+F10 or the menu key it belongs below the row, wherever the pointer is.
    const { left, bottom } = element.getBoundingClientRect();
    props.onMenu(
      row,
      event.button === 2 ? { x: event.clientX, y: event.clientY } : { x: left + 64, y: bottom },
    );
  };
  return (
    <ListContext value={useMemo(() => ({ now, openId }), [now, openId])}>
      <div
        ref={grid}
        className={classes['table']}
        role={props.isGrouped ? 'treegrid' : 'grid'}
        aria-label="Hosts"
        aria-rowcount={all.length + 1}
        aria-multiselectable
        // SAFETY: a custom property is a property.
        style={
          { '--columns': ['36px', ...widths].join(' '), '--row': `${rowHeight}px` } as React.CSSProperties
        }
      >
        <div role="rowgroup" onKeyDown={onHeadKeyDown}>
          <div className={classes['head']} role="row" aria-rowindex={1}>
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
            {shown.map((id) => (
              <ColumnHead key={id} id={id} sort={sort} onSort={onSort} layout={layout} shown={shownKeys} />
            ))}
          </div>
        </div>
        <div
          ref={scroller}
          className={classes['body']}
          role="rowgroup"
          tabIndex={-1}
          onKeyDown={onKeyDown}
          onContextMenu={openMenu}
        >
          {/* SAFETY: a custom property is a property. */}
          <div
            role="presentation"
            className={classes['rows']}
            style={{ '--height': `${all.length * rowHeight}px` } as React.CSSProperties}
          >
            {places.map((index) => {
              const row = all[index];
              if (!row) return null;
              const isActive = index === Math.max(0, activeIndex);
              if (row.kind === 'group') {
                return (
                  <GroupRow
                    key={row.id}
                    row={row}
                    index={index}
                    top={index * rowHeight}
                    isActive={isActive}
                    isSelected={row.group.jobs.every(({ id }) => selection.ids.has(id))}
                    now={now}
                    onActive={onActive}
                    onFold={onFold}
                    onSelect={selectGroup}
                  />
                );
              }
              return (
                <GridRow
                  key={row.id}
                  row={row}
                  index={index}
                  top={index * rowHeight}
                  isOpen={row.job.id === openId}
                  isActive={isActive}
                  isSelected={selection.ids.has(row.job.id)}
                  columns={shown}
                  onActive={onActive}
                  onSelect={select}
                />
              );
            })}
          </div>
        </div>
      </div>
    </ListContext>
  );
}
