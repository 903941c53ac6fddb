import type { Job } from '../../../../shared/schema/job.ts';
import { isFileTarget, isIpv4, isIpv6, wireName } from '../../../../shared/schema/target.ts';
import type { LatestResults } from '../../monitor/latest-results.ts';
import type { ResultDatabase } from '../../store/result-database.ts';

/** Names that one search takes from what is watched. */
const maxNames = 20_000;

interface WatchedParts {
  results: Pick<LatestResults, 'result'>;
  database: Pick<ResultDatabase, 'history'>;
  now: number;
}

/**
 * Returns the host names in the certificates of watched hosts, without wildcards. Of a host that does not answer now, those of the certificate
 * that it showed last: a search must not lose places because one server is down.
 */
export function watchedNames(jobs: Iterable<Job>, parts: WatchedParts): string[] {
  const names = new Set<string>();
  for (const job of jobs) {
    if (names.size >= maxNames) break;
    if (isFileTarget(job.target)) continue;
    for (const san of sansOf(job, parts)) {
      const name = wireName(san.toLowerCase());
      if (name !== null && !isIpv4(name) && !isIpv6(name)) names.add(name);
    }
  }
  return [...names].slice(0, maxNames);
}

function sansOf(job: Job, { results, database: { history }, now }: WatchedParts): readonly string[] {
  const result = results.result(job);
  if (result === null) return [];
  if (result.certificate) return result.certificate.sans;
  const [last] = history
    .sightings(job.id)
    .toSorted((one, other) => Date.parse(other.lastSeenAt) - Date.parse(one.lastSeenAt));
  return last ? (history.certificate(job.id, last.fingerprint256, now)?.sans ?? []) : [];
}
