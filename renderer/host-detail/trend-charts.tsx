import 'uplot/dist/uPlot.min.css';
import { useEffect, useRef, useState } from 'react';
import UPlot from 'uplot';
import { thresholdAt } from '../../shared/domain/expiry.ts';
import { type Renewal, renewalsOf } from '../../shared/domain/renewals.ts';
import type { TrendPoint } from '../../shared/schema/job.ts';
import type { Sighting } from '../../shared/schema/sighting.ts';
import { defaultThresholds, type Thresholds } from '../../shared/schema/thresholds.ts';
import { count } from '../../shared/text/words.ts';
import { exactDate, exactTime } from '../lib/dates.ts';
import { axisDates } from './axis-dates.ts';
import classes from './trend-charts.module.css';

const dayMs = 86_400_000;

interface TrendChartsProps {
  trend: readonly TrendPoint[];
  certificates: readonly Sighting[];
  thresholds: Thresholds | null;
}

/** Days left and response times since the job was added, the renewals marked. */
export default function TrendCharts({ trend, certificates, thresholds }: TrendChartsProps) {
  const checkTimes = trend.map(({ at }) => Date.parse(at) / 1000);
  const days = trend.map(({ at, validTo }) =>
    validTo === null ? null : (Date.parse(validTo) - Date.parse(at)) / dayMs,
  );
  const response = trend.map(({ status, totalMs }) => (status === 'unreachable' ? null : totalMs));
  const renewals = renewalsOf(certificates);
  const [current] = certificates;
  const lines = (['warning', 'critical'] as const).flatMap((level) => {
    if (!current) return [];
    const times = { validFrom: Date.parse(current.validFrom), validTo: Date.parse(current.validTo) };
    const at = thresholdAt(level, times, thresholds ?? defaultThresholds);
    return [{ level, at: (times.validTo - at) / dayMs }];
  });
  const [first, last] = [trend[0], trend.at(-1)];
  const since = first && last ? `${exactDate(first.at)} to ${exactDate(last.at)}` : '';
  const slowest = Math.max(0, ...response.map((ms) => ms ?? 0));
  return (
    <>
      <section>
        <h3>Days left{renewals.length > 0 && `, ${count(renewals.length, 'renewal')}`}</h3>
        <Chart
          times={checkTimes}
          values={days}
          renewals={renewals}
          lines={lines}
          label={`Days left from ${since}; now ${Math.floor(days.at(-1) ?? 0)}. ${count(renewals.length, 'renewal')}.`}
          format={formatWhole}
          unit="days left"
        />
      </section>
      <section>
        <h3>Response time, ms</h3>
        <Chart
          times={checkTimes}
          values={response}
          renewals={[]}
          lines={[]}
          label={`Response time from ${since}; at most ${Math.round(slowest)} ms.`}
          format={formatWhole}
          unit="ms"
        />
      </section>
    </>
  );
}

const formatWhole = (value: number) => `${Math.round(value)}`;

/** A threshold, drawn as a line across the chart. */
interface Line {
  level: 'warning' | 'critical';
  at: number;
}

interface ChartProps {
  times: readonly number[];
  values: readonly (number | null)[];
  renewals: readonly Renewal[];
  lines: readonly Line[];
  unit: string;
  label: string;
  format: (value: number) => string;
}

const height = 96;

function Chart({ times, values, renewals, lines, unit, label, format }: ChartProps) {
  const place = useRef<HTMLDivElement>(null);
  const [readout, setReadout] = useState<string | null>(null);
  useEffect(() => {
    const element = place.current;
    if (!element) return;
    const colour = (name: string) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
    const axis = {
      stroke: colour('--dim'),
      grid: { stroke: colour('--line'), width: 1 },
      ticks: { show: false },
      font: '11px "Inter Variable", system-ui',
    };
    const drawRenewals = (drawn: UPlot) => {
      const { ctx, bbox } = drawn;
      ctx.strokeStyle = colour('--ok');
      ctx.setLineDash([4, 4]);
      for (const { at } of renewals) {
        const x = drawn.valToPos(at / 1000, 'x', true);
        ctx.beginPath();
        ctx.moveTo(x, bbox.top);
        ctx.lineTo(x, bbox.top + bbox.height);
        ctx.stroke();
      }
      for (const { level, at } of lines) {
        const y = drawn.valToPos(at, 'y', true);
        if (y < bbox.top) continue;
        ctx.strokeStyle = colour(`--${level}`);
        ctx.beginPath();
        ctx.moveTo(bbox.left, y);
        ctx.lineTo(bbox.left + bbox.width, y);
        ctx.stroke();
      }
      ctx.setLineDash([]);
    };
    const showValue = (drawn: UPlot) => {
      const index = drawn.cursor.idx;
      const [at, value] = index == null ? [] : [times[index], values[index]];
      setReadout(
        at === undefined || value == null ? null : `${exactTime(at * 1000)}: ${format(value)} ${unit}`,
      );
    };
    const chart = new UPlot(
      {
        width: element.clientWidth,
        height,
        legend: { show: false },
        cursor: { y: false, points: { size: 6 } },
        scales: { y: { range: (_chart, _low, high) => [0, Math.max(1, high * 1.1)] } },
        axes: [
          {
            ...axis,
            size: 22,
            space: 70,
            values: (_chart, ticks, _axis, _space, step) => axisDates(ticks, step),
          },
          { ...axis, size: 38, space: 28, values: (_chart, ticks) => ticks.map(format) },
        ],
        series: [
          {},
          { stroke: colour('--accent'), width: 1.6, points: { show: times.length < 30, size: 4 } },
        ],
        hooks: { draw: [drawRenewals], setCursor: [showValue] },
      },
      [[...times], [...values]],
      element,
    );
    const observer = new ResizeObserver(() => chart.setSize({ width: element.clientWidth, height }));
    observer.observe(element);
    // The colours are those of the theme that is chosen now.
    const themes = new MutationObserver(() => chart.redraw());
    themes.observe(document.documentElement, { attributeFilter: ['data-mantine-color-scheme'] });
    return () => {
      observer.disconnect();
      themes.disconnect();
      chart.destroy();
    };
  }, [times, values, renewals, lines, unit, format]);
  return (
    <>
      <div ref={place} className={classes['chart']} role="img" aria-label={label} />
      <p className={classes['readout']}>{readout ?? '\u00a0'}</p>
    </>
  );
}
