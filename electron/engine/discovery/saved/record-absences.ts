import type { SavedSearch } from '../../../../shared/schema/saved-search.ts';
import type { ResolvedSearch } from '../resolve-search.ts';
import { isLeftOut } from '../search-places.ts';
import { judgeAbsences, missesToVanish } from './compare-finds.ts';
import type { StoredFind } from './find-store.ts';
import { type FindPlace, placeKey } from './place-key.ts';
import type { StoredRun } from './run-store.ts';
import type { SearchDatabase } from './search-database.ts';

/** Vanished finds are kept for so long. */
const vanishedKeptMs = 90 * 86_400_000;
/** Earlier runs that are looked through for complete ones. */
const earlierRuns = 20;

export interface AbsenceParts {
  saved: Pick<SavedSearch, 'id' | 'updatedAt'>;
  /** Where the run went. */
  search: Pick<ResolvedSearch, 'addresses' | 'ports' | 'more' | 'leftOut' | 'unresolved'>;
  run: Pick<StoredRun, 'id' | 'isInconclusive'>;
  searches: SearchDatabase;
  /** Places that this machine could not try. */
  untried: ReadonlySet<string>;
}

/**
 * Writes down what a run that has come to its end concludes from what it did not see. Nothing is concluded from a run that was offline or could
 * not read all of its files; of a place that was not tried, or not under the name that a find has; and of what names led to that lead
 * nowhere at the moment. Where a look-up failed without an answer, anything that the search does not reach may be behind that name.
 * @returns the finds that count as vanished from now on, and notes about the others
 */
export function recordAbsences(
  { saved, search, run, searches, untried }: AbsenceParts,
  now: number,
): { vanished: StoredFind[]; notes: string[] } {
  const { finds, runs } = searches;
  finds.forgetVanished(now - vanishedKeptMs);
  if (run.isInconclusive) return { vanished: [], notes: [] };
  const reaches = reachOf(search);
  const all = finds.all(saved.id);
  const lost = new Set(search.unresolved.map(({ host }) => host));
  const isOfLost = ({ found }: StoredFind) => found.names.some((name) => lost.has(name));
  if (search.unresolved.every(({ isUnknown }) => isUnknown)) {
    const behindLost = new Set(all.filter(isOfLost).map(({ found }) => found.address));
    const outside = all.filter(
      ({ found, isIgnored }) => !isIgnored && !reaches(found) && !behindLost.has(found.address),
    );
    for (const find of outside) leave(find, searches, Date.parse(saved.updatedAt));
  }
  const known = all.filter(
    (find) => reaches(find.found) && !untried.has(placeKey(find.found)) && !isOfLost(find),
  );
  const earlier = runs
    .list(saved.id, earlierRuns, 0)
    .items.filter(({ id, state, isInconclusive }) => id < run.id && state === 'done' && !isInconclusive);
  const { missed, vanished, away } = judgeAbsences(
    known,
    run.id,
    now,
    earlier.map(({ id }) => id),
  );
  for (const find of missed) finds.update(find);
  const notes = away.map(
    (network) => `The network ${network} seems to be away: nothing there counts as missing.`,
  );
  return { vanished, notes };
}

/**
 * Forgets a find whose place the search does not reach any more: at once if it was edited since the find was last seen; else after two complete runs,
 * since a name may have several addresses and show some of them at a time.
 */
function leave(find: StoredFind, { finds }: SearchDatabase, editedAt: number): void {
  const missed = find.missed + 1;
  if (editedAt > find.lastAt || missed >= missesToVanish) finds.remove(find.id);
  else finds.update({ ...find, missed });
}

/** Returns whether a run of a search reaches a place. */
function reachOf({ addresses, ports, more, leftOut }: AbsenceParts['search']): (place: FindPlace) => boolean {
  const all = new Set(addresses);
  const others = new Set(more.map(placeKey));
  return (place) =>
    !isLeftOut(leftOut, place) &&
    ((all.has(place.address) && ports.includes(place.port)) || others.has(placeKey(place)));
}
