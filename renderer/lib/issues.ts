import { ORPCError } from '@orpc/client';

/** A validation error of the engine's schemas, with its path. */
export interface Issue {
  path?: PropertyKey[];
  message: string;
}

/** Returns the validation errors in an error; none if it is another kind of error. */
export function issuesOf(error: unknown): Issue[] {
  const data: unknown = error instanceof ORPCError ? error.data : undefined;
  if (typeof data !== 'object' || data === null || !('issues' in data) || !Array.isArray(data.issues))
    return [];
  return data.issues as Issue[]; // SAFETY: both transports carry oRPC's own validation issues.
}
