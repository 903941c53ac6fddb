import { useSyncExternalStore } from 'react';

/** Names an alert as the subject of a step. */
export const alertSubject = (id: number) => `alert ${id}`;

/** Names a find as the subject of a step, with the state by which it is counted. */
export const findSubject = ({ id, state }: { id: number; state: string }) => `find ${id} ${state}`;

/** Returns how many finds in a state are subjects. */
export function findsAmong(later: ReadonlySet<string>, state: string): number {
  return [...later].filter((subject) => subject.startsWith('find ') && subject.endsWith(` ${state}`)).length;
}

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
