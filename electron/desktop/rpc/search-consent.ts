import { dialog } from 'electron';
import type { SavedSearchView } from '../../../shared/schema/saved-search.ts';
import { printable } from '../../../shared/text/foreign-text.ts';
import { count } from '../../../shared/text/words.ts';
import type { Engine } from '../../engine/engine.ts';

/** Targets that the dialog lists; the others are counted. */
const maxListed = 12;

/**
 * Asks the person, in a dialog of the system, whether a saved search may scan public addresses. A page or the API cannot answer for them.
 * @returns whether they agreed; null where there is no such search, or it was edited while they were asked
 * @throws StoreWriteError
 */
export async function askForConsent(
  { discoveries }: Pick<Engine, 'discoveries'>,
  id: string,
): Promise<boolean | null> {
  const search = discoveries.get(id);
  if (!search) return null;
  const { response } = await dialog.showMessageBox({
    type: 'warning',
    message: `Let the search “${printable(search.name, 60)}” scan public addresses?`,
    detail: `${placesOf(search)}\n\nScan only networks that you are allowed to scan. A search has at most 1,024 public addresses and opens 20 connections per second there.`,
    buttons: ['Allow', 'Cancel'],
    defaultId: 1,
    cancelId: 1,
  });
  if (response !== 0) return false;
  return (await discoveries.consent(id, search.updatedAt)) === null ? null : true;
}

function placesOf({ targets, files, watched }: SavedSearchView): string {
  const places = [
    ...targets,
    ...files.map(({ path }) => `hosts in ${path}`),
    ...(watched ? ['names in the certificates of watched hosts'] : []),
  ];
  const shown = places.slice(0, maxListed).map((place) => printable(place, 120));
  const more = places.length - shown.length;
  return [...shown, ...(more > 0 ? [`and ${count(more, 'more', 'more')}`] : [])].join('\n');
}
