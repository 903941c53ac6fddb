import { useMemo, useSyncExternalStore } from 'react';
import { jobHash } from '../../shared/ipc.ts';

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

const listeners = new Set<() => void>();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  window.addEventListener('popstate', listener);
  window.addEventListener('hashchange', listener);
  return () => {
    listeners.delete(listener);
    window.removeEventListener('popstate', listener);
    window.removeEventListener('hashchange', listener);
  };
}

export function useRoute(): PageRoute {
  const hash = useSyncExternalStore(subscribe, () => window.location.hash);
  return useMemo(() => parseRoute(hash), [hash]);
}

/** Goes to a place. @param replaces whether Back leads past the present place, as after each typed character */
export function navigate(hash: string, replaces = false): void {
  if (hash === window.location.hash) return;
  if (replaces) window.history.replaceState(null, '', hash);
  else window.history.pushState(null, '', hash);
  for (const listener of [...listeners]) listener();
}

/** Returns the address of a job, or of the list, with a filter. */
export function hostsHash(jobId: string | null, query: string): string {
  const path = jobId === null ? '#/' : jobHash(jobId);
  return query === '' ? path : `${path}?${query}`;
}

/** Opens a job, or the list alone, and keeps the filter. */
export function showJob(id: string | null, replaces = false): void {
  const route = parseRoute(window.location.hash);
  navigate(hostsHash(id, route.view === 'jobs' ? route.query : ''), replaces);
}

export function showView(view: 'alerts' | 'discover' | 'settings'): void {
  navigate(`#/${view}`);
}
