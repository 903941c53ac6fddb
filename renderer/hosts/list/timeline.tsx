import { useMemo } from 'react';
import type { JobView } from '../../../shared/schema/job.ts';
import { expiryOf } from '../../../shared/text/headline.ts';
import { count } from '../../../shared/text/words.ts';
import { exactDate } from '../../lib/dates.ts';
import type { Filter } from './filters.ts';
import classes from './timeline.module.css';

interface TimelineProps {
  jobs: readonly JobView[];
  now: number;
  chosen: Filter['expiry'];
  onChoose: (expiry: Filter['expiry']) => void;
}

const dayMs = 86_400_000;
const daysPerBar = 2;
const bars = 45;

interface Bar {
  from: number;
  to: number;
  count: number;
  level: 'ok' | 'warning' | 'critical';
}

/** When what expires in the next 90 days; a bar is two days, and a click on it shows just those. */
export function Timeline({ jobs, now, chosen, onChoose }: TimelineProps) {
  const start = Math.floor(now / dayMs) * dayMs;
  const { within, later } = useMemo(() => gather(jobs, start), [jobs, start]);
  const highest = Math.max(1, ...within.map((bar) => bar.count));
  const choose = (from: number, to: number) => onChoose(chosen?.from === from ? null : { from, to });
  const end = start + bars * daysPerBar * dayMs;
  return (
    <section className={classes['timeline']} aria-label="Expiries in the next 90 days">
      <div className={classes['plot']}>
        {within.map((bar) =>
          bar.count === 0 ? (
            <i key={bar.from} />
          ) : (
            <button
              key={bar.from}
              type="button"
              className={classes['bar']}
              data-level={bar.level}
              aria-pressed={chosen?.from === bar.from}
              title={describe(bar)}
              aria-label={describe(bar)}
              onClick={() => choose(bar.from, bar.to)}
            >
              <span style={{ height: `${14 + 86 * Math.sqrt(bar.count / highest)}%` }} />
            </button>
          ),
        )}
      </div>
      <div className={classes['axis']} aria-hidden={later === 0}>
        <span className={classes['mark']} style={{ left: 0 }}>
          today
        </span>
        <span className={classes['mark']} style={{ left: `${(14 / 90) * 100}%` }}>
          2 weeks
        </span>
        <span className={classes['mark']} style={{ left: `${(30 / 90) * 100}%` }}>
          30 days
        </span>
        <span className={classes['mark']} style={{ left: `${(60 / 90) * 100}%` }}>
          60 days
        </span>
        {later > 0 && (
          <button
            type="button"
            aria-pressed={chosen?.from === end}
            onClick={() => choose(end, Number.MAX_SAFE_INTEGER)}
          >
            later {later.toLocaleString()}
          </button>
        )}
      </div>
    </section>
  );
}

function describe({ from, to, count: number }: Bar): string {
  return `${count(number, 'certificate')} ${number === 1 ? 'expires' : 'expire'} ${exactDate(from)} to ${exactDate(to - 1)}`;
}

function gather(jobs: readonly JobView[], start: number): { within: Bar[]; later: number } {
  const width = daysPerBar * dayMs;
  const within = Array.from({ length: bars }, (_, index): Bar => {
    const from = start + index * width;
    return { from, to: from + width, count: 0, level: 'ok' };
  });
  let later = 0;
  for (const job of jobs) {
    const expiry = expiryOf(job);
    if (expiry === Number.POSITIVE_INFINITY || expiry < start) continue;
    const bar = within[Math.floor((expiry - start) / width)];
    if (!bar) {
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
  return { within, later };
}
