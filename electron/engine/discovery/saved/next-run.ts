import type { SavedSearch } from '../../../../shared/schema/saved-search.ts';
import { unknownOutlook } from '../../../../shared/schema/schedule.ts';
import { defaultThresholds } from '../../../../shared/schema/thresholds.ts';
import { hoursBegin, hoursEnd } from '../../../../shared/schema/time-window.ts';
import { countFrom, nextDue } from '../../monitor/cadence.ts';

/**
 * Returns when a search runs next by its schedule, in milliseconds since the epoch; null: it has none. Times that passed while nothing ran count as
 * one, and one outside of its hours is put off until they begin.
 * @param lastAt when it ran last, in milliseconds since the epoch; null: never
 */
export function nextRunAt(
  { id, schedule, hours, createdAt }: Pick<SavedSearch, 'id' | 'schedule' | 'hours' | 'createdAt'>,
  lastAt: number | null,
  now: number,
): number | null {
  if (schedule === null) return null;
  const from = countFrom({ schedule }, lastAt ?? Date.parse(createdAt), now);
  const due = nextDue({ id, schedule, thresholds: defaultThresholds }, from, unknownOutlook);
  if (due === null || hours === null) return due;
  const earliest = Math.max(due, now);
  return hoursEnd(hours, earliest) === null ? hoursBegin(hours, earliest) : due;
}
