import { useCallback, useMemo, useState } from 'react';
import type { JobView } from '../../../shared/schema/job.ts';
import { type GroupBy, groupJobs } from './group-jobs.ts';
import { groupedRows, type ListRow, plainRows } from './list-rows.ts';

const none: ReadonlySet<string> = new Set();

/**
 * Returns the rows of the list: hosts, or groups with their hosts.
 * @returns `ordered`: the hosts in the order of the rows, each once; `fold` folds a group that is open, and opens one that is folded
 */
export function useListRows(jobs: readonly JobView[], by: GroupBy | null) {
  const [folded, setFolded] = useState(none);
  const groups = useMemo(() => (by === null ? null : groupJobs(jobs, by)), [jobs, by]);
  const rows = useMemo<readonly ListRow[]>(
    () => (groups === null ? plainRows(jobs) : groupedRows(groups, folded)),
    [groups, jobs, folded],
  );
  const fold = useCallback((key: string) => {
    setFolded((before) => {
      const after = new Set(before);
      if (!after.delete(key)) after.add(key);
      return after;
    });
  }, []);
  const ordered = useMemo(
    () => (groups === null ? jobs : [...new Set(groups.flatMap((group) => group.jobs))]),
    [groups, jobs],
  );
  return { rows, ordered, fold };
}
