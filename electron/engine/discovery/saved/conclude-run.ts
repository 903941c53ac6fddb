import type { SavedSearch } from '../../../../shared/schema/saved-search.ts';
import type { Clock } from '../../clock.ts';
import type { EventJournal } from '../../events/event-journal.ts';
import type { Log } from '../../log.ts';
import type { FindReview } from './find-review.ts';
import { type Outcome, outcomeMessage } from './outcome.ts';
import type { StoredRun } from './run-store.ts';
import { runView } from './run-view.ts';
import type { SearchDatabase } from './search-database.ts';

export interface ConcludeParts {
  database: { searches: SearchDatabase };
  finds: FindReview;
  journal: EventJournal;
  clock: Pick<Clock, 'now'>;
  log: Log;
}

/** Adds what a run found, if the search does so, and records how it ended with the one message about it. @throws StoreWriteError */
export async function concludeRun(
  search: SavedSearch,
  run: StoredRun,
  outcome: Outcome,
  { database, finds, journal, clock, log }: ConcludeParts,
): Promise<void> {
  if (search.onFind === 'add' && run.state === 'done') {
    const fresh = database.searches.finds
      .all(search.id)
      .filter(({ firstRun, isIgnored }) => firstRun === run.id && !isIgnored);
    await finds.add(
      fresh.map(({ id }) => id),
      search.addTags,
    );
  }
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
