import type { ReactNode } from 'react';
import { liveParts } from '../../shared/text/live-text.ts';
import { bothZones, exactTime } from '../lib/dates.ts';
import { useIsIdle } from '../lib/use-is-idle.ts';

interface TimeProps {
  /** ISO 8601, or milliseconds since the epoch. */
  at: string | number;
  className?: string | undefined;
  /** Text before the exact time on hover. */
  note?: string | undefined;
  /** What to show; the exact local time by default. */
  children?: ReactNode;
}

/** Shows a time, with the exact one in local time and UTC on hover. */
export function Time({ at, className, note, children }: TimeProps) {
  // Names of time zones take a browser longer to load than the first rows take to draw.
  const hasTitle = useIsIdle();
  return (
    <time
      className={className}
      dateTime={new Date(at).toISOString()}
      title={hasTitle ? `${note === undefined ? '' : `${note}: `}${bothZones(at)}` : undefined}
    >
      {children ?? exactTime(at)}
    </time>
  );
}

/** Returns a stored sentence as of now, for a name or a title. */
export function liveString(text: string, now: number): string {
  return liveParts(text, now)
    .map((part) => (typeof part === 'string' ? part : exactTime(part.at)))
    .join('');
}

/** Shows a stored sentence as of now: dates in local time, remaining days counted again. */
export function LiveText({ text, now }: { text: string; now: number }) {
  return liveParts(text, now).map((part, index) =>
    // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one sentence never change places.
    typeof part === 'string' ? part : <Time key={index} at={part.at} />,
  );
}
