import { expiryOf } from '../../../shared/domain/job-urgency.ts';
import type { JobView } from '../../../shared/schema/job.ts';

const daysPerBar = 2;
const barCount = 45;

/** The days that the timeline shows. */
export const timelineDays = daysPerBar * barCount;

/** Certificates that expire within a few days of the person's calendar. Times are milliseconds since the epoch. */
export interface Bar {
  from: number;
  to: number;
  count: number;
  level: 'ok' | 'warning' | 'critical';
}

export interface Timeline {
  bars: Bar[];
  /** How many expire after the last bar. */
  later: number;
  /** End of the last bar. */
  end: number;
}

/** Returns midnight of the local day so many days after that of `time`: a day may last 23 or 25 hours. */
function localMidnight(time: number, days: number): number {
  const date = new Date(time);
  return new Date(date.getFullYear(), date.getMonth(), date.getDate() + days).getTime();
}

/** Counts what expires from the local day of `now` on, a bar for every two days, with the worst level in each. */
export function timelineOf(jobs: readonly JobView[], now: number): Timeline {
  const bars = Array.from({ length: barCount }, (_, index): Bar => {
    const from = localMidnight(now, index * daysPerBar);
    return { from, to: localMidnight(now, (index + 1) * daysPerBar), count: 0, level: 'ok' };
  });
  const end = localMidnight(now, timelineDays);
  const start = localMidnight(now, 0);
  let later = 0;
  for (const job of jobs) {
    const expiry = expiryOf(job);
    if (expiry === Number.POSITIVE_INFINITY || expiry < start) continue;
    const bar = bars.findLast(({ from }) => from <= expiry);
    if (expiry >= end || !bar) {
      later += 1;
      continue;
    }
    bar.count += 1;
    const severity = job.lastCheck?.problems.find(
      ({ code }) => code === 'expiring' || code === 'expired',
    )?.severity;
    if (severity === 'critical') bar.level = 'critical';
    else if (severity === 'warning' && bar.level === 'ok') bar.level = 'warning';
  }
  return { bars, later, end };
}
