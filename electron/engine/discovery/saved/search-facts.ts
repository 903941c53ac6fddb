import type { FindState } from '../../../../shared/schema/saved-search.ts';
import type { ConfigStore } from '../../store/config-store.ts';
import type { FindReview } from './find-review.ts';
import type { StoredRun } from './run-store.ts';
import type { SearchDatabase } from './search-database.ts';

/** How a saved search does. */
export interface SearchFacts {
  name: string;
  /** Number of finds by their states. */
  finds: Readonly<Record<FindState, number>>;
  /** The last run that has ended; null: none has. */
  lastEnded: StoredRun | null;
}

interface FactParts {
  store: Pick<ConfigStore, 'searches'>;
  database: { searches: SearchDatabase };
  finds: Pick<FindReview, 'counts'>;
}

/** Returns how each saved search does. @param countsAgeMs how old the counts of finds may be */
export function searchFacts({ store, database, finds }: FactParts, countsAgeMs: number): SearchFacts[] {
  return store.searches.all().map(({ id, name }) => ({
    name,
    finds: finds.counts(id, countsAgeMs),
    lastEnded: database.searches.runs.lastEnded(id),
  }));
}
