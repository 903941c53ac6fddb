import { ORPCError } from '@orpc/server';
import type { Log } from '../../engine/log.ts';

/** Runs a call of the router and logs, once, what only a bug can cause; what a client caused is its answer alone. */
export async function logFaults<Result>(
  log: Log,
  path: readonly string[],
  call: () => Promise<Result>,
): Promise<Result> {
  try {
    return await call();
  } catch (error) {
    if (!(error instanceof ORPCError)) log.error(`${path.join('.')} failed`, error);
    throw error;
  }
}
