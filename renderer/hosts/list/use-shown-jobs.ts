import { useEffect, useMemo, useRef } from 'react';
import type { JobView } from '../../../shared/schema/job.ts';
import { type Filter, filterJobs, isNarrower, noFilter, type Sort, sortJobs } from './filters.ts';
import { prepareTexts } from './search-texts.ts';

interface Found {
  sorted: readonly JobView[];
  filter: Filter;
  now: number;
  jobs: readonly JobView[];
}

/**
 * Returns the hosts that a filter leaves, in order. They are sorted before they are filtered, so that a key in the search
 * box costs no sorting, and a search that goes on looks through what it found before.
 * @returns `inTimeline` leaves the filter by days aside
 */
export function useShownJobs(jobs: readonly JobView[], filter: Filter, sort: Sort, now: number) {
  const { column, isDescending } = sort;
  const sorted = useMemo(() => sortJobs(jobs, { column, isDescending }), [jobs, column, isDescending]);
  useEffect(() => prepareTexts(jobs), [jobs]);
  const last = useRef<Found | null>(null);
  const inTimeline = useMemo(() => {
    const before = last.current;
    const canNarrow = before?.sorted === sorted && before.now === now && isNarrower(filter, before.filter);
    return filterJobs(canNarrow ? before.jobs : sorted, { ...filter, expiry: null }, now);
  }, [sorted, filter, now]);
  useEffect(() => {
    last.current = { sorted, filter, now, jobs: inTimeline };
  });
  const shown = useMemo(
    () =>
      filter.expiry === null
        ? inTimeline
        : filterJobs(inTimeline, { ...noFilter, expiry: filter.expiry }, now),
    [inTimeline, filter.expiry, now],
  );
  return { inTimeline, shown };
}
