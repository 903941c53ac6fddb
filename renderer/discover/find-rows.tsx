import { useVirtualizer } from '@tanstack/react-virtual';
import { type CSSProperties, type ReactNode, useLayoutEffect, useRef, useState } from 'react';
import type { KeptFind } from '../../shared/schema/saved-search.ts';
import { usePrinting } from '../lib/use-printing.ts';
import classes from './discover.module.css';

/** A row with a name, an issuer and a search, in pixels; others are measured once they are drawn. */
const usualHeight = 69;

interface FindRowsProps {
  finds: readonly KeptFind[];
  /** Draws what a row shows. */
  children: (find: KeptFind) => ReactNode;
}

/** Draws the finds that are in view: the page scrolls through thousands as through thirty. */
export function FindRows({ finds, children }: FindRowsProps) {
  const list = useRef<HTMLUListElement>(null);
  const scroller = () => list.current?.closest('main') ?? null;
  const [above, setAbove] = useState(0);
  // What is above the list changes its height with each search that is added, runs or fails.
  useLayoutEffect(() => {
    const main = scroller();
    if (!list.current || !main) return;
    const { top } = list.current.getBoundingClientRect();
    setAbove(Math.round(top - main.getBoundingClientRect().top + main.scrollTop));
  });
  const virtual = useVirtualizer({
    count: finds.length,
    getScrollElement: scroller,
    estimateSize: () => usualHeight,
    getItemKey: (index) => finds[index]?.id ?? index,
    scrollMargin: above,
    overscan: 10,
    // Before the page has been measured: rows are drawn with it at once.
    initialRect: { width: window.innerWidth, height: window.innerHeight },
  });
  const isPrinting = usePrinting();
  // Paper has no scroll bar: every row is drawn for it.
  const items = isPrinting ? finds.map((_, index) => ({ index, start: 0 })) : virtual.getVirtualItems();
  const placed = (start: number): CSSProperties =>
    isPrinting ? {} : { position: 'absolute', insetInline: 0, transform: `translateY(${start - above}px)` };
  return (
    <ul
      ref={list}
      className={classes['finds']}
      style={isPrinting ? undefined : { height: virtual.getTotalSize(), position: 'relative' }}
    >
      {items.map(({ index, start }) => {
        const find = finds[index];
        return (
          find && (
            <li
              key={find.id}
              ref={virtual.measureElement}
              className={classes['find']}
              style={placed(start)}
              data-index={index}
              data-find={find.id}
              aria-setsize={finds.length}
              aria-posinset={index + 1}
            >
              {children(find)}
            </li>
          )
        );
      })}
    </ul>
  );
}
