import { useEffect } from 'react';
import { isTyping } from './keys.ts';

/** What can be undone, the newest last. */
const steps = new Map<string, () => void>();

/** Offers a step to Ctrl+Z until it is withdrawn. */
export function offerUndo(key: string, undo: () => void): void {
  steps.set(key, undo);
}

/** Ends an offer: the step is final, or was undone otherwise. */
export function withdrawUndo(key: string): void {
  steps.delete(key);
}

/** Undoes the newest step that is offered; does nothing if there is none. */
function undoLast(): void {
  const [key, undo] = [...steps].at(-1) ?? [];
  if (key === undefined || !undo) return;
  steps.delete(key);
  undo();
}

/** Has Ctrl+Z, or Cmd+Z, undo the newest step, outside of fields, which undo what was typed. */
export function useUndoKey(): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const { key, ctrlKey, metaKey, altKey, shiftKey, target } = event;
      if (key.toLowerCase() !== 'z' || !(ctrlKey || metaKey) || altKey || shiftKey || isTyping(target))
        return;
      event.preventDefault();
      undoLast();
    };
    document.documentElement.addEventListener('keydown', onKey);
    return () => document.documentElement.removeEventListener('keydown', onKey);
  }, []);
}
