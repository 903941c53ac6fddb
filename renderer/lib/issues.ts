import { ORPCError } from '@orpc/client';

/** What the engine's schemas refused, with where it stands. */
export interface Issue {
  path?: PropertyKey[];
  message: string;
}

/** The issues of a refusal; none where the error is no refusal. */
export function issuesOf(error: unknown): Issue[] {
  const data: unknown = error instanceof ORPCError ? error.data : undefined;
  if (typeof data !== 'object' || data === null || !('issues' in data) || !Array.isArray(data.issues))
    return [];
  return data.issues as Issue[]; // SAFETY: both transports carry oRPC's own form of a refusal.
}
