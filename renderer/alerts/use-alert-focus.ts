import { type RefObject, useLayoutEffect, useRef, useState } from 'react';
import { useKeys } from '../lib/keys.ts';

const rowsOf = (list: HTMLElement | null) => [...(list?.querySelectorAll<HTMLElement>('[data-alert]') ?? [])];
const rowIndex = (rows: readonly HTMLElement[]) =>
  rows.findIndex((row) => row.contains(document.activeElement));
const linkOf = (row: HTMLElement | undefined) => row?.querySelector<HTMLElement>('[data-title]');

/**
 * Makes a list of alerts one Tab stop with the actions of the alert that has the focus: arrows move among them, letters act.
 * An alert that leaves the list gives the focus to the one that takes its place, or to the heading.
 */
export function useAlertFocus(
  list: RefObject<HTMLElement | null>,
  heading: RefObject<HTMLElement | null>,
  ids: readonly number[],
) {
  const [chosen, setActive] = useState<number | null>(null);
  const index = useRef(0);
  const hadFocus = useRef(false);
  const active = ids.find((id) => id === chosen) ?? ids[Math.min(index.current, ids.length - 1)];

  const focusRow = (place: number) => {
    const rows = rowsOf(list.current);
    const row = rows[Math.max(0, Math.min(rows.length - 1, place))];
    (linkOf(row) ?? heading.current)?.focus();
  };
  const move = (step: number) => () => {
    const present = rowIndex(rowsOf(list.current));
    focusRow(present < 0 ? 0 : present + step);
  };
  /** Presses the button of the alert that has the focus. */
  const press = (action: string) => () => {
    const rows = rowsOf(list.current);
    rows[rowIndex(rows)]?.querySelector<HTMLElement>(`[data-action=${action}]`)?.click();
  };
  useKeys({
    ArrowDown: move(1),
    ArrowUp: move(-1),
    k: press('acknowledge'),
    s: press('snooze'),
    a: press('accept'),
  });
  useLayoutEffect(() => {
    if (hadFocus.current && document.activeElement === document.body) focusRow(index.current);
  });
  return {
    active,
    /** Goes to the first alert, or to the heading where there is none. */
    enter: () => focusRow(0),
    onFocus: (id: number) => {
      index.current = ids.indexOf(id);
      hadFocus.current = true;
      setActive(id);
    },
    onBlur: () => {
      // What leaves the document says so too; what goes elsewhere has the focus by then.
      queueMicrotask(() => {
        if (document.activeElement !== document.body)
          hadFocus.current = list.current?.contains(document.activeElement) ?? false;
      });
    },
  };
}
