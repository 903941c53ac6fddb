import { searchText, searchWords } from '../../../shared/domain/job-search.ts';
import { expiryOf, urgencyRank } from '../../../shared/domain/job-urgency.ts';
import type { Job, JobStatus, LastCheck } from '../../../shared/schema/job.ts';
import { formatTarget } from '../../../shared/schema/target.ts';

export interface JobQuery {
  limit: number;
  offset: number;
  sort: 'urgency' | 'host' | '-host' | 'expiry' | '-expiry' | 'created' | '-created';
  status?: JobStatus | undefined;
  tag?: string | undefined;
  search?: string | undefined;
}

/** A job with what a query goes by. */
export interface JobStanding {
  job: Job;
  status: JobStatus;
  lastCheck: LastCheck | null;
}

/** What jobs are put in order by, worked out once for each: dates are not parsed for every comparison. */
interface Keyed {
  listed: JobStanding;
  rank: number;
  expiry: number;
  host: string;
}

/** Made for the first list, not for the start. */
let collator: Intl.Collator | undefined;
function byHost({ host: one }: Keyed, { host: other }: Keyed): number {
  collator ??= new Intl.Collator('en', { numeric: true });
  return collator.compare(one, other);
}
// Two that never expire are equal: infinity less infinity is no number.
const byExpiry = (one: Keyed, other: Keyed) => one.expiry - other.expiry || 0;
const byCreation = (one: Keyed, other: Keyed) =>
  one.listed.job.createdAt < other.listed.job.createdAt
    ? -1
    : Number(one.listed.job.createdAt > other.listed.job.createdAt);

const orders: Record<JobQuery['sort'], (one: Keyed, other: Keyed) => number> = {
  urgency: (one, other) => one.rank - other.rank || byExpiry(one, other) || byHost(one, other),
  host: byHost,
  '-host': (one, other) => byHost(other, one),
  expiry: (one, other) => byExpiry(one, other) || byHost(one, other),
  '-expiry': (one, other) => byExpiry(other, one) || byHost(one, other),
  created: byCreation,
  '-created': (one, other) => byCreation(other, one),
};

/** Jobs that a query asks for, in its order, with how many there are before the page is cut. */
export function queryJobs(jobs: Iterable<JobStanding>, query: JobQuery): { items: Job[]; total: number } {
  const words = searchWords(query.search ?? '');
  const matching: Keyed[] = [];
  for (const listed of jobs) {
    const { job, status, lastCheck } = listed;
    const isWanted =
      (query.status === undefined || status === query.status) &&
      (query.tag === undefined || job.tags.includes(query.tag)) &&
      isFound(words, listed);
    if (!isWanted) continue;
    matching.push({
      listed,
      rank: urgencyRank({ paused: job.paused, status, lastCheck }),
      expiry: expiryOf(listed),
      host: formatTarget(job.target),
    });
  }
  matching.sort(orders[query.sort]);
  const items = matching.slice(query.offset, query.offset + query.limit).map(({ listed }) => listed.job);
  return { items, total: matching.length };
}

function isFound(words: readonly string[], { job, lastCheck }: JobStanding): boolean {
  if (words.length === 0) return true;
  const text = searchText({ ...job, lastCheck });
  return words.every((word) => text.includes(word));
}
