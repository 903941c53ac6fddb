import { useSyncExternalStore } from 'react';

/** Names an alert as the subject of a step. */
export const alertSubject = (id: number) => `alert ${id}`;

const listeners = new Set<() => void>();
let subjects: ReadonlySet<string> = new Set();

/** Sets what the steps that wait are about: `runLater` does. */
export function setLaterSubjects(next: Iterable<string>): void {
  subjects = new Set(next);
  for (const listener of [...listeners]) listener();
}

/** Returns what is shown as done already, though it can still be undone. */
export function useLaterSubjects(): ReadonlySet<string> {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => subjects,
  );
}
