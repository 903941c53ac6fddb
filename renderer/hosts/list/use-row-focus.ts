import { type KeyboardEvent, type RefObject, useEffect, useLayoutEffect, useRef } from 'react';
import type { JobView } from '../../../shared/schema/job.ts';
import { announce } from '../../lib/announce.ts';
import { preferences } from '../../lib/preferences.ts';
import { showJob } from '../../lib/use-route.ts';
import { jobsOf, type ListRow } from './list-rows.ts';
import { rowId } from './table-layout.ts';
import type { Selection } from './use-selection.ts';

interface RowFocusOptions {
  rows: readonly ListRow[];
  /** The hosts of the rows, in their order. */
  jobs: readonly JobView[];
  /** @param key of a group */
  onFold: (key: string) => void;
  activeIndex: number;
  openId: string | null;
  selection: Selection;
  onActive: (id: string) => void;
  /** Whether the host page is beside the list, and not in its place. */
  isBeside: boolean;
  /** Whether the active row takes the focus once it is drawn; set to false when it has. */
  wantsFocus: RefObject<boolean>;
  scrollTo: (index: number) => void;
  /** Whether only the first hosts have been read yet: the others will move them. */
  isLoading: boolean;
}

const pageRows = 15;

/**
 * Moves the focus among the rows of the list, and keeps it there: a row that is deleted gives it to the next one. While a
 * host page is open beside the list, it follows the focus.
 */
export function useRowFocus(options: RowFocusOptions) {
  const { rows, jobs, onFold, activeIndex, openId, selection, onActive, isBeside, wantsFocus, scrollTo } =
    options;
  const { isLoading } = options;
  const grid = useRef<HTMLDivElement>(null);
  /** A row that takes the focus once it is drawn. */
  const wanted = useRef<string | null>(null);
  const hadFocus = useRef(false);
  const active = rows[Math.max(0, activeIndex)];

  const focusActive = () => {
    if (active && !focusRow(active.id)) wanted.current = active.id;
  };
  useLayoutEffect(() => {
    const current = document.activeElement;
    if (grid.current?.contains(current)) hadFocus.current = true;
    else if (current !== document.body && current !== null) hadFocus.current = false;
    // The focused row was deleted or filtered out, or moved in the document, which takes the focus from it.
    const isLost = hadFocus.current && current === document.body;
    if (wanted.current !== null && focusRow(wanted.current)) wanted.current = null;
    else if (isLost) focusActive();
  });
  useEffect(() => {
    const onPointer = ({ target }: PointerEvent) => {
      if (target instanceof Node && !grid.current?.contains(target)) hadFocus.current = false;
    };
    const onFocus = ({ target }: FocusEvent) => {
      hadFocus.current = target instanceof Node && grid.current?.contains(target) === true;
    };
    document.addEventListener('focusin', onFocus);
    addEventListener('pointerdown', onPointer);
    return () => {
      document.removeEventListener('focusin', onFocus);
      removeEventListener('pointerdown', onPointer);
    };
  }, []);
  useLayoutEffect(() => {
    if (!wantsFocus.current) return;
    wantsFocus.current = false;
    scrollTo(Math.max(0, activeIndex));
    focusActive();
  });
  const lastOpen = useRef<string | null>(null);
  const openIndex =
    openId === null ? -1 : rows.findIndex((row) => row.kind === 'job' && row.job.id === openId);
  const wasLoading = useRef(isLoading);
  useEffect(() => {
    // Brought into sight when it is opened and once every host is there, and left alone when results move it.
    if ((openId !== lastOpen.current || wasLoading.current) && openIndex >= 0) scrollTo(openIndex);
    lastOpen.current = openId;
    wasLoading.current = isLoading;
  });

  const moveTo = (index: number) => {
    const row = rows[Math.max(0, Math.min(rows.length - 1, index))];
    if (!row) return;
    onActive(row.id);
    scrollTo(rows.indexOf(row));
    if (!focusRow(row.id)) wanted.current = row.id;
    if (openId !== null && isBeside && row.kind === 'job') showJob(row.job.id, 'typed');
  };
  const toggle = (isRange: boolean) => {
    if (active?.kind === 'job') selection.toggle(active.job.id, jobs, isRange);
    else if (active) selection.toggleAll(jobsOf(active));
  };
  const open = () => {
    if (active?.kind === 'group') onFold(active.group.key);
    else if (active && active.job.id === openId) document.querySelector<HTMLElement>('aside h2')?.focus();
    else if (active) showJob(active.job.id);
  };
  /** Returns what an arrow to the side does, as in a tree (WAI-ARIA APG, Treegrid); undefined: nothing. */
  const sideways = (isLeft: boolean) => {
    if (active?.kind === 'group')
      return active.isFolded === isLeft ? undefined : () => onFold(active.group.key);
    const groupId = active?.groupId;
    return isLeft && groupId != null ? () => moveTo(rows.findIndex(({ id }) => id === groupId)) : undefined;
  };
  const steps: Record<string, number> = {
    ArrowDown: 1,
    ArrowUp: -1,
    PageDown: pageRows,
    PageUp: -pageRows,
    Home: -rows.length,
    End: rows.length,
  };
  const selectAll = () => {
    selection.setAll(jobs);
    announce(`${jobs.length} selected`);
  };
  /** Returns what a key does; undefined: nothing. */
  const actionOf = ({ key, shiftKey }: KeyboardEvent) => {
    const step = steps[key];
    if (key === 'ArrowUp' && activeIndex <= 0) return () => focusHead(grid.current);
    if (step !== undefined) return () => moveTo(Math.max(0, activeIndex) + step);
    if (key === 'Enter') return active && open;
    if (key === 'ArrowLeft' || key === 'ArrowRight') return sideways(key === 'ArrowLeft');
    const isLetter = preferences().letters === 'on' && key.toLowerCase() === 'x';
    return key === ' ' || isLetter ? () => toggle(shiftKey) : undefined;
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.altKey) return;
    const hasControl = event.ctrlKey || event.metaKey;
    const controlAction = event.key.toLowerCase() === 'a' ? selectAll : undefined;
    const action = hasControl ? controlAction : actionOf(event);
    if (!action) return;
    action();
    event.preventDefault();
  };
  const onHeadKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    if (event.altKey || event.shiftKey) return; // Moves and sizes the column.
    const buttons = headButtons(grid.current);
    const index = buttons.findIndex((button) => button.matches(':focus'));
    if (event.key === 'ArrowRight') buttons[index + 1]?.focus();
    else if (event.key === 'ArrowLeft') buttons[index - 1]?.focus();
    else if (event.key === 'ArrowDown') focusActive();
    else return;
    event.preventDefault();
  };
  return { grid, onKeyDown, onHeadKeyDown };
}

/** Gives the focus to a row. Returns whether it is drawn. */
function focusRow(id: string): boolean {
  const row = document.getElementById(rowId(id));
  row?.focus({ preventScroll: true });
  return row !== null;
}

function headButtons(grid: HTMLElement | null): HTMLElement[] {
  const selector = '[role=columnheader] :is(input, button), [role=columnheader][tabindex]';
  return [...(grid?.querySelectorAll<HTMLElement>(selector) ?? [])];
}

function focusHead(grid: HTMLElement | null): void {
  headButtons(grid)[0]?.focus();
}
