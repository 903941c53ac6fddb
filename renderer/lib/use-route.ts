import { useSyncExternalStore } from 'react';
import { jobHash } from '../../shared/ipc.ts';

/** Where the person is. It stands in the address's fragment, so that back, forward and notifications work. */
export type Route = { view: 'jobs'; jobId: string | null } | { view: 'alerts' } | { view: 'settings' };

function parse(hash: string): Route {
  const job = /^#\/jobs\/([^/]+)$/.exec(hash)?.[1];
  if (job !== undefined) return { view: 'jobs', jobId: decodeURIComponent(job) };
  if (hash === '#/alerts') return { view: 'alerts' };
  if (hash === '#/settings') return { view: 'settings' };
  return { view: 'jobs', jobId: null };
}

function subscribe(listener: () => void): () => void {
  window.addEventListener('hashchange', listener);
  return () => window.removeEventListener('hashchange', listener);
}

export function useRoute(): Route {
  const hash = useSyncExternalStore(subscribe, () => window.location.hash);
  return parse(hash);
}

export function showJob(id: string | null): void {
  window.location.hash = id === null ? '#/' : jobHash(id);
}

export function showView(view: 'alerts' | 'settings'): void {
  window.location.hash = `#/${view}`;
}
