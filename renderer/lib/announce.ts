import { useSyncExternalStore } from 'react';

const listeners = new Set<() => void>();
let message = '';

/** Tells screen readers what just happened, where nothing that has the focus says it. */
export function announce(text: string): void {
  // The same text twice is read twice only if it differs.
  message = text === message ? `${text}\u00a0` : text;
  for (const listener of [...listeners]) listener();
}

/** Returns the last announcement. */
export function useAnnouncement(): string {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => message,
  );
}
