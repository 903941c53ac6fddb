/** Whole days to and since an expiry. */

const dayMs = 24 * 60 * 60 * 1000;

/**
 * Returns whole days from `now` until `validTo`, counted toward zero as sentences count them: −10 where a sentence says “expired 10 days ago”.
 * For everything that shows a number of days.
 */
export function daysLeft(validTo: string | number, now: string | number): number {
  return Math.trunc(daysBetween(validTo, now)) || 0;
}

/** Returns whole days from `now` until `validTo`, rounded down: `daysRemaining` of the API, negative from the moment of expiry on. */
export function daysRemaining(validTo: string | number, now: string | number): number {
  return Math.floor(daysBetween(validTo, now));
}

const daysBetween = (later: string | number, now: string | number) =>
  (new Date(later).getTime() - new Date(now).getTime()) / dayMs;
