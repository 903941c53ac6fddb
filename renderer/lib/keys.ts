import { useEffect, useRef } from 'react';
import { preferences } from './preferences.ts';

/** Whether a key goes into a field, where letters are text. */
function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement) return !['checkbox', 'radio', 'button'].includes(target.type);
  return target.matches('textarea, select, [contenteditable=true]');
}

/** Whether a dialog or menu is open, which has keys of its own. */
function isCovered(): boolean {
  const covers = document.querySelectorAll('[role=dialog], [role=alertdialog], [role=menu], [role=listbox]');
  // Closed lists stay in the document, hidden.
  return [...covers].some((cover) => cover.checkVisibility());
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
      const { key, ctrlKey, altKey, metaKey, target, defaultPrevented } = event;
      if (defaultPrevented || ctrlKey || altKey || metaKey || isTyping(target) || isCovered()) return;
      const isCharacter = key.length === 1;
      if (isCharacter && preferences().letters === 'off') return;
      const action = newest.current[isCharacter ? key.toLowerCase() : key];
      if (!action) return;
      event.preventDefault();
      action(event);
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
}

/** How long the second letter of `g h` may take, in milliseconds. */
const pairMs = 1500;

/** Calls a function for a letter typed after `g`: `g h` goes to the hosts. */
export function useGoKeys(places: Readonly<Record<string, () => void>>): void {
  const pressedAt = useRef(Number.NEGATIVE_INFINITY);
  const go = (letter: string) => (event: KeyboardEvent) => {
    if (event.timeStamp - pressedAt.current > pairMs) return;
    pressedAt.current = Number.NEGATIVE_INFINITY;
    places[letter]?.();
    // The second letter has a meaning of its own too.
    event.stopImmediatePropagation();
  };
  useKeys({
    ...Object.fromEntries(Object.keys(places).map((letter) => [letter, go(letter)])),
    g: (event) => {
      pressedAt.current = event.timeStamp;
    },
  });
}
