import { type ImportItem, place, readJob } from './item.ts';

/** Reads jobs as `export` writes them. */
export function readJobList(jobs: readonly unknown[]): ImportItem[] {
  return jobs.map((value, index) => readJob(place(index + 1, JSON.stringify(value) ?? ''), value));
}
