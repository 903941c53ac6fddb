import { type RefObject, useEffect, useState } from 'react';
import { flushSync } from 'react-dom';

/** Rows by their places, from (included) to (excluded). */
export interface RowRange {
  from: number;
  to: number;
}

/** Rows that are drawn beyond both edges of what is in sight. */
const beyond = 12;
/** Both ends move by so many rows at a time: a scroll by less draws nothing. */
const step = 8;

/** Returns the rows to draw for a part of a list whose rows have all the same height. Lengths are in pixels. */
export function rangeInSight(top: number, height: number, rowHeight: number): RowRange {
  const first = Math.floor(top / rowHeight) - beyond;
  const last = Math.ceil((top + height) / rowHeight) + beyond;
  return { from: Math.max(0, Math.floor(first / step) * step), to: Math.ceil(last / step) * step };
}

/** Fits a range into a list, which may be shorter than it was: it keeps its length, so that the end is drawn at once. */
export function fitRange({ from, to }: RowRange, count: number): RowRange {
  const end = Math.min(to, count);
  return { from: Math.max(0, Math.min(from, end - (to - from))), to: end };
}

/**
 * Returns the rows of a list that are drawn: those in sight and some beyond. By hand, as rows of one height need no library that
 * measures each: TanStack's would be a tenth of the script before the first rows, and works with every key in the search box.
 */
export function useRowsInSight(
  list: RefObject<HTMLElement | null>,
  count: number,
  rowHeight: number,
): RowRange {
  // Before the list is measured, only as many as the window can show: more would delay the first ones.
  const [range, setRange] = useState(() => ({ from: 0, to: Math.ceil(innerHeight / rowHeight) }));
  useEffect(() => {
    const element = list.current;
    if (!element) return;
    const measure = () => {
      const next = rangeInSight(element.scrollTop, element.clientHeight, rowHeight);
      setRange((before) => (before.from === next.from && before.to === next.to ? before : next));
    };
    // In the same frame: else it would show a blank part.
    const onScroll = () => flushSync(measure);
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    element.addEventListener('scroll', onScroll, { passive: true });
    return () => {
      observer.disconnect();
      element.removeEventListener('scroll', onScroll);
    };
  }, [list, rowHeight]);
  return fitRange(range, count);
}

/** Returns the places of the rows to draw, in order. @param kept one that is drawn wherever it is; below 0: none */
export function placesOf({ from, to }: RowRange, kept: number): number[] {
  const places = Array.from({ length: to - from }, (_, index) => from + index);
  if (kept >= 0 && kept < from) places.unshift(kept);
  else if (kept >= to) places.push(kept);
  return places;
}
