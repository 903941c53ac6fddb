import { createContext, use } from 'react';
import type { Checks } from '../../shared/schema/event.ts';
import type { JobView } from '../../shared/schema/job.ts';
import { noChecks } from './live-jobs.ts';

/** How far the checks are, for the parts of the page that show one host. */
export const ChecksContext = createContext<Checks>(noChecks);

/**
 * Returns whether a host's check runs or waits for others; null: neither. The service tells which run at most four times a second:
 * while none waits, what is queued runs, though its id has not come yet.
 */
export function checkStateOf(
  { id, checking }: JobView,
  { waiting, runningIds }: Checks,
): 'running' | 'waiting' | null {
  if (!checking) return null;
  return waiting === 0 || runningIds.includes(id) ? 'running' : 'waiting';
}

/** Returns `checkStateOf` a host as of now. */
export function useCheckState(job: JobView): 'running' | 'waiting' | null {
  return checkStateOf(job, use(ChecksContext));
}
