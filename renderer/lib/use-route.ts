import { useMemo, useSyncExternalStore } from 'react';
import { jobHash } from '../../shared/ipc.ts';
import { type HistoryStep, PageAddress } from './page-address.ts';

/**
 * A place in the page. It is in the fragment of the address, so that back, forward, reload, links and notifications work.
 * `query` holds filter and order of the list, and which alerts are shown.
 */
export type PageRoute =
  | { view: 'jobs'; jobId: string | null; query: string }
  | { view: 'alerts'; query: string }
  | { view: 'discover' }
  | { view: 'settings'; section: string | null };

/** Reads the fragment of an address; what is unknown is the list. */
export function parseRoute(hash: string): PageRoute {
  const [path = '', query = ''] = hash.replace(/^#/, '').split('?', 2);
  const [, view = '', rest] = path.split('/');
  if (view === 'alerts') return { view, query };
  if (view === 'discover') return { view };
  if (view === 'settings') return { view, section: rest ?? null };
  if (view === 'jobs' && rest) return { view: 'jobs', jobId: decode(rest), query };
  return { view: 'jobs', jobId: null, query };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // A truncated link.
  }
}

/** How often an address was replaced: the number is kept with the entry of the history, where the browser takes it. */
let replaced = 0;
const address = new PageAddress({
  hash: () => location.hash,
  push: (hash) => history.pushState(null, '', hash),
  replace(hash) {
    replaced += 1;
    history.replaceState(replaced, '', hash);
    return history.state === replaced;
  },
});

function subscribe(listener: () => void): () => void {
  const controller = new AbortController();
  const { signal } = controller;
  const end = address.subscribe(listener);
  const follow = () => address.follow();
  const write = () => address.write();
  addEventListener('popstate', follow, { signal });
  addEventListener('hashchange', follow, { signal });
  // Before a link is followed: Back leads to what was typed.
  addEventListener('click', write, { signal, capture: true });
  addEventListener('focusout', (event) => (isStepInGrid(event) ? undefined : write()), { signal });
  return () => {
    end();
    controller.abort();
  };
}

/** Whether the focus goes from one row of a grid to another, as with each arrow key. */
function isStepInGrid({ target, relatedTarget }: FocusEvent): boolean {
  const gridOf = (node: EventTarget | null) => (node instanceof Element ? node.closest('[role=grid]') : null);
  const grid = gridOf(target);
  return grid !== null && grid === gridOf(relatedTarget);
}

export function useRoute(): PageRoute {
  const hash = useSyncExternalStore(subscribe, () => address.hash);
  return useMemo(() => parseRoute(hash), [hash]);
}

/** Goes to a place. */
export function navigate(hash: string, step: HistoryStep = 'new'): void {
  address.go(hash, step);
}

/** Returns the address of a job, or of the list, with a filter. */
export function hostsHash(jobId: string | null, query: string): string {
  const path = jobId === null ? '#/' : jobHash(jobId);
  return query === '' ? path : `${path}?${query}`;
}

/** Opens a job, or the list alone, and keeps the filter. */
export function showJob(id: string | null, step: HistoryStep = 'new'): void {
  const route = parseRoute(address.hash);
  navigate(hostsHash(id, route.view === 'jobs' ? route.query : ''), step);
}

export function showView(view: 'alerts' | 'discover' | 'settings'): void {
  navigate(`#/${view}`);
}
