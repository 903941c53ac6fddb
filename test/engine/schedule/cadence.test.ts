import { describe, expect, it } from 'vitest';
import { nextDue, retryDelay } from '../../../electron/engine/schedule/cadence.ts';
import type { Schedule } from '../../../shared/schedule.ts';
import { defaultThresholds } from '../../../shared/thresholds.ts';

const day = 86_400_000;
const now = Date.parse('2026-11-24T10:00:00Z');
const unknown = { validFrom: null, validTo: null };
const due = (
  schedule: Schedule,
  after: number | string,
  outlook = unknown as { validFrom: number | null; validTo: number | null },
) => {
  const time = nextDue(schedule, new Date(after).getTime(), outlook, defaultThresholds, 'a job');
  return time === null ? null : new Date(time).toISOString();
};

describe('intervals', () => {
  it('count from the time given', () =>
    expect(due({ type: 'interval', minutes: 90 }, now)).toBe('2026-11-24T11:30:00.000Z'));
});

describe('cron patterns', () => {
  it('follow their time zone', () => {
    expect(due({ type: 'cron', pattern: '0 6 * * *', timezone: 'America/New_York' }, now)).toBe(
      '2026-11-24T11:00:00.000Z',
    );
  });
  it('may name seconds first', () => {
    expect(due({ type: 'cron', pattern: '30 0 12 * * *', timezone: 'UTC' }, now)).toBe(
      '2026-11-24T12:00:30.000Z',
    );
  });
  it('fire once when a night loses an hour, and once when it gains one', () => {
    const nightly: Schedule = { type: 'cron', pattern: '30 2 * * *', timezone: 'Europe/Berlin' };
    expect(due(nightly, '2027-03-27T12:00:00Z')).toBe('2027-03-28T01:00:00.000Z');
    expect(due(nightly, '2027-03-28T01:00:00Z')).toBe('2027-03-29T00:30:00.000Z');
    expect(due(nightly, '2027-10-30T12:00:00Z')).toBe('2027-10-31T00:30:00.000Z');
    expect(due(nightly, '2027-10-31T00:30:00Z')).toBe('2027-11-01T01:30:00.000Z');
  });
});

describe('adaptive', () => {
  const outlook = (daysLeft: number) => ({
    validFrom: now - (90 - daysLeft) * day,
    validTo: now + daysLeft * day,
  });
  it.each([
    [60, 24],
    [29, 6],
    [6, 1],
    [-1, 1],
  ])('with %d of 90 days left looks again in %d hours', (daysLeft, hours) => {
    const wait =
      (nextDue({ type: 'adaptive' }, now, outlook(daysLeft), defaultThresholds, 'a job') ?? 0) - now;
    expect(wait / 3_600_000).toBeLessThanOrEqual(hours);
    expect(wait / 3_600_000).toBeGreaterThan(hours * 0.95);
  });
  it('looks again within the hour where no certificate was seen', () => {
    expect(due({ type: 'adaptive' }, now)).toMatch(/^2026-11-24T1(0:5[7-9]|1:00)/);
  });
  it('spreads jobs, each by an amount that stays its own', () => {
    const dues = Array.from(
      { length: 500 },
      (_, index) => nextDue({ type: 'adaptive' }, now, outlook(60), defaultThresholds, `job ${index}`) ?? 0,
    );
    const again = nextDue({ type: 'adaptive' }, now, outlook(60), defaultThresholds, 'job 7');
    expect(again).toBe(dues[7]);
    const seconds = new Map<number, number>();
    for (const at of dues) seconds.set(Math.floor(at / 1000), (seconds.get(Math.floor(at / 1000)) ?? 0) + 1);
    expect(Math.max(...seconds.values())).toBeLessThanOrEqual(5);
    expect(Math.max(...dues) - Math.min(...dues)).toBeGreaterThan(25 * 60_000);
  });
});

describe('retryDelay', () => {
  it('grows, and then leaves the job to its schedule', () => {
    expect([0, 1, 2, 3, 4].map((failures) => retryDelay(failures))).toEqual([
      null,
      60_000,
      300_000,
      900_000,
      null,
    ]);
  });
});
