import { randomUUID } from 'node:crypto';
import type { NewSavedSearch, SavedSearch } from '../../../../shared/schema/saved-search.ts';

/** Makes a saved search of what a person entered. Consent is given at this computer, never by a file or a call. @param now as ISO 8601 */
export function newSearch(input: NewSavedSearch, now: string): SavedSearch {
  return { id: randomUUID(), ...input, publicConsentAt: null, createdAt: now, updatedAt: now };
}
