import { ORPCError } from '@orpc/client';
import { notify } from './notify.ts';

/** Returns an error as a sentence for the user. */
export function sentenceOf(error: unknown): string {
  if (error instanceof ORPCError) return error.message;
  return 'NotAfter is not responding. Try again in a moment.';
}

/** Waits for a call whose result arrives as an event, and shows a notification if it fails. Resolves to whether it succeeded. */
export async function reportFailure(call: Promise<unknown>, failure: string): Promise<boolean> {
  try {
    await call;
    return true;
  } catch (error) {
    notify({ color: 'red', title: failure, message: sentenceOf(error) });
    return false;
  }
}
