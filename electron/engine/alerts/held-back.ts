import { resolveRules } from '../../../shared/schema/alert-rules.ts';
import type { KeyedAlert } from './alert-store.ts';
import type { AlerterOptions } from './alerter-options.ts';
import { maintenanceUntil } from './raise.ts';

/** How often a paused job is evaluated again, in milliseconds. */
export const pausedMs = 3_600_000;
/** What waited for a pause to end waits for the check that follows it, too, in milliseconds. */
export const resumeMs = 60_000;

/**
 * Returns until when an alert is not notified, whenever it was raised, in milliseconds since the epoch; null: it is. A paused host
 * has no alerts, and neither has one in a maintenance window, but for good news.
 */
export function heldUntil(
  { jobId, severity }: Pick<KeyedAlert, 'jobId' | 'severity'>,
  { jobs, rules }: Pick<AlerterOptions, 'jobs' | 'rules'>,
  now: number,
): number | null {
  const job = jobs.get(jobId);
  if (!job) return null;
  if (job.paused || (rules.settings.pause ?? null) !== null) return now + pausedMs;
  return severity === 'info' ? null : maintenanceUntil(resolveRules(job, rules.settings), now);
}
