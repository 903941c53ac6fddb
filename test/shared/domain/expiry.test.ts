import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assessTime } from '../../../electron/engine/verify/find-problems.ts';
import {
  compareStages,
  expiryStage,
  nextCrossing,
  nextStageAt,
  type ValidityTimes,
} from '../../../shared/domain/expiry.ts';
import type { Thresholds } from '../../../shared/schema/thresholds.ts';
import { sourceFiles } from '../../support/source-files.ts';

const dayMs = 86_400_000;
const from = Date.parse('2026-01-01T00:00:00Z');

const threshold = fc.option(
  fc.oneof(
    fc.record({ days: fc.double({ min: 0, max: 400, noNaN: true }) }),
    fc.record({ share: fc.double({ min: 0, max: 1, noNaN: true }) }),
  ),
  { nil: null },
);
const story = fc.record({
  thresholds: fc.record({ warning: threshold, critical: threshold }),
  lifetimeMs: fc.integer({ min: 60_000, max: 500 * dayMs }),
  share: fc.double({ min: -0.1, max: 1.1, noNaN: true }),
});
const timesOf = (lifetimeMs: number): ValidityTimes => ({ validFrom: from, validTo: from + lifetimeMs });

describe('expiryStage', () => {
  it('holds at notAfter itself, which RFC 5280 §4.1.2.5 includes, and at a threshold itself', () => {
    const thresholds: Thresholds = { warning: { days: 20 }, critical: { days: 5 } };
    const times = timesOf(90 * dayMs);
    const at = (left: number) => expiryStage(times, thresholds, times.validTo - left);
    expect([at(20 * dayMs), at(20 * dayMs - 1), at(5 * dayMs), at(5 * dayMs - 1), at(0), at(-1)]).toEqual([
      'fine',
      'warning',
      'warning',
      'critical',
      'critical',
      'expired',
    ]);
  });

  it('only goes on, and changes at no time but those that nextStageAt names', () => {
    fc.assert(
      fc.property(story, ({ thresholds, lifetimeMs, share }) => {
        const times = timesOf(lifetimeMs);
        const now = from + Math.round(lifetimeMs * share);
        const stage = expiryStage(times, thresholds, now);
        const next = nextStageAt(times, thresholds, now);
        if (next === null) return stage === 'expired';
        const last = expiryStage(times, thresholds, next - 1);
        return (
          next > now && last === stage && compareStages(expiryStage(times, thresholds, next), stage) >= 0
        );
      }),
    );
  });

  it('is what the status says: what is found at a time is wrong no sooner than the next stage', () => {
    fc.assert(
      fc.property(story, ({ thresholds, lifetimeMs, share }) => {
        const times = timesOf(lifetimeMs);
        const now = from + Math.round(lifetimeMs * share);
        const leaf = {
          subject: 'CN=a',
          issuer: 'CN=b',
          sans: [],
          validFrom: new Date(times.validFrom).toISOString(),
          validTo: new Date(times.validTo).toISOString(),
          // SAFETY: assessTime reads the dates alone.
        } as unknown as Parameters<typeof assessTime>[0];
        const problems = assessTime(leaf, null, thresholds, now);
        const { validFrom, validTo } = leaf;
        const next = nextCrossing(
          { status: 'ok', problems, validFrom, validTo, expiresAt: validTo, limitedBy: null },
          thresholds,
          now,
        );
        const begins = now < times.validFrom ? times.validFrom : Number.POSITIVE_INFINITY;
        const coming = Math.min(nextStageAt(times, thresholds, now) ?? Number.POSITIVE_INFINITY, begins);
        return (next ?? Number.POSITIVE_INFINITY) === coming;
      }),
    );
  });

  it('is the only place that compares with a threshold; the chart of a host draws them', () => {
    const allowed = ['shared/domain/expiry.ts', 'renderer/host-detail/trend-charts.tsx'];
    const others = sourceFiles(['shared', 'electron', 'renderer']).filter(
      (path) => !allowed.includes(path) && /\bthresholdMs\(/.test(readFileSync(path, 'utf8')),
    );
    expect(others).toEqual([]);
  });
});
