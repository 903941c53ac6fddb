import { errorCode } from './error-code.ts';

/** The sentence for a message that failed by a fault of NotAfter. */
export const unsent = 'NotAfter could not send it; its log says why.';

/**
 * Returns why a work failed that should not have, as a sentence. Parts of the program load when they are first used, so an update that
 * replaces its files while it runs, as npm does, leaves it without those that it has not loaded yet.
 * @param usual the sentence for every other fault, whose details are in the log
 */
export function unexpectedFailure(error: unknown, usual: string): string {
  return errorCode(error) === 'ERR_MODULE_NOT_FOUND'
    ? 'NotAfter was updated while it was running. Restart it. What waits is sent then.'
    : usual;
}
