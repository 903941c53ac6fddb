import { expiryOf, needsPerson } from '../../../shared/domain/job-urgency.ts';
import type { JobView } from '../../../shared/schema/job.ts';

/** How the time ahead is cut: days, then bins of several days. */
const scales = {
  /** Two weeks by day, then to three months by week. */
  quarter: { days: 14, bins: 11, binDays: 7 },
  /** Three months by week where there is little room. */
  weeks: { days: 0, bins: 13, binDays: 7 },
  /** Four weeks by week, then to a year by four weeks. */
  year: { days: 0, bins: 13, binDays: 28 },
} as const;
export type Scale = keyof typeof scales;

/** Certificates that expire within some days of the local calendar. Times are milliseconds since the epoch. */
export interface Bar {
  kind: 'expired' | 'day' | 'bin' | 'later';
  /** Included; open to the past for what has expired. */
  from: number;
  /** Excluded; open to the future for what is later. */
  to: number;
  count: number;
  /** The worst that is in it. */
  level: 'ok' | 'warning' | 'critical' | 'unreachable';
}

const ranks: Readonly<Record<Bar['level'], number>> = { ok: 0, unreachable: 1, warning: 2, critical: 3 };

/** Returns midnight of the local day so many days after that of `time`: a day may last 23 or 25 hours. */
function localMidnight(time: number, days: number): number {
  const date = new Date(time);
  return new Date(date.getFullYear(), date.getMonth(), date.getDate() + days).getTime();
}

/** Cuts the time around the local day of `now` into bars: what expired before it, days, bins of days, and what is later. */
function cut(now: number, scale: Scale): Bar[] {
  const { days, bins, binDays } = scales[scale];
  const bar = (kind: Bar['kind'], from: number, to: number): Bar => ({
    kind,
    from,
    to,
    count: 0,
    level: 'ok',
  });
  const day = (offset: number) => localMidnight(now, offset);
  const end = day(days + bins * binDays);
  return [
    bar('expired', Number.MIN_SAFE_INTEGER, day(0)),
    ...Array.from({ length: days }, (_, index) => bar('day', day(index), day(index + 1))),
    ...Array.from({ length: bins }, (_, index) =>
      bar('bin', day(days + index * binDays), day(days + (index + 1) * binDays)),
    ),
    bar('later', end, Number.MAX_SAFE_INTEGER),
  ];
}

/** Counts the certificates of jobs by when they expire, with the worst level in each bar. */
export function timelineOf(jobs: readonly JobView[], now: number, scale: Scale): Bar[] {
  const bars = cut(now, scale);
  for (const job of jobs) {
    const expiry = expiryOf(job);
    if (expiry === Number.POSITIVE_INFINITY) continue;
    const bar = bars.findLast(({ from }) => from <= expiry);
    if (!bar) continue;
    bar.count += 1;
    const level = levelOf(job);
    if (ranks[level] > ranks[bar.level]) bar.level = level;
  }
  return bars;
}

function levelOf(job: JobView): Bar['level'] {
  return needsPerson(job) && job.status !== 'pending' ? job.status : 'ok';
}
