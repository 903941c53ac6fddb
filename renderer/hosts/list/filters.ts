import { hasAccepted, isAllAccepted, needsPerson } from '../../../shared/domain/job-urgency.ts';
import type { JobView } from '../../../shared/schema/job.ts';
import type { Mark } from '../../components/status-mark.tsx';
import { type JobKeys, keysOf } from './job-keys.ts';
import { readSearch } from './search-query.ts';
import { textOf } from './search-texts.ts';
import type { SortColumn } from './table-layout.ts';

/** Which hosts the list shows. */
export interface Filter {
  group: 'all' | 'needy' | 'soon' | 'unreachable' | 'paused' | 'accepted';
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
  soon: (job, now) => !job.paused && isWithin(job, { from: now, to: now + soonMs }),
  unreachable: (job) => !job.paused && job.status === 'unreachable',
  paused: ({ paused }) => paused,
  accepted: hasAccepted,
};

/** Whether a certificate expires from (included) to (excluded), in milliseconds since the epoch. */
function isWithin(job: JobView, { from, to }: { from: number; to: number }): boolean {
  const { expiry } = keysOf(job);
  return expiry >= from && expiry < to;
}

/** Names of the groups, as the sidebar has them. */
export const groupWords: Readonly<Record<Filter['group'], string>> = {
  all: 'All hosts',
  needy: 'Needs attention',
  soon: 'Next 30 days',
  unreachable: 'Unreachable',
  paused: 'Paused',
  accepted: 'Accepted',
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
      (expiry === null || isWithin(job, expiry)) &&
      matches(job, textOf, now),
  );
}

/** Whether a search is nothing but words, each of which must be in the text of a host: no field, phrase, minus or number. */
const isPlain = (search: string) => /^[\p{L}\p{N}._\s]*$/u.test(search);

/**
 * Returns whether every host that matches `next` matches `before` too, so that only those need to be searched. A search that
 * is typed on does so as long as it has words alone: what contains the longer word contains the shorter one.
 */
export function isNarrower(next: Filter, before: Filter): boolean {
  return (
    next.group === before.group &&
    next.tag === before.tag &&
    next.issuer === before.issuer &&
    next.search.startsWith(before.search) &&
    isPlain(next.search)
  );
}

let collator: Intl.Collator | undefined;

/** The order of names: `web2` before `web10`. Its rules load with the first pair, while the page waits for its hosts anyway. */
function compareNames(one: string, other: string): number {
  collator ??= new Intl.Collator(undefined, { numeric: true });
  return collator.compare(one, other);
}

const byName = (one: JobKeys, other: JobKeys) => compareNames(one.name, other.name);
// Two that never expire are equal: infinity less infinity is no number.
const byExpiry = (one: JobKeys, other: JobKeys) => one.expiry - other.expiry || 0;

const orders: Record<SortColumn, (one: JobKeys, other: JobKeys) => number> = {
  urgency: (one, other) => one.rank - other.rank || byExpiry(one, other),
  host: byName,
  expiry: byExpiry,
  issuer: (one, other) => compareNames(one.job.lastCheck?.issuer ?? '', other.job.lastCheck?.issuer ?? ''),
  checked: (one, other) => other.checked - one.checked,
  due: (one, other) => one.due - other.due || 0,
};

/** In order; among equals by name, so that nothing jumps about between two results. */
export function sortJobs(jobs: readonly JobView[], { column, isDescending }: Sort): JobView[] {
  const sign = isDescending ? -1 : 1;
  const order = orders[column];
  // What has no value is last in both directions.
  const lacks = (one: JobKeys) => Number(column === 'expiry' && one.expiry === Number.POSITIVE_INFINITY);
  return jobs
    .map(keysOf)
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
  return [...counts].sort(([one, many], [other, more]) => more - many || compareNames(one, other));
}
