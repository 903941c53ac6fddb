import { type ColumnKey, columnKeys } from './table-layout.ts';

/** A press that moves less than that, in pixels, is a click. */
const slack = 5;

type Drag =
  /** Called with the place of the pointer in the window, in pixels, as it moves. */
  | { onMove: (x: number) => void }
  /** Called with the column before which the head is dropped; null: behind all others. */
  | { head: HTMLElement; onDrop: (before: ColumnKey | null) => void };

/** Follows the pointer from the press on a column's head to its release: it changes the column's width, or its place. */
export function dragColumn(press: PointerEvent, drag: Drag): void {
  const controller = new AbortController();
  const { signal } = controller;
  let isDragged = false;
  const heads = 'head' in drag ? movableHeads(drag.head) : [];
  const end = () => {
    controller.abort();
    for (const one of heads) one.removeAttribute('data-drop');
    if ('head' in drag) drag.head.removeAttribute('data-dragged');
  };
  const onMove = (event: PointerEvent) => {
    isDragged ||= Math.abs(event.clientX - press.clientX) > slack;
    if (!isDragged) return;
    if ('onMove' in drag) return drag.onMove(event.clientX);
    drag.head.setAttribute('data-dragged', '');
    const next = headAfter(heads, event.clientX);
    for (const one of heads) one.removeAttribute('data-drop');
    if (next) next.setAttribute('data-drop', 'before');
    else heads.at(-1)?.setAttribute('data-drop', 'after');
  };
  const onUp = (event: PointerEvent) => {
    end();
    if (!isDragged) return;
    // The release of a drag is no click, which would sort.
    const swallow = (click: MouseEvent) => click.stopPropagation();
    window.addEventListener('click', swallow, { capture: true, once: true });
    setTimeout(() => window.removeEventListener('click', swallow, { capture: true }));
    if ('head' in drag) drag.onDrop(keyOf(headAfter(heads, event.clientX)));
  };
  window.addEventListener('pointermove', onMove, { signal });
  window.addEventListener('pointerup', onUp, { signal });
  window.addEventListener('pointercancel', end, { signal });
}

/** The heads that can change places, in their order. */
function movableHeads(head: HTMLElement): HTMLElement[] {
  const row = head.parentElement?.querySelectorAll<HTMLElement>('[data-column]') ?? [];
  return [...row].filter((one) => keyOf(one) !== null);
}

/** Returns the first head whose middle is right of a place; undefined: none is. */
function headAfter(heads: readonly HTMLElement[], x: number): HTMLElement | undefined {
  return heads.find((one) => {
    const { left, width } = one.getBoundingClientRect();
    return x < left + width / 2;
  });
}

function keyOf(head: HTMLElement | undefined): ColumnKey | null {
  return columnKeys.find((key) => key === head?.dataset['column']) ?? null;
}
