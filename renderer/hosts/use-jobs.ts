import { ORPCError } from '@orpc/client';
import { useLayoutEffect, useState } from 'react';
import type { JobView } from '../../shared/schema/job.ts';
import type { Api } from '../lib/api.ts';
import { useApi, useEventHub } from '../lib/api-context.tsx';
import { painted } from '../lib/painted.ts';
import { emptySnapshot, LiveJobs, type LiveSnapshot } from './live-jobs.ts';

/** `stale`: the connection is lost, and the page shows what it knew before. */
export type Freshness = 'loading' | 'live' | 'stale';

export interface Jobs extends LiveSnapshot {
  freshness: Freshness;
}

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

/** Returns the answers that were requested before the page was drawn, once; else requests them. */
function takeFirstLook(api: Api, signal: AbortSignal): ReturnType<typeof look> {
  const begun = firstLooks.get(api);
  firstLooks.delete(api);
  if (!begun) return look(api, signal);
  signal.addEventListener('abort', () => begun.controller.abort(), { once: true });
  return begun.answers;
}

/**
 * Returns every job and keeps it up to date: the list is read once for each connection, and events change it in place.
 * @param onRefused called if the token is not accepted
 */
export function useJobs(onRefused?: () => void): Jobs {
  const api = useApi();
  const hub = useEventHub();
  const [shown, setShown] = useState<Jobs>({ ...emptySnapshot, freshness: 'loading' });

  // Before the page is painted: the first answer may already be there.
  useLayoutEffect(() => {
    const controller = new AbortController();
    const live = new LiveJobs();
    let wasLost = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const show = (freshness: Freshness) => setShown({ ...live.snapshot(), freshness });
    const showSoon = () => {
      timer ??= setTimeout(() => {
        timer = undefined;
        show('live');
      }, flushMs);
    };
    const follow = async () => {
      const { signal } = controller;
      // The first page is requested at once and read again below if there are more.
      const [events, first, state] = await takeFirstLook(api, signal);
      live.setState(state);
      live.setChecks(state.checks);
      // After a lost connection there is already something to show.
      if (live.isEmpty) {
        live.replaceAll(first.items);
        show('loading');
        await painted(); // Thousands of jobs are read after the first paint.
      }
      // Listens before it reads, so that nothing in between is missed.
      live.replaceAll(await readAll(api, signal));
      show('live');
      if (wasLost) hub.reconnected();
      for await (const event of events) {
        hub.emit(event);
        if (live.apply(event)) showSoon();
      }
    };
    const keepFollowing = async () => {
      while (!controller.signal.aborted) {
        const isRefused = await follow().then(() => false, isUnauthorized);
        if (isRefused) return onRefused?.();
        if (controller.signal.aborted) return;
        clearTimeout(timer);
        timer = undefined;
        wasLost = true;
        hub.lost();
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

function isUnauthorized(error: unknown): boolean {
  return error instanceof ORPCError && error.status === 401;
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
