import { type RefObject, useEffect, useRef } from 'react';

/** Scrolls a list as little as it takes, by the height that it has now: a virtualizer knows that of its last measurement. */
export function bringIntoView(list: HTMLElement | null, top: number, height: number): void {
  if (!list) return;
  const lowest = top + height - list.clientHeight;
  list.scrollTop = Math.min(top, Math.max(list.scrollTop, lowest));
}

/**
 * Keeps a row in view when the list gets lower, as when the host page opens beside it and its tools take a second line. A row that was
 * out of view stays where it is: the person scrolled away from it.
 * @param index of the row; below 0: none
 */
export function useKeepInView(list: RefObject<HTMLElement | null>, index: number, rowHeight: number): void {
  const row = useRef({ top: 0, rowHeight });
  row.current = { top: index * rowHeight, rowHeight };
  useEffect(() => {
    const element = list.current;
    if (!element) return;
    let before = element.clientHeight;
    const observer = new ResizeObserver(() => {
      const { top, rowHeight: height } = row.current;
      const wasInView = top >= 0 && top + height > element.scrollTop && top < element.scrollTop + before;
      before = element.clientHeight;
      if (wasInView) bringIntoView(element, top, height);
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, [list]);
}
