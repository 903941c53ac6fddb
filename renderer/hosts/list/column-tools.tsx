import { useEffect, useEffectEvent, useRef, useState } from 'react';
import { announce } from '../../lib/announce.ts';
import { lazyComponent } from '../../lib/lazy-component.tsx';
import { dragColumn } from './drag-column.ts';
import classes from './job-table.module.css';
import {
  type ColumnKey,
  type ColumnWidths,
  clampWidth,
  neighborOf,
  type SizedColumn,
  sizedColumns,
} from './table-layout.ts';
import type { ColumnLayout } from './use-table-layout.ts';

const ColumnMenu = lazyComponent(async () => (await import('./column-menu.tsx')).ColumnMenu);

/** How much a key changes a width, in pixels. */
const stepWidth = 16;

export interface ColumnToolsProps {
  id: SizedColumn;
  name: string;
  layout: ColumnLayout;
  /** The columns that there is room for besides status and host, in their order. */
  shown: readonly ColumnKey[];
}

/**
 * Moves and sizes the column whose head it is in: by drag, by Shift and Alt with an arrow, and by the menu of the head, which
 * needs no drag (WCAG 2.2, 2.5.7).
 */
export function ColumnTools({ id, name, layout, shown }: ColumnToolsProps) {
  const grip = useRef<HTMLSpanElement>(null);
  const [menuAt, setMenuAt] = useState<{ x: number; y: number } | null>(null);
  const head = () => grip.current?.parentElement ?? null;
  const resize = (change: number) => {
    const width = clampWidth((head()?.offsetWidth ?? 0) + change);
    layout.onResize({ ...widthsBefore(head()), [id]: width });
    announce(`${name}: ${width} pixels wide`);
  };
  const move = (isLeft: boolean) => {
    const before = id === 'host' ? undefined : neighborOf(shown, id, isLeft);
    if (id === 'host' || before === undefined) {
      announce(`${name} cannot move further`);
      return;
    }
    layout.onMove(id, before);
    announce(`${name}: column ${shown.indexOf(id) + (isLeft ? 1 : 3)} of ${shown.length + 1}`);
  };
  const onKey = useEffectEvent((event: KeyboardEvent) => {
    const isLeft = event.key === 'ArrowLeft';
    if (!isLeft && event.key !== 'ArrowRight') return;
    if (event.altKey) resize(isLeft ? -stepWidth : stepWidth);
    else if (event.shiftKey) move(isLeft);
    else return;
    event.preventDefault();
  });
  const onPointer = useEffectEvent((event: PointerEvent) => {
    const element = head();
    if (!element || event.button !== 0) return;
    if (event.target === grip.current) {
      const from = element.offsetWidth - event.clientX;
      const before = widthsBefore(element);
      dragColumn(event, { onMove: (x) => layout.onResize({ ...before, [id]: clampWidth(from + x) }) });
    } else if (id !== 'host')
      dragColumn(event, { head: element, onDrop: (before) => layout.onMove(id, before) });
  });
  const onMenu = useEffectEvent((event: MouseEvent) => {
    event.preventDefault();
    const { left = 0, bottom = 0 } = head()?.getBoundingClientRect() ?? {};
    // By the menu key it belongs below the head, wherever the pointer is.
    setMenuAt(event.button === 2 ? { x: event.clientX, y: event.clientY } : { x: left, y: bottom });
  });
  useEffect(() => {
    // The head is drawn with the first rows; what few people use of it comes later, and listens to it.
    const element = grip.current?.parentElement;
    if (!element) return;
    const controller = new AbortController();
    const { signal } = controller;
    element.addEventListener('keydown', (event) => onKey(event), { signal });
    element.addEventListener('pointerdown', (event) => onPointer(event), { signal });
    element.addEventListener('contextmenu', (event) => onMenu(event), { signal });
    return () => controller.abort();
  }, []);
  const closeMenu = () => {
    setMenuAt(null);
    const element = head();
    (element?.querySelector('button') ?? element)?.focus();
  };
  return (
    <>
      {/* For the pointer alone: keys and the menu do the same. */}
      <span
        ref={grip}
        className={classes['grip']}
        aria-hidden="true"
        title="Drag to resize, double-click for the usual width"
        onDoubleClick={() => layout.onUsual(id)}
      />
      {menuAt && (
        <ColumnMenu
          at={menuAt}
          name={name}
          canMoveLeft={id !== 'host' && neighborOf(shown, id, true) !== undefined}
          canMoveRight={id !== 'host' && neighborOf(shown, id, false) !== undefined}
          isSized={layout.widths[id] !== undefined}
          onMove={move}
          onResize={(isWider) => resize(isWider ? stepWidth : -stepWidth)}
          onUsual={() => layout.onUsual(id)}
          onHide={id === 'host' ? null : () => layout.onToggle(id)}
          onClose={closeMenu}
        />
      )}
    </>
  );
}

/** Returns the widths of the columns before one: they keep them, so that its edge follows the pointer. */
function widthsBefore(head: HTMLElement | null): ColumnWidths {
  const heads = [...(head?.parentElement?.querySelectorAll<HTMLElement>('[data-column]') ?? [])];
  const widths = heads.slice(0, head ? heads.indexOf(head) : 0).flatMap((one) => {
    const key = sizedColumns.find((column) => column === one.dataset['column']);
    return key === undefined ? [] : [[key, clampWidth(one.offsetWidth)] as const];
  });
  return Object.fromEntries(widths);
}
