import { certificateNames } from '../../../shared/domain/certificate-names.ts';
import { isAllAccepted, needsPerson } from '../../../shared/domain/job-urgency.ts';
import type { JobView } from '../../../shared/schema/job.ts';
import { count } from '../../../shared/text/words.ts';
import type { Mark } from '../../components/status-mark.tsx';
import { monthName } from '../../lib/dates.ts';
import { keysOf, worstLevel } from './job-keys.ts';

/** What the list can be grouped by. */
export const groupings = ['status', 'certificate', 'issuer', 'tag', 'month'] as const;
export type GroupBy = (typeof groupings)[number];

export const groupingWords: Readonly<Record<GroupBy, string>> = {
  status: 'Status',
  certificate: 'Certificate',
  issuer: 'Issuer',
  tag: 'Tag',
  month: 'Expiry month',
};

/** Hosts that are shown under one heading. */
export interface Group {
  key: string;
  label: string;
  /** `12 hosts, renewed on 9`. */
  detail: string;
  jobs: readonly JobView[];
  /** The mark of its heading: the worst that needs attention among them, or their common state. */
  mark: Mark;
}

interface Heading {
  /** Empty: the group of hosts that have none, which comes last. */
  key: string;
  label: string;
}

/** The headings by status, in their order. */
const states = ['attention', 'accepted', 'paused', 'pending', 'ok'] as const;
type State = (typeof states)[number];

const stateWords: Readonly<Record<State, string>> = {
  attention: 'Needs attention',
  accepted: 'Accepted',
  paused: 'Paused',
  pending: 'Not checked yet',
  ok: 'OK',
};

/** A problem leaves the first group by being fixed or accepted. */
function stateOf(job: JobView): State {
  if (job.paused) return 'paused';
  if (job.status === 'pending') return 'pending';
  if (needsPerson(job)) return 'attention';
  return isAllAccepted(job) ? 'accepted' : 'ok';
}

/** Returns the headings of a host: one, but a host is under each of its tags. */
const headings: Readonly<Record<GroupBy, (job: JobView) => readonly Heading[]>> = {
  status: (job) => {
    const state = stateOf(job);
    return [{ key: state, label: stateWords[state] }];
  },
  certificate: (job) => {
    const names = job.lastCheck && certificateNames(job.lastCheck);
    return [names ? { key: names.key, label: names.first } : { key: '', label: 'No certificate' }];
  },
  issuer: ({ lastCheck }) => [{ key: lastCheck?.issuer ?? '', label: lastCheck?.issuer || 'No certificate' }],
  tag: ({ tags }) =>
    tags.length === 0 ? [{ key: '', label: 'No tags' }] : tags.map((tag) => ({ key: tag, label: tag })),
  month: (job) => {
    const { expiry } = keysOf(job);
    return [Number.isFinite(expiry) ? monthOf(new Date(expiry)) : { key: '', label: 'No certificate' }];
  },
};

/** By the local calendar, as the timeline has it. */
function monthOf(date: Date): Heading {
  const month = String(date.getMonth() + 1).padStart(2, '0');
  return { key: `${String(date.getFullYear()).padStart(4, '0')}-${month}`, label: monthName(date) };
}

/**
 * Puts hosts under headings. Their order stays within a group, and groups come in the order of their first host, so that the
 * worst is on top; states and months come in their order. By certificate, hosts without the newest one come first, and
 * certificates that only one host has share the last group.
 */
export function groupJobs(jobs: readonly JobView[], by: GroupBy): Group[] {
  const found = new Map<string, { label: string; jobs: JobView[] }>();
  for (const job of jobs) {
    for (const { key, label } of headings[by](job)) {
      const group = found.get(key) ?? { label, jobs: [] };
      group.jobs.push(job);
      found.set(key, group);
    }
  }
  const none = found.get('');
  found.delete('');
  const entries = [...found];
  if (by === 'month') entries.sort(([one], [other]) => (one < other ? -1 : 1));
  if (by === 'status') return states.flatMap((state) => stateGroup(state, entries));
  const shared = by === 'certificate' ? entries.filter(([, group]) => group.jobs.length > 1) : entries;
  const single = by === 'certificate' ? entries.filter(([, group]) => group.jobs.length === 1) : [];
  const groups = shared.map(([key, group]) =>
    by === 'certificate' ? byRenewal(key, group.label, group.jobs) : groupOf(key, group.label, group.jobs),
  );
  if (single.length > 0)
    groups.push(
      groupOf(
        '1',
        'On one host only',
        single.flatMap(([, group]) => group.jobs),
      ),
    );
  if (none) groups.push(groupOf('', none.label, none.jobs));
  return groups;
}

function groupOf(key: string, label: string, jobs: readonly JobView[], more = ''): Group {
  return {
    key,
    label,
    detail: `${count(jobs.length, 'host')}${more}`,
    jobs,
    mark: worstLevel(jobs.map((job) => keysOf(job).level)),
  };
}

function stateGroup(
  state: State,
  entries: readonly (readonly [string, { label: string; jobs: readonly JobView[] }])[],
): Group[] {
  const [, found] = entries.find(([key]) => key === state) ?? [];
  if (!found) return [];
  const group = groupOf(state, found.label, found.jobs);
  return [state === 'attention' ? group : { ...group, mark: state }];
}

/** A certificate on several hosts: where some have a newer one, those that lack it are what there is to do. */
function byRenewal(key: string, label: string, jobs: readonly JobView[]): Group {
  const newest = newestOf(jobs);
  const isRenewed = (job: JobView) => job.lastCheck?.fingerprint256 === newest;
  const renewed = jobs.filter(isRenewed);
  if (renewed.length === jobs.length) return groupOf(key, label, jobs);
  const rest = jobs.filter((job) => !isRenewed(job));
  return groupOf(key, label, [...rest, ...renewed], `, renewed on ${renewed.length.toLocaleString('en')}`);
}

/** Returns the fingerprint of the certificate that was issued last: by notBefore, as a renewal may expire earlier. */
function newestOf(jobs: readonly JobView[]): string | null {
  let newest: JobView['lastCheck'] = null;
  for (const { lastCheck } of jobs)
    if ((lastCheck?.validFrom ?? '') > (newest?.validFrom ?? '')) newest = lastCheck;
  return newest?.fingerprint256 ?? null;
}
