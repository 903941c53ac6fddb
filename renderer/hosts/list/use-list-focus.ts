import { useEffect, useRef, useState } from 'react';
import { digits } from '../../../shared/text/words.ts';
import { announce } from '../../lib/announce.ts';
import type { Filter } from './filters.ts';
import type { ListRow } from './list-rows.ts';
import { rowId } from './table-layout.ts';

/**
 * Keeps track of the row that has or gets the focus: where it is gone, the one that took its place. The row gets the focus
 * back when the host page closes.
 */
export function useListFocus(rows: readonly ListRow[], openId: string | null) {
  const { active, setActive } = useActive(rows, openId);
  const wantsFocus = useRef(false);
  const [, draw] = useState(0);
  useEffect(() => {
    // A focus that moves meanwhile is where it should be.
    const forget = () => {
      wantsFocus.current = false;
    };
    document.addEventListener('focusin', forget);
    return () => document.removeEventListener('focusin', forget);
  }, []);
  const focusList = () => {
    const row = active && document.getElementById(rowId(active.id));
    wantsFocus.current = !row; // Once it is drawn.
    if (row) row.focus();
    else draw((count) => count + 1);
  };
  useReturnToRow(openId, focusList);
  return { active, setActive, wantsFocus, focusList };
}

function useActive(rows: readonly ListRow[], openId: string | null) {
  const [activeId, setActive] = useState<string | null>(openId);
  const lastIndex = useRef(0);
  const [followed, setFollowed] = useState(openId);
  if (openId !== followed) {
    setFollowed(openId);
    // The row that opened it may be one of several of the same host.
    const isActive = rows.some((row) => row.id === activeId && row.kind === 'job' && row.job.id === openId);
    if (openId !== null && !isActive) setActive(openId);
  }
  const index = rows.findIndex(({ id }) => id === activeId);
  useEffect(() => {
    if (index >= 0) lastIndex.current = index;
  }, [index]);
  const active = index >= 0 ? rows[index] : rows[Math.min(lastIndex.current, rows.length - 1)];
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
export function useAnnouncedCount(shown: number, total: number, filter: Filter, isLoading: boolean) {
  const last = useRef(filter);
  useEffect(() => {
    if (isLoading || filter === last.current) return;
    last.current = filter;
    announce(`${digits(shown)} of ${digits(total)} hosts`);
  }, [shown, total, filter, isLoading]);
}
