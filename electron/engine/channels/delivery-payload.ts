import type { HookMessage } from './message.ts';
import type { Due } from './outbox.ts';

/** What a payload has beside its message where only some recipients are left. */
export interface Remaining {
  remaining?: string[];
}

/** Returns what deliveries must have in common to become one message: the recipients that are left. Null: it stays one by itself, as a report does. */
export function mergeGroupOf({ payload }: Due): string | null {
  // SAFETY: the outbox holds only what was put there as a message.
  const { remaining, event } = JSON.parse(payload) as Remaining & Pick<HookMessage, 'event'>;
  if (event === 'report') return null;
  return remaining ? JSON.stringify(remaining) : '';
}

export function withRemaining(payload: string, remaining: string[]): string {
  // SAFETY: the outbox holds only what was put there as a message.
  return JSON.stringify({ ...(JSON.parse(payload) as object), remaining });
}
