import type { Monitor } from '../monitor/monitor.ts';
import type { RuleSource } from '../sources.ts';
import type { ResultDatabase } from '../store/result-database.ts';

const minuteMs = 60_000;
const behindMs = 15 * minuteMs;
const maxFailingMs = 60 * minuteMs;

/**
 * Returns why NotAfter cannot be relied on now, as a sentence: checks are behind, results cannot be kept, or a channel has not
 * accepted an alert for an hour. Null: nothing of these.
 * @param failingMs for how long the channel has failed that fails longest, in milliseconds; 0: none does
 * @param now milliseconds since the epoch
 */
export function troubleOf(
  monitor: Pick<Monitor, 'maxOverdueMs'>,
  database: Pick<ResultDatabase, 'warning' | 'tryWrite' | 'outbox'>,
  { settings }: Pick<RuleSource, 'settings'>,
  failingMs: number,
  now: number,
): string | null {
  const overdueMs = settings.pause === null ? monitor.maxOverdueMs() : 0;
  if (overdueMs > behindMs) return `Checks are ${Math.floor(overdueMs / minuteMs)} minutes behind.`;
  if (database.warning !== null) return database.warning;
  const since = database.tryWrite(() => database.outbox.failingSince());
  const waitingMs = since === null ? 0 : now - since;
  return Math.max(waitingMs, failingMs) > maxFailingMs
    ? 'An alert has been waiting for an hour because a channel does not accept it.'
    : null;
}
