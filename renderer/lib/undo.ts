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
export function undoLast(): void {
  const [key, undo] = [...steps].at(-1) ?? [];
  if (key === undefined || !undo) return;
  steps.delete(key);
  undo();
}
