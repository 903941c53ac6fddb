import { ORPCError } from '@orpc/client';
import { useLayoutEffect, useState } from 'react';
import type { EngineEvent, EngineState } from '../../shared/schema/event.ts';
import type { JobView } from '../../shared/schema/job.ts';
import type { Api } from '../lib/api.ts';
import { useApi, useEventHub } from '../lib/api-context.tsx';

/** `stale`: the connection is lost, and the page shows what it knew before. */
export type Freshness = 'loading' | 'live' | 'stale';

export interface Jobs {
  jobs: readonly JobView[];
  freshness: Freshness;
  /** State of NotAfter itself. */
  state: EngineState;
  /** Number of alert events since the page opened. */
  alertsHeard: number;
}

const allIsWell: EngineState = { warning: null, offlineSince: null, pause: null, desktop: null };

/** Fills the window before everything has been read. */
const firstPageSize = 100;
const pageSize = 5000;
/** Events within a frame or two are rendered together. */
const flushMs = 50;
const retryMs = 1500;

/** Asks for what a connection begins with: events from now on, the first hosts, and the state of NotAfter. */
function look(api: Api, signal: AbortSignal) {
  return Promise.all([
    api.events(undefined, { signal }),
    api.jobs.list({ limit: firstPageSize, offset: 0, sort: 'urgency' }, { signal }),
    api.status(undefined, { signal }),
  ]);
}

/** Requests that began before the page was drawn. */
const firstLooks = new WeakMap<Api, { controller: AbortController; answers: ReturnType<typeof look> }>();

/** Asks for the first hosts before the page is drawn. */
export function lookAhead(api: Api): Api {
  const controller = new AbortController();
  const answers = look(api, controller.signal);
  answers.catch(() => undefined); // Reported where it is awaited.
  firstLooks.set(api, { controller, answers });
  return api;
}

/**
 * Returns every job and keeps it up to date: the list is read once for each connection, and events change it in place.
 * @param onRefused called if the token is not accepted
 */
export function useJobs(onRefused?: () => void): Jobs {
  const api = useApi();
  const hub = useEventHub();
  const [shown, setShown] = useState<Jobs>({
    jobs: [],
    freshness: 'loading',
    state: allIsWell,
    alertsHeard: 0,
  });

  // Before the page is painted: the first answer may already be there.
  useLayoutEffect(() => {
    const controller = new AbortController();
    const known = new Map<string, JobView>();
    let alertsHeard = 0;
    let wasLost = false;
    let state = allIsWell;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const show = (freshness: Freshness) =>
      setShown({ jobs: [...known.values()], freshness, state, alertsHeard });
    const showSoon = () => {
      timer ??= setTimeout(() => {
        timer = undefined;
        show('live');
      }, flushMs);
    };
    const hear = (event: EngineEvent) => {
      hub.emit(event);
      if (event.type === 'job-changed' || event.type === 'check-finished') known.set(event.job.id, event.job);
      else if (event.type === 'job-removed') known.delete(event.id);
      else if (event.type === 'alert' || event.type === 'alert-changed') alertsHeard += 1;
      else if (event.type === 'state-changed') ({ state } = event);
      else return;
      showSoon();
    };
    const follow = async () => {
      const { signal } = controller;
      const begun = firstLooks.get(api);
      firstLooks.delete(api);
      if (begun) signal.addEventListener('abort', () => begun.controller.abort(), { once: true });
      // The first page is requested at once and read again below if there are more.
      const [events, first, { warning, offlineSince, pause, desktop }] = await (begun?.answers ??
        look(api, signal));
      state = { warning, offlineSince, pause, desktop };
      // After a lost connection there is already something to show.
      if (known.size === 0) {
        for (const job of first.items) known.set(job.id, job);
        show('loading');
        await painted(); // Thousands of jobs are read after the first paint.
      }
      // Listens before it reads, so that nothing in between is missed.
      const all = await readAll(api, signal);
      known.clear();
      for (const job of all) known.set(job.id, job);
      show('live');
      if (wasLost) hub.reconnected();
      for await (const event of events) hear(event);
    };
    const keepFollowing = async () => {
      while (!controller.signal.aborted) {
        try {
          await follow();
        } catch (error) {
          if (error instanceof ORPCError && error.status === 401) return onRefused?.();
        }
        if (controller.signal.aborted) return;
        clearTimeout(timer);
        timer = undefined;
        wasLost = true;
        show('stale');
        await new Promise((resolve) => setTimeout(resolve, retryMs));
      }
    };
    void keepFollowing();
    return () => {
      controller.abort();
      clearTimeout(timer);
    };
  }, [api, hub, onRefused]);

  return shown;
}

/** A hidden window is never painted, so this is the longest wait in milliseconds. */
const maxPaintMs = 200;

function painted(): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  requestAnimationFrame(() => setTimeout(resolve));
  setTimeout(resolve, maxPaintMs);
  return promise;
}

async function readAll(api: Api, signal: AbortSignal): Promise<JobView[]> {
  const all: JobView[] = [];
  for (;;) {
    const { items, total } = await api.jobs.list(
      { limit: pageSize, offset: all.length, sort: 'created' },
      { signal },
    );
    all.push(...items);
    if (all.length >= total || items.length === 0) return all;
  }
}
