import { jobName } from '../../../shared/domain/job-name.ts';
import { searchText } from '../../../shared/domain/job-search.ts';
import { expiryOf, isAllAccepted, needsPerson, urgencyRank } from '../../../shared/domain/job-urgency.ts';
import type { JobView } from '../../../shared/schema/job.ts';
import type { Mark } from '../../components/status-mark.tsx';
import { readSearch } from './search-query.ts';
import type { SortColumn } from './table-layout.ts';

/** Which hosts the list shows. */
export interface Filter {
  group: 'all' | 'needy' | 'soon' | 'unreachable' | 'paused';
  tag: string | null;
  /** By its short name. */
  issuer: string | null;
  search: string;
  /** Expiry from (included) to (excluded), in milliseconds since the epoch. */
  expiry: { from: number; to: number } | null;
}

export const noFilter: Filter = { group: 'all', tag: null, issuer: null, search: '', expiry: null };

export interface Sort {
  column: SortColumn;
  isDescending: boolean;
}

const soonMs = 30 * 86_400_000;

const groups: Record<Filter['group'], (job: JobView, now: number) => boolean> = {
  all: () => true,
  needy: needsPerson,
  soon: (job, now) => !job.paused && expiryOf(job) >= now && expiryOf(job) < now + soonMs,
  unreachable: (job) => !job.paused && job.status === 'unreachable',
  paused: ({ paused }) => paused,
};

/** Names of the groups, as the sidebar has them. */
export const groupWords: Readonly<Record<Filter['group'], string>> = {
  all: 'All hosts',
  needy: 'Needs attention',
  soon: 'Next 30 days',
  unreachable: 'Unreachable',
  paused: 'Paused',
};

/** @param now milliseconds since the epoch */
export function countGroup(jobs: readonly JobView[], group: Filter['group'], now: number): number {
  return jobs.filter((job) => groups[group](job, now)).length;
}

/** Returns the jobs that match a filter, in their order. @param now milliseconds since the epoch */
export function filterJobs(
  jobs: readonly JobView[],
  { group, tag, issuer, search, expiry }: Filter,
  now: number,
): JobView[] {
  const matches = readSearch(search);
  return jobs.filter(
    (job) =>
      groups[group](job, now) &&
      (tag === null || job.tags.includes(tag)) &&
      (issuer === null || job.lastCheck?.issuer === issuer) &&
      (expiry === null || (expiryOf(job) >= expiry.from && expiryOf(job) < expiry.to)) &&
      matches(job, textOf, now),
  );
}

/** What a job is found by, made once for each: a job that changes is another object. */
const searchTexts = new WeakMap<JobView, string>();

function textOf(job: JobView): string {
  let text = searchTexts.get(job);
  if (text === undefined) {
    text = searchText(job);
    searchTexts.set(job, text);
  }
  return text;
}

const collator = new Intl.Collator(undefined, { numeric: true });

/** What jobs are put in order by, worked out once for each: dates are not parsed for every comparison. */
interface Keyed {
  job: JobView;
  name: string;
  rank: number;
  expiry: number;
  checked: number;
  due: number;
}

function keyOf(job: JobView): Keyed {
  const { lastCheck, nextDueAt } = job;
  return {
    job,
    name: jobName(job),
    rank: urgencyRank(job),
    expiry: expiryOf(job),
    checked: lastCheck ? Date.parse(lastCheck.checkedAt) : 0,
    due: nextDueAt ? Date.parse(nextDueAt) : Number.POSITIVE_INFINITY,
  };
}

/** A job that changes is another object. */
const keys = new WeakMap<JobView, Keyed>();

function keyed(job: JobView): Keyed {
  let key = keys.get(job);
  if (!key) {
    key = keyOf(job);
    keys.set(job, key);
  }
  return key;
}

const byName = (one: Keyed, other: Keyed) => collator.compare(one.name, other.name);
// Two that never expire are equal: infinity less infinity is no number.
const byExpiry = (one: Keyed, other: Keyed) => one.expiry - other.expiry || 0;

const orders: Record<SortColumn, (one: Keyed, other: Keyed) => number> = {
  urgency: (one, other) => one.rank - other.rank || byExpiry(one, other),
  host: byName,
  expiry: byExpiry,
  issuer: (one, other) =>
    collator.compare(one.job.lastCheck?.issuer ?? '', other.job.lastCheck?.issuer ?? ''),
  checked: (one, other) => other.checked - one.checked,
  due: (one, other) => one.due - other.due || 0,
};

/** In order; among equals by name, so that nothing jumps about between two results. */
export function sortJobs(jobs: readonly JobView[], { column, isDescending }: Sort): JobView[] {
  const sign = isDescending ? -1 : 1;
  const order = orders[column];
  // What has no value is last in both directions.
  const lacks = (one: Keyed) => Number(column === 'expiry' && one.expiry === Number.POSITIVE_INFINITY);
  return jobs
    .map(keyed)
    .sort(
      (one, other) =>
        lacks(one) - lacks(other) ||
        sign * order(one, other) ||
        byName(one, other) ||
        (one.job.id < other.job.id ? -1 : 1),
    )
    .map(({ job }) => job);
}

export function markOf(job: JobView): Mark {
  if (job.paused) return 'paused';
  return isAllAccepted(job) ? 'accepted' : job.status;
}

/** Tags with how many jobs carry each, the most used first. */
export function countTags(jobs: readonly JobView[]): [tag: string, count: number][] {
  return countOf(jobs.flatMap(({ tags }) => tags));
}

/** Issuers with how many jobs show a certificate of each, the most used first. */
export function countIssuers(jobs: readonly JobView[]): [issuer: string, count: number][] {
  return countOf(jobs.flatMap(({ lastCheck }) => lastCheck?.issuer ?? []));
}

function countOf(words: readonly string[]): [word: string, count: number][] {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return [...counts].sort(([one, many], [other, more]) => more - many || collator.compare(one, other));
}
