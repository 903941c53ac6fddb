import { randomUUID } from 'node:crypto';
import type { NewSavedSearch, SavedSearch } from '../../../../shared/schema/saved-search.ts';

/** The most searches that are saved. */
export const maxSearches = 50;

/** A search that cannot be saved: its name is taken, or there are too many. */
export class SavedSearchError extends Error {
  override name = 'SavedSearchError';
}

/** @param id the search that the name is for; null: a new one @throws SavedSearchError */
export function refuseSearchName(name: string, id: string | null, existing: readonly SavedSearch[]): void {
  if (existing.some((one) => one.name === name && one.id !== id))
    throw new SavedSearchError('Another search has this name.');
}

/**
 * Makes saved searches of what a person entered or imported. Consent is given at this computer, never by a file or a call.
 * @param now the time in ISO 8601
 * @throws SavedSearchError
 */
export function makeSearches(
  inputs: readonly NewSavedSearch[],
  existing: readonly SavedSearch[],
  now: string,
): SavedSearch[] {
  const known = [...existing];
  for (const input of inputs) {
    refuseSearchName(input.name, null, known);
    if (known.length >= maxSearches)
      throw new SavedSearchError(`At most ${maxSearches} searches can be saved.`);
    known.push({ id: randomUUID(), ...input, publicConsentAt: null, createdAt: now, updatedAt: now });
  }
  return known.slice(existing.length);
}
