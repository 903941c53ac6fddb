import { searchText } from '../../../shared/domain/job-search.ts';
import type { JobView } from '../../../shared/schema/job.ts';

/** Made once for each: a job that changes is another object. */
const searchTexts = new WeakMap<JobView, string>();

/** Returns what a job is found by. */
export function textOf(job: JobView): string {
  let text = searchTexts.get(job);
  if (text === undefined) {
    text = searchText(job);
    searchTexts.set(job, text);
  }
  return text;
}

/** The clock is not read for each. */
const batch = 100;
/** Time left in an idle period for which it is worth going on, in milliseconds. */
const minLeftMs = 1;

/**
 * Makes the texts of jobs while there is nothing else to do, so that the first key in the search box does not wait for them.
 * @returns a function that stops it
 */
export function prepareTexts(jobs: readonly JobView[]): () => void {
  let next = 0;
  let handle = 0;
  const prepare = (deadline: IdleDeadline) => {
    while (next < jobs.length && deadline.timeRemaining() > minLeftMs) {
      for (const job of jobs.slice(next, next + batch)) textOf(job);
      next += batch;
    }
    if (next < jobs.length) handle = requestIdleCallback(prepare);
  };
  handle = requestIdleCallback(prepare);
  return () => cancelIdleCallback(handle);
}
