import { type ImportItem, place, readJob } from './item.ts';

/** Reads jobs as `export` writes them. @param before how many came before them */
export function readJobList(jobs: readonly unknown[], before = 0): ImportItem[] {
  return jobs.map((value, index) => readJob(place(before + index + 1, JSON.stringify(value) ?? ''), value));
}
