import { byUrgency, expiryOf } from '../../shared/headline.ts';
import type { JobStatus, JobView } from '../../shared/job.ts';
import { formatTarget, isFileTarget, wireName } from '../../shared/target.ts';

export interface JobQuery {
  limit: number;
  offset: number;
  sort: 'urgency' | 'host' | '-host' | 'expiry' | '-expiry' | 'created' | '-created';
  status?: JobStatus | undefined;
  tag?: string | undefined;
  search?: string | undefined;
}

const collator = new Intl.Collator('en', { numeric: true });
const byHost = (one: JobView, other: JobView) =>
  collator.compare(formatTarget(one.target), formatTarget(other.target));
const byExpiry = (one: JobView, other: JobView) => expiryOf(one) - expiryOf(other) || 0;

const orders: Record<JobQuery['sort'], (one: JobView, other: JobView) => number> = {
  urgency: (one, other) => byUrgency(one, other) || byHost(one, other),
  host: byHost,
  '-host': (one, other) => byHost(other, one),
  expiry: (one, other) => byExpiry(one, other) || byHost(one, other),
  '-expiry': (one, other) => byExpiry(other, one) || byHost(one, other),
  created: (one, other) => one.createdAt.localeCompare(other.createdAt),
  '-created': (one, other) => other.createdAt.localeCompare(one.createdAt),
};

/** Jobs that a query asks for, in its order, with how many there are before the page is cut. */
export function queryJobs(jobs: Iterable<JobView>, query: JobQuery): { items: JobView[]; total: number } {
  const words = query.search?.toLowerCase().split(/\s+/).filter(Boolean) ?? [];
  const matching = [...jobs].filter(
    (job) =>
      (query.status === undefined || job.status === query.status) &&
      (query.tag === undefined || job.tags.includes(query.tag)) &&
      words.every((word) => textOf(job).includes(word)),
  );
  matching.sort(orders[query.sort]);
  return { items: matching.slice(query.offset, query.offset + query.limit), total: matching.length };
}

function textOf({ target, name, tags, lastCheck }: JobView): string {
  const wire = isFileTarget(target) ? '' : `${wireName(target.host) ?? ''} ${target.port}`;
  return [formatTarget(target), wire, name, ...tags, lastCheck?.issuer ?? ''].join(' ').toLowerCase();
}
