import type { RefObject } from 'react';
import classes from './search-box.module.css';

/** A filter in the search box. */
export interface SearchChip {
  key: string;
  label: string;
  onRemove: () => void;
}

interface SearchChipsProps {
  chips: readonly SearchChip[];
  /** The field that has the focus when the last one is gone, and where typing goes on. */
  input: RefObject<HTMLInputElement | null>;
}

const isChip = (element: Element | null): element is HTMLElement =>
  element instanceof HTMLElement && element.dataset['chip'] !== undefined;

/** Moves the focus from the field to the filter before it. @returns whether there is one */
export function enterChips(input: HTMLInputElement): boolean {
  const last = input.parentElement?.querySelector('fieldset')?.lastElementChild ?? null;
  if (!isChip(last)) return false;
  last.focus();
  return true;
}

/**
 * The filters of a search. They are no Tab stops, so that the list stays near: the left arrow leads to them from the field,
 * arrows move among them, and Backspace, Delete, Enter or a click remove one.
 */
export function SearchChips({ chips, input }: SearchChipsProps) {
  if (chips.length === 0) return null;
  const remove = (chip: SearchChip, element: HTMLElement, isClick: boolean) => {
    // Before it goes, so that the focus is never lost.
    const { nextElementSibling: next, previousElementSibling: previous } = element;
    const place = isClick ? null : [next, previous].find(isChip);
    (place ?? input.current)?.focus();
    chip.onRemove();
  };
  const onKeyDown = (event: React.KeyboardEvent<HTMLButtonElement>, chip: SearchChip) => {
    const { currentTarget: element, key } = event;
    const { nextElementSibling: next, previousElementSibling: previous } = element;
    const leave = () => input.current?.focus();
    const removeThis = () => remove(chip, element, false);
    const actions: Record<string, () => void> = {
      ArrowLeft: () => isChip(previous) && previous.focus(),
      ArrowRight: () => (isChip(next) ? next.focus() : leave()),
      Backspace: removeThis,
      Delete: removeThis,
      Enter: removeThis,
      ' ': removeThis,
      Escape: leave,
    };
    const action = actions[key];
    if (action) {
      action();
      event.preventDefault();
      event.stopPropagation();
    } else if (key.length === 1) leave(); // What is typed goes into the field.
  };
  return (
    <fieldset className={classes['chips']} aria-label="Active filters">
      {chips.map((chip) => (
        <button
          key={chip.key}
          type="button"
          data-chip
          tabIndex={-1}
          className={classes['chip']}
          onClick={(event) => remove(chip, event.currentTarget, true)}
          onKeyDown={(event) => onKeyDown(event, chip)}
        >
          <span>{chip.label}</span> <span aria-hidden="true">×</span>
          <span className="unseen">: remove this filter</span>
        </button>
      ))}
    </fieldset>
  );
}
