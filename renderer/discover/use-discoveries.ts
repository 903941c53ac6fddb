import { useCallback, useEffect, useState } from 'react';
import type { FindState, KeptFind, SavedSearchView } from '../../shared/schema/saved-search.ts';
import { useApi, useEngineEvent, useReconnected, useReconnections } from '../lib/api-context.tsx';
import { sentenceOf } from '../lib/report-failure.ts';

/** Reads the saved searches, and follows them by events. Null: not read yet. */
export function useDiscoveries(): { searches: readonly SavedSearchView[] | null; failure: string | null } {
  const api = useApi();
  const [searches, setSearches] = useState<readonly SavedSearchView[] | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  const read = useCallback(() => {
    api.discoveries.list().then(
      ({ items }) => {
        setSearches(items);
        setFailure(null);
      },
      (error: unknown) => setFailure(sentenceOf(error)),
    );
  }, [api]);
  useEffect(read, [read]);
  useReconnected(read);
  useEngineEvent('discovery-changed', ({ discovery }) =>
    setSearches((known) => {
      if (!known) return known;
      const isKnown = known.some(({ id }) => id === discovery.id);
      return isKnown
        ? known.map((one) => (one.id === discovery.id ? discovery : one))
        : [...known, discovery];
    }),
  );
  useEngineEvent('discovery-removed', ({ id }) =>
    setSearches((known) => known?.filter((one) => one.id !== id) ?? null),
  );
  return { searches, failure };
}

/** Reads the networks of the machine that searches, once they are offered. None where they cannot be read: nothing depends on them. */
export function useOwnNetworks(isOffered: boolean): readonly string[] {
  const api = useApi();
  const [networks, setNetworks] = useState<readonly string[]>([]);
  useEffect(() => {
    if (!isOffered) return;
    api.discoveries.networks().then(
      ({ items }) => setNetworks(items),
      () => setNetworks([]),
    );
  }, [api, isOffered]);
  return networks;
}

export interface FindsShown {
  items: readonly KeptFind[] | null;
  total: number;
  failure: string | null;
}

/**
 * Reads finds in one state.
 * @param heard changes whenever they are to be read again
 */
export function useFinds(state: FindState, search: string, limit: number, heard: string): FindsShown {
  const api = useApi();
  const [shown, setShown] = useState<FindsShown & { state: FindState }>({
    items: null,
    total: 0,
    failure: null,
    state,
  });
  const round = useReconnections();
  // biome-ignore lint/correctness/useExhaustiveDependencies: `heard` and `round` say when to read again.
  useEffect(() => {
    let isCurrent = true;
    const words = search.trim();
    api.discoveries.finds({ state, limit, offset: 0, ...(words === '' ? {} : { search: words }) }).then(
      ({ items, total }) => isCurrent && setShown({ items, total, failure: null, state }),
      (error: unknown) => isCurrent && setShown((before) => ({ ...before, failure: sentenceOf(error) })),
    );
    return () => {
      isCurrent = false;
    };
  }, [api, state, search, limit, heard, round]);
  return shown.state === state ? shown : { items: null, total: 0, failure: shown.failure };
}
