import { memo, useMemo, useRef, useState } from 'react';
import type { JobView } from '../../../shared/schema/job.ts';
import { count, digits } from '../../../shared/text/words.ts';
import { StatusMark } from '../../components/status-mark.tsx';
import { dayRange, shortDate } from '../../lib/dates.ts';
import { lazyComponent } from '../../lib/lazy-component.tsx';
import { usePreferences } from '../../lib/preferences.ts';
import type { Filter } from './filters.ts';
import classes from './timeline.module.css';
import { type Bar, tickOf, timelineOf } from './timeline-bars.ts';

const TimeSpan = lazyComponent(async () => (await import('./time-span.tsx')).TimeSpan);

interface TimelineProps {
  /** The jobs of the list, without the filter by days; null: the list is drawn first, and the bars keep their place. */
  jobs: readonly JobView[] | null;
  now: number;
  chosen: Filter['expiry'];
  onChoose: (expiry: Filter['expiry']) => void;
  /** Whether there is little room: then by weeks alone. */
  isNarrow: boolean;
}

const plotHeight = 36;
const minHeight = 3;

/**
 * Shows how many certificates expire when, by local days; a bar filters the list. One Tab stop: arrows move among the bars
 * that have something, Enter chooses.
 */
export const Timeline = memo(function Bars({ jobs, now, chosen, onChoose, isNarrow }: TimelineProps) {
  const { timeline: span } = usePreferences();
  const scale = span === 'quarter' && isNarrow ? 'weeks' : span;
  const today = new Date(now).toDateString();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the bars change with the day, not with every tick of `now`.
  const bars = useMemo(() => (jobs === null ? [] : timelineOf(jobs, now, scale)), [jobs, today, scale]);
  const highest = Math.max(1, ...bars.map((bar) => bar.count));
  const full = bars.filter((bar) => bar.count > 0);
  const [activeFrom, setActive] = useState<number | null>(null);
  const active =
    full.find(({ from }) => from === activeFrom) ?? full.find(({ from }) => from === chosen?.from) ?? full[0];
  const plot = useRef<HTMLDivElement>(null);
  const move = (step: number) => {
    const index = active === undefined ? 0 : full.indexOf(active) + step;
    const next = full[Math.max(0, Math.min(full.length - 1, index))];
    if (!next) return;
    setActive(next.from);
    plot.current?.querySelector<HTMLElement>(`[data-from="${next.from}"]`)?.focus();
  };
  const onKeyDown = (event: React.KeyboardEvent) => {
    const steps: Record<string, number> = {
      ArrowRight: 1,
      ArrowLeft: -1,
      Home: -bars.length,
      End: bars.length,
    };
    const step = steps[event.key];
    if (step === undefined) return;
    event.preventDefault();
    move(step);
  };
  return (
    <section className={classes['timeline']} aria-label={`Expiring, ${scaleWords[scale]}`}>
      <div className={classes['head']}>
        <span>Expiring, {scaleWords[scale]}</span>
        <TimeSpan />
      </div>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: arrow keys move among the buttons inside. */}
      <div className={classes['plot']} ref={plot} onKeyDown={onKeyDown}>
        {bars.map((bar, index) => (
          <Slot
            key={bar.from}
            {...bar}
            fill={Math.max(minHeight, (plotHeight * bar.count) / highest)}
            tick={tickOf(bars, index, isNarrow)}
            isNarrow={isNarrow}
            isActive={bar === active}
            isChosen={chosen?.from === bar.from}
            onActive={setActive}
            onChoose={onChoose}
          />
        ))}
      </div>
    </section>
  );
});

interface SlotProps extends Bar {
  /** Height of the bar, in pixels. */
  fill: number;
  tick: string;
  isNarrow: boolean;
  isActive: boolean;
  isChosen: boolean;
  onActive: (from: number) => void;
  onChoose: (expiry: Filter['expiry']) => void;
}

/** A bar with its number and its label. With a key in the search box few change, and those alone are drawn. */
const Slot = memo(function BarSlot(props: SlotProps) {
  const { kind, from, to, count: hosts, level, fill, tick, isNarrow, isActive, isChosen } = props;
  const words = hosts > 0 ? describe(props) : '';
  return (
    <div className={classes['slot']} data-kind={kind}>
      {hosts > 0 && (
        <button
          type="button"
          className={classes['bar']}
          data-from={from}
          data-level={level}
          tabIndex={isActive ? 0 : -1}
          aria-pressed={isChosen}
          title={words}
          aria-label={words}
          onFocus={() => props.onActive(from)}
          onClick={() => props.onChoose(isChosen ? null : { from, to })}
        >
          <span className={classes['count']}>
            {/* Three digits leave no room for it in a narrow list; the color and the name say it too. */}
            {level !== 'ok' && !(isNarrow && hosts > 99) && <StatusMark mark={level} size={11} label="" />}
            {digits(hosts)}
          </span>
          <span className={classes['fill']} style={{ height: fill }} />
        </button>
      )}
      <span className={classes['tick']} aria-hidden="true">
        {tick}
      </span>
    </div>
  );
});

const scaleWords = {
  quarter: 'by local day, then by week',
  weeks: 'by local week',
  year: 'by four weeks',
} as const;

/** Names the days of a bar or filter: `expired before today`, `expires 25 – 26 Nov`, `expires from 24 Feb`. */
export function daysWords({ from, to }: { from: number; to: number }): string {
  if (from <= Number.MIN_SAFE_INTEGER) return 'expired before today';
  if (to >= Number.MAX_SAFE_INTEGER) return `expires from ${shortDate(from)}`;
  return `expires ${dayRange(from, to - 1)}`;
}

function describe(bar: Bar): string {
  const words = daysWords(bar);
  return `${count(bar.count, 'host')}: ${words}${bar.level === 'ok' ? '' : `, worst ${bar.level}`}`;
}
