import type { Job } from '../../../../shared/schema/job.ts';
import { isFileTarget, isIpv4, isIpv6, wireName } from '../../../../shared/schema/target.ts';
import type { LatestResults } from '../../monitor/latest-results.ts';

/** Names that one search takes from what is watched. */
const maxNames = 20_000;

/** Returns the host names in the certificates of watched hosts, without wildcards. */
export function watchedNames(jobs: Iterable<Job>, results: Pick<LatestResults, 'result'>): string[] {
  const names = new Set<string>();
  for (const job of jobs) {
    if (names.size >= maxNames) break;
    if (isFileTarget(job.target)) continue;
    for (const san of results.result(job)?.certificate?.sans ?? []) {
      const name = wireName(san.toLowerCase());
      if (name !== null && !isIpv4(name) && !isIpv6(name)) names.add(name);
    }
  }
  return [...names].slice(0, maxNames);
}
