/** Rejects with the signal's reason when it aborts, so that a race with something that may never end always does. */
export function rejectOnAbort(signal: AbortSignal): { promise: Promise<never>; [Symbol.dispose](): void } {
  const { promise, reject } = Promise.withResolvers<never>();
  const onAbort = () => reject(signal.reason);
  promise.catch(() => undefined); // The race that it is part of handles the rejection.
  if (signal.aborted) onAbort();
  else signal.addEventListener('abort', onAbort, { once: true });
  return { promise, [Symbol.dispose]: () => signal.removeEventListener('abort', onAbort) };
}
