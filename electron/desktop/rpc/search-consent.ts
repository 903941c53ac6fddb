import { dialog } from 'electron';
import type { SavedSearchView } from '../../../shared/schema/saved-search.ts';
import { printable } from '../../../shared/text/foreign-text.ts';
import { count } from '../../../shared/text/words.ts';
import { sortTargets } from '../../engine/discovery/saved/consent-scope.ts';
import type { Engine } from '../../engine/engine.ts';

/** As much as a dialog of the system shows whole on a small screen. */
const maxCharacters = 2_000;
/** Places that have a line each; more share one. */
const maxLines = 16;

/** A search whose public places do not fit into a dialog: people consent to what they see, and to nothing else. */
export class ConsentTooLongError extends Error {
  override name = 'ConsentTooLongError';
}

/**
 * Asks the person, in a dialog of the system, whether a saved search may scan public addresses. A page or the API cannot answer for them.
 * @returns whether they agreed; null where there is no such search, or it was edited while they were asked
 * @throws ConsentTooLongError, StoreWriteError
 */
export async function askForConsent(
  { discoveries }: Pick<Engine, 'discoveries'>,
  id: string,
): Promise<boolean | null> {
  const search = discoveries.get(id);
  if (!search) return null;
  const places = await placesOf(search);
  if (places.length > maxCharacters)
    throw new ConsentTooLongError(
      'The public targets and host names of this search do not fit into one dialog. Divide them among several searches.',
    );
  const { response } = await dialog.showMessageBox({
    type: 'warning',
    message: `Let the search “${printable(search.name, 60)}” scan public addresses?`,
    detail: `${places}\n\nScan only networks that you are allowed to scan. A search has at most 1,024 public addresses and opens 20 connections per second there.`,
    buttons: ['Allow', 'Cancel'],
    defaultId: 1,
    cancelId: 1,
  });
  if (response !== 0) return false;
  return (await discoveries.consent(id, search.revision)) === null ? null : true;
}

/** Everything that is or may be public, whole and first; the rest is counted. */
async function placesOf({ targets, files, dns, watched, ports }: SavedSearchView): Promise<string> {
  const { publicOnes, names, others } = await sortTargets(targets);
  return [
    ...listed('Public addresses', publicOnes),
    ...listed('Host names', names),
    ...files.map(({ path }) => `Hosts in ${whole(path)}`),
    ...dns.map(({ domain, transfer }) =>
      transfer === null
        ? `Hosts of the domain ${whole(domain)}`
        : `Hosts of the zone ${whole(domain)}, transferred from the name server ${whole(transfer)}`,
    ),
    ...(watched ? ['Names in the certificates of watched hosts'] : []),
    ...(others > 0 ? [`${count(others, 'private target')}`] : []),
    `Ports: ${whole(ports)}`,
  ].join('\n');
}

function listed(title: string, places: readonly string[]): string[] {
  if (places.length === 0) return [];
  return [`${title}:`, places.map(whole).join(places.length > maxLines ? ', ' : '\n')];
}

/** Nothing is cut off: it could be what matters. */
const whole = (text: string) => printable(text, maxCharacters + 1);
