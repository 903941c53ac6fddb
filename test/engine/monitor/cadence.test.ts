import { describe, expect, it } from 'vitest';
import { countFrom, missedTimes, nextDue, retryDelay } from '../../../electron/engine/monitor/cadence.ts';
import { type Outlook, type Schedule, unknownOutlook } from '../../../shared/schema/schedule.ts';
import { defaultThresholds } from '../../../shared/schema/thresholds.ts';

const day = 86_400_000;
const now = Date.parse('2026-11-24T10:00:00Z');
const job = (schedule: Schedule, id = 'a job') => ({ id, schedule, thresholds: defaultThresholds });
const due = (schedule: Schedule, after: number | string, outlook: Outlook = unknownOutlook) => {
  const time = nextDue(job(schedule), new Date(after).getTime(), outlook);
  return time === null ? null : new Date(time).toISOString();
};

describe('intervals', () => {
  it('count from the time given', () =>
    expect(due({ type: 'interval', minutes: 5 }, now)).toBe('2026-11-24T10:05:00.000Z'));
  it('of an hour and more come some seconds later, so that jobs drift apart', () => {
    const waits = Array.from({ length: 500 }, (_, index) => {
      const hourly = job({ type: 'interval', minutes: 60 }, `job ${index}`);
      return ((nextDue(hourly, now, unknownOutlook) ?? 0) - now) / 1000;
    });
    expect(Math.min(...waits)).toBeGreaterThanOrEqual(3600);
    expect(Math.max(...waits)).toBeLessThan(3650);
    expect(new Set(waits).size).toBe(50);
  });
});

describe('cron patterns', () => {
  it('follow their time zone', () => {
    expect(due({ type: 'cron', pattern: '0 0 6 * * *', timezone: 'America/New_York' }, now)).toBe(
      '2026-11-24T11:00:00.000Z',
    );
  });
  it('of five fields name a minute, within which 500 jobs take their places', () => {
    const nightly: Schedule = { type: 'cron', pattern: '0 6 * * *', timezone: 'UTC' };
    const seconds = new Map<string, number>();
    for (let index = 0; index < 500; index += 1) {
      const at = new Date(nextDue(job(nightly, `job ${index}`), now, unknownOutlook) ?? 0).toISOString();
      expect(at).toMatch(/^2026-11-25T06:00:/);
      seconds.set(at, (seconds.get(at) ?? 0) + 1);
    }
    expect(Math.max(...seconds.values())).toBeLessThanOrEqual(25);
  });
  it('keep a job at its place from time to time, wherever in the minute it was checked', () => {
    const minutely: Schedule = { type: 'cron', pattern: '* * * * *', timezone: 'UTC' };
    const first = nextDue(job(minutely), now, unknownOutlook) ?? 0;
    expect(nextDue(job(minutely), first, unknownOutlook)).toBe(first + 60_000);
    expect(nextDue(job(minutely), first + 1500, unknownOutlook)).toBe(first + 60_000);
  });
  it('may name seconds first', () => {
    expect(due({ type: 'cron', pattern: '30 0 12 * * *', timezone: 'UTC' }, now)).toBe(
      '2026-11-24T12:00:30.000Z',
    );
  });
  it('fire once when a night loses an hour, and once when it gains one', () => {
    const nightly: Schedule = { type: 'cron', pattern: '0 30 2 * * *', timezone: 'Europe/Berlin' };
    expect(due(nightly, '2027-03-27T12:00:00Z')).toBe('2027-03-28T01:00:00.000Z');
    expect(due(nightly, '2027-03-28T01:00:00Z')).toBe('2027-03-29T00:30:00.000Z');
    expect(due(nightly, '2027-10-30T12:00:00Z')).toBe('2027-10-31T00:30:00.000Z');
    expect(due(nightly, '2027-10-31T00:30:00Z')).toBe('2027-11-01T01:30:00.000Z');
  });
});

const adaptive = (id: string) => job({ type: 'adaptive' }, id);

