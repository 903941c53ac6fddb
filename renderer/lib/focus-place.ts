/** What Tab stops at. */
const stops =
  'a[href], button:not(:disabled), input:not(:disabled), select:not(:disabled), textarea:not(:disabled), [tabindex="0"]';
/** The parts of the page that a focus stays in. */
const parts = '[role=dialog], [role=menu], main, aside, nav';

/** Where the focus was: everything that could have had it, in the order of the document. */
export interface Place {
  element: HTMLElement;
  all: readonly HTMLElement[];
  index: number;
  part: Element | null;
}

/** Remembers the place of an element, to find the nearest one once it is gone. */
export function placeOf(element: HTMLElement): Place {
  const all = [...document.querySelectorAll<HTMLElement>(stops)].filter((one) => one.tabIndex >= 0);
  // One that only arrow keys reach, such as a row of the list, is where it is in the document.
  const isHereOrLater = (one: HTMLElement) =>
    one === element || (element.compareDocumentPosition(one) & Node.DOCUMENT_POSITION_FOLLOWING) > 0;
  const index = all.findIndex(isHereOrLater);
  return { element, all, index: index < 0 ? all.length : index, part: element.closest(parts) };
}

/**
 * Gives the focus back to a place: to its element, or to what is nearest in the same part of the page where that is gone.
 * What follows comes before what precedes, and where the whole part is gone the list or the heading.
 */
export function focusPlace({ element, all, index, part }: Place): void {
  const canFocus = (one: HTMLElement) =>
    one.isConnected && one.checkVisibility() && !one.matches(':disabled');
  const near = canFocus(element) ? [element] : [...all.slice(index), ...all.slice(0, index).reverse()];
  const isSamePart = (one: HTMLElement) => one === element || one.closest(parts) === part;
  const next =
    canFocus(element) || part?.isConnected ? near.find((one) => canFocus(one) && isSamePart(one)) : undefined;
  const row = document.querySelector<HTMLElement>('[role=row][tabindex="0"]');
  const headings = [...document.querySelectorAll<HTMLElement>('main h2')];
  const heading = headings.find((one) => one.checkVisibility());
  heading?.setAttribute('tabindex', '-1');
  (next ?? row ?? heading)?.focus({ preventScroll: next !== undefined });
}
