import { time } from './evidence.ts';

/** Limits of the CA/Browser Forum's Baseline Requirements §6.3.2, by the day of issue. */
const lifetimeLimits: readonly [from: string, days: number][] = [
  ['2029-03-15', 47],
  ['2027-03-15', 100],
  ['2026-03-15', 200],
  ['2020-09-01', 398],
  ['2018-03-01', 825],
];

/**
 * Returns the days above which Chrome refuses a certificate under roots that it knows (chromium
 * net/cert/cert_verify_proc.cc, HasTooLongValidity).
 * @param notBefore milliseconds since the epoch
 */
export function clientLimitDays(notBefore: number): number {
  return Math.max(398, maxLifetimeDays(notBefore));
}

/**
 * Returns the days for which public CAs may issue at that time; infinite before there was a limit.
 * @param notBefore milliseconds since the epoch
 */
export function maxLifetimeDays(notBefore: number): number {
  return lifetimeLimits.find(([from]) => notBefore >= time(from))?.[1] ?? Number.POSITIVE_INFINITY;
}
