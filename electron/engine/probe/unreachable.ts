import type { Unreachable, UnreachableReason } from '../../../shared/schema/check-result.ts';

interface UnreachableOptions extends ErrorOptions {
  /** What a person can do, where it is another than what is usual for the reason. */
  remedy?: string;
}

/** A target that shows no certificate: a result, carried as an exception only from where it is met to `check`. */
export class UnreachableError extends Error implements Unreachable {
  readonly reason: UnreachableReason;
  readonly remedy: string | undefined;

  constructor(reason: UnreachableReason, message: string, { remedy, ...options }: UnreachableOptions = {}) {
    super(message, options);
    this.name = 'UnreachableError';
    this.reason = reason;
    this.remedy = remedy;
  }
}

/** Rejects with the signal's reason when it aborts, so that a wait for a remote host always ends. */
export function rejectOnAbort(signal: AbortSignal): { promise: Promise<never>; [Symbol.dispose](): void } {
  const { promise, reject } = Promise.withResolvers<never>();
  const onAbort = () => reject(signal.reason);
  promise.catch(() => undefined); // The race that it is part of handles the rejection.
  if (signal.aborted) onAbort();
  else signal.addEventListener('abort', onAbort, { once: true });
  return { promise, [Symbol.dispose]: () => signal.removeEventListener('abort', onAbort) };
}
