import type { Thresholds } from '../schema/thresholds.ts';

const dayMs = 24 * 60 * 60 * 1000;

const defaults = {
  warning: { share: 1 / 3, days: 30 },
  critical: { share: 1 / 10, days: 7 },
} as const;

/**
 * How long before notAfter a certificate of the given lifetime reaches a threshold.
 * @param lifetimeMs notAfter minus notBefore, in milliseconds
 * @returns milliseconds
 */
export function thresholdMs(
  level: 'warning' | 'critical',
  thresholds: Thresholds,
  lifetimeMs: number,
): number {
  const own = thresholds[level];
  if (own === null) return Math.min(lifetimeMs * defaults[level].share, defaults[level].days * dayMs);
  return 'days' in own ? own.days * dayMs : own.share * lifetimeMs;
}
