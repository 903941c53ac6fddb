import { afterAll, describe, expect, it } from 'vitest';
import { tickOf, timelineOf } from '../../renderer/hosts/list/timeline-bars.ts';
import { jobView } from '../support/job-view.ts';

const dayMs = 86_400_000;
const zone = process.env['TZ'];
const inZone = <Value>(name: string, work: () => Value): Value => {
  process.env['TZ'] = name;
  return work();
};
afterAll(() => {
  if (zone === undefined) delete process.env['TZ'];
  else process.env['TZ'] = zone;
});
const zones = ['UTC', 'Europe/Berlin', 'America/Los_Angeles', 'Asia/Kathmandu', 'Pacific/Auckland'];

describe('timelineOf', () => {
  const now = Date.parse('2026-11-24T22:30:00Z');

  it.each(
    zones.flatMap((name) => (['quarter', 'weeks', 'year'] as const).map((scale) => [name, scale] as const)),
  )('begins and ends every bar at midnight in %s, through changes of the clock, by %s', (name, scale) => {
    inZone(name, () => {
      const bars = timelineOf([], now, scale);
      const between = bars.slice(1);
      expect(between.map(({ from }) => new Date(from).getHours())).toEqual(between.map(() => 0));
      // Neither gap nor overlap, from the past without end to the future without end.
      expect(bars.slice(0, -1).map(({ to }) => to)).toEqual(between.map(({ from }) => from));
      expect([bars[0]?.from, bars.at(-1)?.to]).toEqual([Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER]);
      const today = bars[1]?.from ?? 0;
      expect(today).toBeLessThanOrEqual(now);
      expect(new Date(today).toDateString()).toBe(new Date(now).toDateString());
      const days = Math.round(((bars.at(-1)?.from ?? 0) - today) / dayMs);
      expect(days).toBe({ quarter: 91, weeks: 91, year: 364 }[scale]);
    });
  });

  it.each([
    ['America/Los_Angeles', 'Nov 24'],
    ['UTC', 'Nov 25'],
    ['Europe/Berlin', 'Nov 25'],
    ['Pacific/Auckland', 'Nov 25'],
  ])('counts a certificate under the day on which it expires in %s', (name, day) => {
    const job = jobView('soon.example', 1 / 12, now); // 00:30 UTC of the 25th
    inZone(name, () => {
      const bar = timelineOf([job], now, 'quarter').find(({ count }) => count > 0);
      expect(new Date(bar?.from ?? 0).toDateString()).toContain(day);
    });
  });

  it('shows what has expired at the left, what is later at the right, and the worst of each bar', () => {
    const critical = { status: 'critical' as const };
    const jobs = [
      jobView('past', -5, now, critical),
      jobView('a', 5, now),
      jobView('b', 5, now, critical),
      jobView('c', 5, now, {
        status: 'warning',
        problems: [{ code: 'expiring', severity: 'warning', message: '' }],
      }),
      jobView('paused', 6, now, { ...critical, paused: true }),
      jobView('late', 200, now),
      jobView('none', null, now),
    ];
    const full = timelineOf(jobs, now, 'quarter').filter(({ count }) => count > 0);
    expect(full).toMatchObject([
      { kind: 'expired', count: 1, level: 'critical' },
      { kind: 'day', count: 3, level: 'critical' },
      { kind: 'day', count: 1, level: 'ok' },
      { kind: 'later', count: 1, level: 'ok' },
    ]);
  });
});

describe('the label under a bar', () => {
  const labels = (scale: 'quarter' | 'weeks' | 'year', isNarrow: boolean) =>
    inZone('UTC', () => {
      const bars = timelineOf([], Date.parse('2026-11-26T12:00:00Z'), scale);
      return bars.map((_, index) => tickOf(bars, index, isNarrow));
    });

  it('calls a bar of several days by how many they are, never today', () => {
    expect(labels('quarter', false).slice(0, 4)).toEqual(['Expired', 'Today', '27', '28']);
    expect(labels('weeks', false).slice(0, 5)).toEqual(['Expired', '7 days', 'Dec 3', '10', '17']);
    expect(labels('year', false)[1]).toBe('28 days');
  });

  it('is left out for every other bar where there is little room, and names each month once', () => {
    expect(labels('weeks', true)).toEqual([
      ...['Expired', '7 days', '', 'Dec 10', '', '24', '', 'Jan 7', '', '21', '', 'Feb 4', '', '18', 'Later'],
    ]);
  });
});
