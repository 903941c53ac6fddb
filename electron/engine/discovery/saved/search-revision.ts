import { createHash } from 'node:crypto';
import { type SavedSearch, savedSearchPatchSchema } from '../../../../shared/schema/saved-search.ts';

// SAFETY: the keys of the very schema.
const fields = Object.keys(savedSearchPatchSchema.shape) as (keyof typeof savedSearchPatchSchema.shape)[];

/** Returns the revision of a saved search: a hash of its editable fields, the same after a restart. */
export function searchRevision(search: SavedSearch): string {
  const text = JSON.stringify(fields.map((field) => search[field]));
  return createHash('sha256').update(text).digest('base64url').slice(0, 16);
}
