import { afterAll, describe, expect, it } from 'vitest';
import { timelineDays, timelineOf } from '../../renderer/hosts/list/timeline-bars.ts';
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
const localHour = (time: number) => new Date(time).getHours();

describe('timelineOf', () => {
  const now = Date.parse('2026-11-24T22:30:00Z');

  it.each(['UTC', 'Europe/Berlin', 'America/Los_Angeles', 'Asia/Kathmandu', 'Pacific/Auckland'])(
    'begins and ends every bar at midnight in %s, through changes of the clock',
    (name) => {
      inZone(name, () => {
        const { bars, end } = timelineOf([], now);
        expect(bars.map(({ from }) => localHour(from))).toEqual(bars.map(() => 0));
        expect(bars.map(({ to }) => to)).toEqual([...bars.slice(1).map(({ from }) => from), end]);
        expect(bars[0]?.from).toBeLessThanOrEqual(now);
        expect(Math.round((end - (bars[0]?.from ?? 0)) / dayMs)).toBe(timelineDays);
      });
    },
  );

  it('counts a certificate under the local day on which it expires', () => {
    const job = jobView('soon.example', 1 / 12, now); // 00:30 UTC of the next day
    const first = (name: string) =>
      inZone(name, () => timelineOf([job], now).bars.findIndex((bar) => bar.count));
    expect(first('America/Los_Angeles')).toBe(0);
    // 23:30 on the 24th in Berlin: both times are on other days there, in the same bar of two days.
    expect(first('Europe/Berlin')).toBe(0);
    const at = (name: string) =>
      inZone(name, () => new Date(timelineOf([job], now).bars[0]?.from ?? 0).getDate());
    expect(at('Pacific/Auckland')).toBe(25);
    expect(at('America/Los_Angeles')).toBe(24);
  });

  it('shows the worst level of a bar, and what is later or past outside of them', () => {
    const problem = (severity: 'warning' | 'critical') => [
      { code: 'expiring' as const, severity, message: '' },
    ];
    const jobs = [
      jobView('a', 5, now, { problems: problem('warning') }),
      jobView('b', 5, now, { problems: problem('critical') }),
      jobView('c', 5, now, { problems: problem('warning') }),
      jobView('late', 200, now),
      jobView('past', -5, now),
      jobView('none', null, now),
    ];
    const { bars, later } = timelineOf(jobs, now);
    expect(bars.filter(({ count }) => count > 0)).toMatchObject([{ count: 3, level: 'critical' }]);
    expect(later).toBe(1);
  });
});