describe('adaptive', () => {
  const outlook = (daysLeft: number) => ({
    validFrom: now - (90 - daysLeft) * day,
    validTo: now + daysLeft * day,
    renewalAt: null,
  });
  it.each([
    [60, 24],
    [22, 6],
    [6, 1],
    [-1, 1],
  ])('with %d of 90 days left looks again in %d hours', (daysLeft, hours) => {
    const wait = (nextDue(adaptive('a job'), now, outlook(daysLeft)) ?? 0) - now;
    expect(wait / 3_600_000).toBeLessThanOrEqual(hours);
    expect(wait / 3_600_000).toBeGreaterThan(hours * 0.95);
  });
  it('looks again within the hour where no certificate was seen', () => {
    expect(due({ type: 'adaptive' }, now)).toMatch(/^2026-11-24T1(0:5[7-9]|1:00)/);
  });
  it('spreads jobs, each by an amount that stays its own', () => {
    const dues = Array.from(
      { length: 500 },
      (_, index) => nextDue(adaptive(`job ${index}`), now, outlook(60)) ?? 0,
    );
    const again = nextDue(adaptive('job 7'), now, outlook(60));
    expect(again).toBe(dues[7]);
    const seconds = new Map<number, number>();
    for (const at of dues) seconds.set(Math.floor(at / 1000), (seconds.get(Math.floor(at / 1000)) ?? 0) + 1);
    expect(Math.max(...seconds.values())).toBeLessThanOrEqual(5);
    expect(Math.max(...dues) - Math.min(...dues)).toBeGreaterThan(25 * 60_000);
  });
});

describe('an expected renewal', () => {
  const outlook = (renewalInHours: number): Outlook => ({
    validFrom: now - 50 * day,
    validTo: now + 40 * day,
    renewalAt: now + renewalInHours * 3_600_000,
  });
  const hours = (renewalInHours: number) =>
    ((nextDue(adaptive('a job'), now, outlook(renewalInHours)) ?? 0) - now) / 3_600_000;
  it('is looked at within the hour after it', () => {
    expect(hours(5)).toBeGreaterThan(5.8);
    expect(hours(5)).toBeLessThanOrEqual(6);
  });
  it('does not put off the daily look', () => expect(hours(48)).toBeLessThanOrEqual(24));
  it('that has passed makes no difference', () => expect(hours(-5)).toBeGreaterThan(23));
});

describe('missedTimes', () => {
  const missed = (schedule: Schedule, minutesAgo: number) =>
    missedTimes(job(schedule), now - minutesAgo * 60_000, now, unknownOutlook);
  it.each<[string, Schedule, number, number]>([
    ['a timer that was half a minute late', { type: 'interval', minutes: 5 }, 0.5, 0],
    ['one time that passed', { type: 'interval', minutes: 120 }, 30, 1],
    ['every interval that passed', { type: 'interval', minutes: 5 }, 31, 6],
    [
      'every time of a pattern that passed',
      { type: 'cron', pattern: '0 0 * * * *', timezone: 'UTC' },
      180,
      3,
    ],
    ['at most a thousand', { type: 'cron', pattern: '* * * * * *' }, 600, 1000],
  ])('counts %s', (_what, schedule, minutesAgo, count) => expect(missed(schedule, minutesAgo)).toBe(count));
});

describe('countFrom', () => {
  const cron: Schedule = { type: 'cron', pattern: '0 6 * * *' };
  const interval: Schedule = { type: 'interval', minutes: 60 };
  it.each<[string, Schedule, number, number]>([
    ['the last check', cron, -60, -60],
    ['a check that lies ahead since the clock was set back: what ran is not run again', cron, 120, 120],
    ['now, where the clock was days ahead', cron, 3 * 24 * 60, 0],
    ['now, for a rhythm that would stand still else', interval, 120, 0],
  ])('is %s', (_what, schedule, lastInMinutes, fromInMinutes) =>
    expect(countFrom({ schedule }, now + lastInMinutes * 60_000, now)).toBe(now + fromInMinutes * 60_000),
  );
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
