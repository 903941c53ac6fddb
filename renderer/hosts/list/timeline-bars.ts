import type { JobView } from '../../../shared/schema/job.ts';
import { shortDate } from '../../lib/dates.ts';
import { compareLevel, keysOf, type Level } from './job-keys.ts';

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
  level: Level;
}

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
    const { expiry, level } = keysOf(job);
    if (expiry === Number.POSITIVE_INFINITY) continue;
    const bar = bars.findLast(({ from }) => from <= expiry);
    if (!bar) continue;
    bar.count += 1;
    if (compareLevel(level, bar.level) < 0) bar.level = level;
  }
  return bars;
}

const dayMs = 86_400_000;

/**
 * Returns the label under a bar: how many days the first bin has, then its first day, the month only where it is another one than under the
 * label before.
 * @param isNarrow whether there is room for every other label only
 */
export function tickOf(bars: readonly Bar[], index: number, isNarrow: boolean): string {
  const bar = bars[index];
  if (bar === undefined) return '';
  if (bar.kind === 'expired') return 'Expired';
  if (bar.kind === 'later') return 'Later';
  // A day lasts 23 to 25 hours where clocks change.
  if (index === 1) return bar.kind === 'day' ? 'Today' : `${Math.round((bar.to - bar.from) / dayMs)} days`;
  const step = isNarrow ? 2 : 1;
  if ((index - 1) % step !== 0) return '';
  const before = bars[index - step];
  const isNewMonth =
    before === undefined || new Date(before.from).getMonth() !== new Date(bar.from).getMonth();
  const isFirstBin = bar.kind === 'bin' && before?.kind === 'day';
  const isFirstDate = index - step === 1 && bars[1]?.kind === 'bin';
  return isNewMonth || isFirstBin || isFirstDate ? shortDate(bar.from) : String(new Date(bar.from).getDate());
}
