import { useMemo } from 'react';
import type { JobView } from '../../../shared/schema/job.ts';
import { count } from '../../../shared/text/words.ts';
import { dayRange } from '../../lib/dates.ts';
import type { Filter } from './filters.ts';
import classes from './timeline.module.css';
import { type Bar, timelineOf } from './timeline-bars.ts';

interface TimelineProps {
  jobs: readonly JobView[];
  now: number;
  chosen: Filter['expiry'];
  onChoose: (expiry: Filter['expiry']) => void;
}

/** Shows how many certificates expire when; a click on a bar filters the list. */
export function Timeline({ jobs, now, chosen, onChoose }: TimelineProps) {
  const today = new Date(now).toDateString();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the bars change with the day, not with every tick of `now`.
  const { bars, later, end } = useMemo(() => timelineOf(jobs, now), [jobs, today]);
  const highest = Math.max(1, ...bars.map((bar) => bar.count));
  const choose = (from: number, to: number) => onChoose(chosen?.from === from ? null : { from, to });
  return (
    <section className={classes['timeline']} aria-label="Expiries in the next 90 days">
      <div className={classes['plot']}>
        {bars.map((bar) =>
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
            {later.toLocaleString('en')} later
          </button>
        )}
      </div>
    </section>
  );
}

function describe({ from, to, count: number }: Bar): string {
  return `${count(number, 'certificate')} ${number === 1 ? 'expires' : 'expire'} ${dayRange(from, to - 1)}`;
}
