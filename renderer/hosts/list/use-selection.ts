import { useEffect, useMemo, useRef, useState } from 'react';
import type { JobView } from '../../../shared/schema/job.ts';

/** The selected jobs. */
export interface Selection {
  ids: ReadonlySet<string>;
  /** @param isRange selects everything between this one and the last one selected, in the order of the list */
  toggle(id: string, jobs: readonly JobView[], isRange: boolean): void;
  /** Selects some jobs beside the others, or none of them if all are selected. */
  toggleAll(jobs: readonly JobView[]): void;
  setAll(jobs: readonly JobView[]): void;
  clear(): void;
}

const none: ReadonlySet<string> = new Set();
/** What was selected when the list was left for another view. */
let kept = none;

export function useSelection(): Selection {
  const [ids, setIds] = useState(kept);
  useEffect(() => {
    kept = ids;
  }, [ids]);
  const last = useRef<string | null>(null);
  return useMemo(
    () => ({
      ids,
      toggle(id, jobs, isRange) {
        const from = isRange ? jobs.findIndex((job) => job.id === last.current) : -1;
        const to = jobs.findIndex((job) => job.id === id);
        last.current = id;
        const next = new Set(ids);
        if (from >= 0)
          for (const job of jobs.slice(Math.min(from, to), Math.max(from, to) + 1)) next.add(job.id);
        else if (!next.delete(id)) next.add(id);
        setIds(next);
      },
      toggleAll(jobs) {
        const next = new Set(ids);
        const isAll = jobs.every(({ id }) => ids.has(id));
        for (const { id } of jobs) {
          if (isAll) next.delete(id);
          else next.add(id);
        }
        setIds(next);
      },
      setAll: (jobs) => setIds(new Set(jobs.map((job) => job.id))),
      clear: () => setIds(none),
    }),
    [ids],
  );
}
