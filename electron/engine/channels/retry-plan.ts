import type { Sent } from './adapter.ts';

/** How long a delivery that failed waits before each further attempt, and then every hour … */
const retryMs = [10_000, 60_000, 5 * 60_000, 15 * 60_000, 30 * 60_000];
const maxRetryMs = 60 * 60_000;
/** … until it has been tried for about three days. Time offline or asleep does not count, since nothing is tried in it. */
export const maxAttempts = retryMs.length + 72;
/** However long a server asks to be left alone. */
const maxHoldMs = 6 * 60 * 60_000;

/** Returns when a failed delivery is tried next (null: it is given up), and until when the other side asks to be left alone. */
export function nextAttempt(
  { isFinal, retryAfterMs }: Extract<Sent, { ok: false }>,
  attempts: number,
  now: number,
): { nextAt: number | null; heldUntil: number | null } {
  const heldUntil = retryAfterMs === undefined ? null : now + Math.min(retryAfterMs, maxHoldMs);
  const isGivenUp = isFinal || attempts + 1 >= maxAttempts;
  const pausedUntil = now + (retryMs[attempts] ?? maxRetryMs);
  return { nextAt: isGivenUp ? null : Math.max(pausedUntil, heldUntil ?? 0), heldUntil };
}
