import type { JobView } from '../../../shared/schema/job.ts';
import type { Group } from './group-jobs.ts';

/** A row of the list: a host, or the heading of a group. */
export type ListRow = HostRow | GroupHead;

export interface HostRow {
  kind: 'job';
  id: string;
  job: JobView;
  /** The id of the heading that it is under. */
  groupId: string | null;
}

export interface GroupHead {
  kind: 'group';
  id: string;
  group: Group;
  isFolded: boolean;
}

/** One for each host, so that a row is not drawn again with every search. */
const plain = new WeakMap<JobView, HostRow>();

function plainRow(job: JobView): HostRow {
  let row = plain.get(job);
  if (!row) {
    row = { kind: 'job', id: job.id, job, groupId: null };
    plain.set(job, row);
  }
  return row;
}

/** Returns the rows of a list without groups: each has the id of its host. */
export function plainRows(jobs: readonly JobView[]): ListRow[] {
  return jobs.map(plainRow);
}

/**
 * Returns groups with their hosts, those of folded groups left out. A host that is in several groups has a row in each.
 * @param folded keys of groups
 */
export function groupedRows(groups: readonly Group[], folded: ReadonlySet<string>): ListRow[] {
  const seen = new Set<string>();
  return groups.flatMap((group): ListRow[] => {
    const id = `group ${group.key}`;
    const isFolded = folded.has(group.key);
    const head: ListRow = { kind: 'group', id, group, isFolded };
    if (isFolded) return [head];
    const rows = group.jobs.map((job): ListRow => {
      // The first row of a host has its id, by which links and keys find it.
      const rowId = seen.has(job.id) ? `${job.id} ${group.key}` : job.id;
      seen.add(job.id);
      return { kind: 'job', id: rowId, job, groupId: id };
    });
    return [head, ...rows];
  });
}

/** Returns the hosts that a row represents. */
export function jobsOf(row: ListRow): readonly JobView[] {
  return row.kind === 'job' ? [row.job] : row.group.jobs;
}
