import { useEffect, useRef } from 'react';
import { preferences } from './preferences.ts';

/** Whether a key goes into a field, where letters are text. */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement) return !['checkbox', 'radio', 'button'].includes(target.type);
  return target.matches('textarea, select, [contenteditable=true]');
}

/** Whether a dialog or menu is open, which handles keys itself. */
export function isCovered(): boolean {
  return isOverlaid() || isShown('.mantine-Spotlight-content, [role=menu], [role=listbox]');
}

/** Whether a dialog lies over the page, other than the palette. */
export function isOverlaid(): boolean {
  return isShown('[role=dialog]:not(.mantine-Spotlight-content), [role=alertdialog]');
}

/** Closed lists stay in the document, hidden. */
function isShown(selector: string): boolean {
  return [...document.querySelectorAll(selector)].some((cover) => cover.checkVisibility());
}

/** Whether a dialog or menu was open when the key was pressed: Escape has closed it when other listeners get the key. */
let wasCovered = false;
addEventListener(
  'keydown',
  () => {
    wasCovered = isCovered();
  },
  { capture: true },
);

/** Whether a key means what the page says: not in fields, dialogs and menus, nor a letter where letters are turned off. */
function isForPage({ key, ctrlKey, altKey, metaKey, target, defaultPrevented }: KeyboardEvent): boolean {
  if (defaultPrevented || ctrlKey || altKey || metaKey || isTyping(target)) return false;
  return !(key.length === 1 && preferences().letters === 'off') && !wasCovered;
}

/**
 * Calls a function for a key, by its character: `n`, `?`, `Delete`. Not in fields, dialogs and menus, nor with Ctrl, Alt or
 * Meta. Letters can be turned off (WCAG 2.1.4); `Shift` is part of the character.
 */
export function useKeys(keys: Readonly<Record<string, (event: KeyboardEvent) => void>>): void {
  const newest = useRef(keys);
  useEffect(() => {
    newest.current = keys;
  });
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (!isForPage(event)) return;
      const { key } = event;
      const isCharacter = key.length === 1;
      const action = newest.current[isCharacter ? key.toLowerCase() : key];
      if (!action) return;
      event.preventDefault();
      action(event);
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, []);
}

/** How long the second letter of `g h` may take, in milliseconds. */
const pairMs = 1500;

/** Calls a function for a letter typed after `g`: `g h` goes to the hosts. */
export function useGoKeys(places: Readonly<Record<string, () => void>>): void {
  const newest = useRef(places);
  useEffect(() => {
    newest.current = places;
  });
  useEffect(() => {
    let pressedAt = Number.NEGATIVE_INFINITY;
    const onKey = (event: KeyboardEvent) => {
      if (!isForPage(event)) return;
      const letter = event.key.toLowerCase();
      const isSecond = event.timeStamp - pressedAt <= pairMs;
      pressedAt = letter === 'g' ? event.timeStamp : Number.NEGATIVE_INFINITY;
      const go = newest.current[letter];
      if (!isSecond || !go) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      go();
    };
    // Before every other listener: the second letter also has another meaning.
    addEventListener('keydown', onKey, { capture: true });
    return () => removeEventListener('keydown', onKey, { capture: true });
  }, []);
}
