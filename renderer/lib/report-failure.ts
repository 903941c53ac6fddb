import { notifications } from '@mantine/notifications';
import { ORPCError } from '@orpc/client';

/** The sentence of an error, for a person. */
export function sentenceOf(error: unknown): string {
  if (error instanceof ORPCError) return error.message;
  return 'NotAfter does not answer.';
}

/** Waits for a call whose answer comes by events, and says so where it fails. Resolves to whether it went well. */
export async function reportFailure(call: Promise<unknown>, failure: string): Promise<boolean> {
  try {
    await call;
    return true;
  } catch (error) {
    notifications.show({ color: 'red', title: failure, message: sentenceOf(error) });
    return false;
  }
}
