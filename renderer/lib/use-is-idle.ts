import { useSyncExternalStore } from 'react';

/** A page that is never idle gets it after so long, in milliseconds. */
const maxWaitMs = 1_000;

let isIdle = false;
let isAsked = false;
const listeners = new Set<() => void>();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  if (!isAsked) {
    isAsked = true;
    requestIdleCallback(
      () => {
        isIdle = true;
        for (const one of [...listeners]) one();
      },
      { timeout: maxWaitMs },
    );
  }
  return () => listeners.delete(listener);
}

/** Returns whether the first component that asks has been painted: what is only seen on hover can wait for that. */
export function useIsIdle(): boolean {
  return useSyncExternalStore(
    subscribe,
    () => isIdle,
    () => true,
  );
}
