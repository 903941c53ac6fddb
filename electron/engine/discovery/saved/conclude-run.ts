import type { SavedSearch } from '../../../../shared/schema/saved-search.ts';
import type { Clock } from '../../clock.ts';
import type { EventJournal } from '../../events/event-journal.ts';
import type { Log } from '../../log.ts';
import { StoreWriteError } from '../../store/config-store.ts';
import type { FindReview } from './find-review.ts';
import { type Outcome, outcomeMessage } from './outcome.ts';
import type { StoredRun } from './run-store.ts';
import { runView } from './run-view.ts';
import type { SearchDatabase } from './search-database.ts';

export interface ConcludeParts {
  database: { searches: SearchDatabase; tryWrite<Value>(work: () => Value): Value | null };
  finds: FindReview;
  journal: EventJournal;
  clock: Pick<Clock, 'now'>;
  log: Log;
}

/**
 * Adds what a run found, if the search does so, and records how it ended with the one message about it: also where nothing could be
 * added.
 */
export async function concludeRun(
  search: SavedSearch,
  ended: StoredRun,
  outcome: Outcome,
  parts: ConcludeParts,
): Promise<void> {
  const { journal, clock, log } = parts;
  const run =
    search.onFind === 'add' && ended.state === 'done' ? await addFresh(search, ended, parts) : ended;
  const message = outcomeMessage(search.name, outcome, clock.now());
  log.info(`the search ${search.name} is ${run.state}: ${message?.title ?? 'nothing new'}`);
  journal.record({
    type: 'discovery-ended',
    run: runView(run),
    name: search.name,
    tags: search.addTags,
    message: search.notify && run.state !== 'stopped' ? message : null,
  });
}

/** @returns the run, with a note where its finds could not be added */
async function addFresh(
  { id, name }: SavedSearch,
  run: StoredRun,
  { database, finds, log }: ConcludeParts,
): Promise<StoredRun> {
  try {
    const fresh = database.searches.finds
      .all(id)
      .filter(({ firstRun, isIgnored }) => firstRun === run.id && !isIgnored);
    await finds.add(
      fresh.map((find) => find.id),
      [],
    );
    return run;
  } catch (error) {
    log.error(`adding what the search ${name} found failed`, error);
    const reason = error instanceof StoreWriteError ? error.message : 'The log has the error.';
    const note = `New finds could not be added as hosts. ${reason} Add them from the list of finds.`;
    const noted = { ...run, notes: [note, ...run.notes] };
    database.tryWrite(() => database.searches.runs.update(noted));
    return noted;
  }
}
