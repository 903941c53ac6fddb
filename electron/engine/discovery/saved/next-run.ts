import type { SavedSearch } from '../../../../shared/schema/saved-search.ts';
import { unknownOutlook } from '../../../../shared/schema/schedule.ts';
import { defaultThresholds } from '../../../../shared/schema/thresholds.ts';
import { countFrom, nextDue } from '../../monitor/cadence.ts';

/**
 * Returns when a search runs next by its schedule, in milliseconds since the epoch; null: it has none. Times that passed while nothing ran count as
 * one.
 * @param lastAt when it ran last, in milliseconds since the epoch; null: never
 */
export function nextRunAt(
  { id, schedule, createdAt }: Pick<SavedSearch, 'id' | 'schedule' | 'createdAt'>,
  lastAt: number | null,
  now: number,
): number | null {
  if (schedule === null) return null;
  const from = countFrom({ schedule }, lastAt ?? Date.parse(createdAt), now);
  return nextDue({ id, schedule, thresholds: defaultThresholds }, from, unknownOutlook);
}
