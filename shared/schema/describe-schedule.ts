import cronstrue from 'cronstrue';
import type { Schedule } from './schedule.ts';

/** Returns a schedule in words, as the end of a sentence: “every 2 hours”. */
export function describeSchedule(schedule: Schedule): string {
  switch (schedule.type) {
    case 'adaptive':
      return 'daily, more often as expiry nears';
    case 'interval':
      return describeInterval(schedule.minutes);
    case 'cron':
      return schedule.timezone === undefined
        ? describePattern(schedule.pattern)
        : `${describePattern(schedule.pattern)} (${schedule.timezone})`;
  }
}

/** Returns a pattern in words, as `at 06:00, only on Monday`; the pattern itself where there are no words for it. */
function describePattern(pattern: string): string {
  try {
    const words = cronstrue.toString(pattern, { use24HourTimeFormat: true });
    return words.charAt(0).toLowerCase() + words.slice(1);
  } catch {
    return `at ${pattern}`; // croner knows a few patterns, such as L and #, for which cronstrue has no words.
  }
}

function describeInterval(minutes: number): string {
  const units: [number, string][] = [
    [7 * 24 * 60, 'week'],
    [24 * 60, 'day'],
    [60, 'hour'],
    [1, 'minute'],
  ];
  const [size, unit] = units.find(([length]) => minutes % length === 0) ?? [1, 'minute'];
  const count = minutes / size;
  return count === 1 ? `every ${unit}` : `every ${count} ${unit}s`;
}
