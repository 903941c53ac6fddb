import { useEffect, useMemo, useRef, useState } from 'react';
import type { Alert, AlertState } from '../../shared/schema/alert.ts';
import type { JobView } from '../../shared/schema/job.ts';
import { useApi, useReconnections } from '../lib/api-context.tsx';
import { alertSubject, useLaterSubjects } from '../lib/later-subjects.ts';
import { Refresh } from '../lib/refresh.ts';
import { sentenceOf } from '../lib/report-failure.ts';
import { readAlertSearch } from './alert-search.ts';
import type { AlertsPlace } from './alerts-address.ts';

const states: Readonly<Record<AlertsPlace['show'], readonly AlertState[]>> = {
  open: ['open', 'snoozed'],
  all: ['open', 'snoozed', 'acknowledged', 'resolved', 'info'],
};
/** How many of a state are shown until a person asks for more. */
export const pageSize = 100;
/** How many of a state a search looks through. */
export const maxSearched = 5_000;

/** The alerts in one state. */
export interface AlertGroup {
  state: AlertState;
  items: readonly Alert[];
  /** How many there are, or match the search among those it has looked through. */
  total: number;
  /** How many were not looked through, as there are too many. */
  unsearched: number;
}

interface Read {
  state: AlertState;
  items: readonly Alert[];
  total: number;
}

export interface AlertGroups {
  /** Those that are not empty; null: not read yet. */
  groups: readonly AlertGroup[] | null;
  failure: string | null;
}

interface GroupsOptions extends AlertsPlace {
  limits: Readonly<Partial<Record<AlertState, number>>>;
  /** Increases with every event about an alert. */
  heard: number;
  jobs: ReadonlyMap<string, JobView>;
  now: number;
}

/** Reads alerts by their states, again after events about them, and filters them by a search. */
export function useAlertGroups({ show, search, limits, heard, jobs, now }: GroupsOptions): AlertGroups {
  const isSearching = search.trim() !== '';
  const { reads, failure } = useReads(show, isSearching ? null : limits, heard);
  const later = useLaterSubjects();
  const groups = useMemo(() => {
    if (reads === null) return null;
    const matches = readAlertSearch(search);
    return settled(reads, later).flatMap(({ state, items: all, total }): AlertGroup[] => {
      const found = isSearching
        ? all.filter((alert) => matches({ alert, job: jobs.get(alert.jobId) }, now))
        : all;
      const items = found.slice(0, limits[state] ?? pageSize);
      const unsearched = isSearching ? total - all.length : 0;
      const whole = isSearching ? found.length : total;
      return whole > 0 || unsearched > 0 ? [{ state, items, total: whole, unsearched }] : [];
    });
  }, [reads, search, isSearching, later, limits, jobs, now]);
  return { groups, failure };
}

/** Puts what is being acknowledged where it will be, though it can be undone for a while. */
function settled(reads: readonly Read[], later: ReadonlySet<string>): readonly Read[] {
  const isLeaving = ({ id }: Alert) => later.has(alertSubject(id));
  const moved = reads
    .filter(({ state }) => state === 'open' || state === 'snoozed')
    .flatMap(({ items }) => items.filter(isLeaving));
  if (moved.length === 0) return reads;
  return reads.map(({ state, items, total }) => {
    if (state === 'acknowledged') return { state, items: [...moved, ...items], total: total + moved.length };
    const left = items.filter((alert) => !moved.includes(alert));
    return { state, items: left, total: total - (items.length - left.length) };
  });
}

/** The least time between two reads while a search looks through thousands of alerts in each state, in milliseconds. */
const searchPauseMs = 2_000;

/** @param limits null: as many as a search looks through */
function useReads(show: AlertsPlace['show'], limits: GroupsOptions['limits'] | null, heard: number) {
  const api = useApi();
  const [reads, setReads] = useState<{ show: AlertsPlace['show']; all: readonly Read[] } | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  const round = useReconnections();
  const refresh = useRef<Refresh | null>(null);
  useEffect(() => {
    void round; // What hangs in a lost connection is waited for no longer.
    const load = async (signal: AbortSignal) => {
      const read = async (state: AlertState): Promise<Read> => {
        const limit = limits ? (limits[state] ?? pageSize) : maxSearched;
        return { state, ...(await api.alerts.list({ state, limit, offset: 0 }, { signal })) };
      };
      try {
        const all = await Promise.all(states[show].map(read));
        if (signal.aborted) return;
        setReads({ show, all });
        setFailure(null);
      } catch (error) {
        if (!signal.aborted) setFailure(sentenceOf(error)); // The last answer stays in view.
      }
    };
    const current = new Refresh({
      load,
      pauseMs: limits ? 0 : searchPauseMs,
      isVisible: () => document.visibilityState === 'visible',
    });
    const wake = () => current.wake();
    document.addEventListener('visibilitychange', wake);
    refresh.current = current;
    return () => {
      document.removeEventListener('visibilitychange', wake);
      current.stop();
    };
  }, [api, show, limits, round]);
  useEffect(() => {
    void [api, show, limits, heard, round]; // A change of them triggers the next read.
    refresh.current?.request();
  }, [api, show, limits, heard, round]);
  return { reads: reads?.show === show ? reads.all : null, failure };
}
