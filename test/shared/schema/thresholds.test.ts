import { describe, expect, it } from 'vitest';
import { thresholdMs } from '../../../shared/domain/expiry.ts';
import {
  defaultThresholds,
  formatNotifyAt,
  formatThreshold,
  parseNotifyAt,
  parseThreshold,
  thresholdsSchema,
} from '../../../shared/schema/thresholds.ts';

const day = 86_400_000;

describe('thresholdMs', () => {
  it.each([
    [398, 30, 7],
    [90, 22.5, 7],
    [47, 47 / 4, 4.7],
    [6, 1.5, 0.6],
    [1, 1 / 4, 0.1],
  ])('for a lifetime of %d days warns at %d and %d days', (lifetime, warning, critical) => {
    expect(thresholdMs('warning', defaultThresholds, lifetime * day)).toBeCloseTo(warning * day, 3);
    expect(thresholdMs('critical', defaultThresholds, lifetime * day)).toBeCloseTo(critical * day, 3);
  });
  it('takes days and shares', () => {
    const thresholds = { warning: { days: 20 }, critical: { share: 0.05 } };
    expect(thresholdMs('warning', thresholds, 100 * day)).toBe(20 * day);
    expect(thresholdMs('critical', thresholds, 100 * day)).toBe(5 * day);
  });
});

describe('thresholdsSchema', () => {
  it('refuses critical before warning', () => {
    const issue = thresholdsSchema.safeParse({ warning: { days: 5 }, critical: { days: 10 } }).error
      ?.issues[0];
    expect(issue).toMatchObject({ path: ['critical'], message: expect.stringMatching(/must not be higher/) });
  });
  it('refuses what is neither days nor share', () => {
    expect(thresholdsSchema.safeParse({ warning: { weeks: 2 } }).success).toBe(false);
  });
});

describe('a threshold as text', () => {
  it.each([
    ['20', { days: 20 }],
    ['20 days', { days: 20 }],
    ['1 day', { days: 1 }],
    ['2.5d', { days: 2.5 }],
    ['30%', { share: 0.3 }],
    ['12,5 %', { share: 0.125 }],
    ['  ', null],
  ])('reads %j', (text, threshold) => expect(parseThreshold(text)).toEqual(threshold));
  it.each(['soon', '-3', '120 %', '4000', '20 hours', '%'])('does not read %j', (text) =>
    expect(parseThreshold(text)).toBeUndefined(),
  );
  it.each(['20 days', '1 day', '30 %', '12.5 %', ''])('writes %j as it was read', (text) =>
    expect(formatThreshold(parseThreshold(text) ?? null)).toBe(text),
  );
});

describe('notification points', () => {
  it.each([
    ['60, 30, 14, 7', [{ days: 60 }, { days: 30 }, { days: 14 }, { days: 7 }]],
    ['60 days; 50 %', [{ days: 60 }, { share: 0.5 }]],
    ['1', [{ days: 1 }]],
    ['none', []],
    ['', null],
  ])('%s is read, and written as it was meant', (text, points) => {
    expect(parseNotifyAt(text)).toEqual(points);
    expect(parseNotifyAt(formatNotifyAt(parseNotifyAt(text) ?? null))).toEqual(points);
  });

  it.each(['60,,30', 'soon', '0', '60, 0 %', '-1', '4000', Array.from({ length: 21 }, () => '5').join(',')])(
    '%s is refused',
    (text) => expect(parseNotifyAt(text)).toBeUndefined(),
  );
});
