import type { DiscoveryPlan } from '../../../../shared/schema/discovery.ts';
import type {
  NewSavedSearch,
  SavedSearch,
  SavedSearchPatch,
  SavedSearchView,
  SearchRunView,
} from '../../../../shared/schema/saved-search.ts';
import type { Clock } from '../../clock.ts';
import type { EventJournal } from '../../events/event-journal.ts';
import type { JobService } from '../../jobs/job-service.ts';
import type { Log } from '../../log.ts';
import type { LatestResults } from '../../monitor/latest-results.ts';
import type { Monitor } from '../../monitor/monitor.ts';
import type { Resolve } from '../../probe/addresses.ts';
import type { RuleSource } from '../../sources.ts';
import type { ConfigStore } from '../../store/config-store.ts';
import type { ResultDatabase } from '../../store/result-database.ts';
import { concludeRun } from './conclude-run.ts';
import { hasSamePlaces } from './consent-scope.ts';
import { FindReview, type ForgetQuery, type IgnoreQuery } from './find-review.ts';
import { makeSearches, refuseSearchName } from './new-search.ts';
import { nextRunAt } from './next-run.ts';
import type { Outcome } from './outcome.ts';
import { Rest } from './rest.ts';
import type { StoredRun } from './run-store.ts';
import { runView } from './run-view.ts';
import { type SearchFacts, searchFacts } from './search-facts.ts';
import { searchRevision } from './search-revision.ts';
import { SearchRunner } from './search-runner.ts';
import { type PlanParts, planSavedSearch } from './search-sources.ts';
import { watchedNames } from './watched-names.ts';

export interface DiscoveryServiceOptions {
  store: ConfigStore;
  database: ResultDatabase;
  jobs: JobService;
  results: LatestResults;
  monitor: Monitor;
  rules: RuleSource;
  journal: EventJournal;
  clock: Clock;
  log: Log;
  options: {
    /** Whether the service was started with `--allow-public-ranges`. */
    allowPublicRanges?: boolean;
    /** Names to addresses, in place of the system's resolver. */
    resolve?: Resolve;
  };
}

/** For how long the counts of finds are good enough while a run goes on. */
const countsKeptMs = 10_000;
const isoOf = (ms: number) => new Date(ms).toISOString();

/** Saved searches: runs them by their schedules, keeps what they find, and tells what is new, changed or vanished. */
export class DiscoveryService {
  /** The list of finds. */
  readonly finds: FindReview;
  readonly #options: DiscoveryServiceOptions;
  readonly #rest: Rest;
  readonly #runner: SearchRunner;
  #isStarted = false;

  constructor(options: DiscoveryServiceOptions) {
    this.#options = options;
    const { database, clock, log, monitor } = options;
    this.#rest = new Rest(options);
    const searchTags = (id: string) => options.store.searches.get(id)?.addTags ?? [];
    this.finds = new FindReview({ storage: database, jobs: options.jobs, clock, searchTags });
    this.#runner = new SearchRunner({
      ...{ storage: database, clock, log },
      resolve: options.options.resolve,
      rest: this.#rest,
      hoursOf: (id) => options.store.searches.get(id)?.hours ?? null,
      planParts: (search) => this.#planParts(search.publicConsentAt !== null),
      onChange: ({ discoveryId }) => this.#announce(discoveryId, countsKeptMs),
      onEnded: (search, run, outcome) => this.#conclude(search, run, outcome),
    });
    monitor.events.subscribe(({ type }) => type === 'tick' && this.#runDue());
  }

  /** Goes on with runs that the end of NotAfter broke off. */
  start(): void {
    const { database, store, clock } = this.#options;
    this.#isStarted = true;
    for (const run of database.searches.runs.unfinished()) {
      const search = store.searches.get(run.discoveryId);
      if (search && database.searches.runs.last(search.id)?.id === run.id) this.#runner.resume(search, run);
      else
        database.tryWrite(() =>
          database.searches.runs.update({ ...run, state: 'stopped', endedAt: clock.now() }),
        );
    }
  }

  /** Breaks runs off, to go on after the next start. */
  async stop(): Promise<void> {
    this.#isStarted = false;
    await this.#runner.close();
  }

  list(): SavedSearchView[] {
    return this.#options.store.searches.all().map((search) => this.#view(search));
  }

  /** Returns a saved search; null where there is none with this id. */
  get(id: string): SavedSearchView | null {
    const search = this.#options.store.searches.get(id);
    return search ? this.#view(search) : null;
  }

  /** Returns the revision of a saved search, which changes with each edit; null: no such search. */
  revision(id: string): string | null {
    const search = this.#options.store.searches.get(id);
    return search ? searchRevision(search) : null;
  }

  /** Returns the state of each saved search for people who watch NotAfter itself. @param countsAgeMs how old the counts of finds may be */
  facts(countsAgeMs: number): SearchFacts[] {
    return searchFacts({ ...this.#options, finds: this.finds }, countsAgeMs);
  }

  /** Counts what a search would do. Sends nothing, keeps nothing. @throws the signal's reason where it aborts */
  async plan(input: NewSavedSearch, signal = new AbortController().signal): Promise<DiscoveryPlan> {
    const { planned, notes } = await planSavedSearch(input, this.#planParts(false), null, signal);
    const all = [...planned.plan.notes, ...notes];
    return { ...planned.plan, notes: all.slice(0, 50) };
  }

  /** Saves a search. @throws SavedSearchError, StoreWriteError */
  async add(input: NewSavedSearch): Promise<SavedSearchView> {
    const { store, clock, log } = this.#options;
    // SAFETY: it makes as many as it was given.
    const [search] = makeSearches([input], store.searches.all(), isoOf(clock.now())) as [SavedSearch];
    await store.searches.set(search);
    log.info(`saved the search ${search.name}`);
    this.#announce(search.id);
    return this.#view(search);
  }

  /** Edits a search; null where there is none. Consent is for what was searched then. @throws as `add` */
  async edit(id: string, patch: SavedSearchPatch): Promise<SavedSearchView | null> {
    const { store, clock } = this.#options;
    const before = store.searches.get(id);
    if (!before) return null;
    if (patch.name !== undefined) refuseSearchName(patch.name, id, store.searches.all());
    const given = Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined));
    const edited: SavedSearch = { ...before, ...given, updatedAt: isoOf(clock.now()) };
    const search = hasSamePlaces(before, edited) ? edited : { ...edited, publicConsentAt: null };
    await store.searches.set(search);
    this.#rest.lookAgain(); // Its hours may be others.
    this.#announce(id);
    return this.#view(search);
  }

  /**
   * Notes that a person confirmed, at this computer, that the public addresses of a search may be scanned.
   * @param revision what they saw; whatever it became meanwhile is not what they confirmed
   * @returns null where there is no such search, or it was edited since
   * @throws StoreWriteError
   */
  async consent(id: string, revision: string): Promise<SavedSearchView | null> {
    const { store, clock, log } = this.#options;
    const before = store.searches.get(id);
    if (!before || searchRevision(before) !== revision) return null;
    const search = { ...before, publicConsentAt: isoOf(clock.now()) };
    await store.searches.set(search);
    log.info(`the search ${search.name} may scan public addresses`);
    this.#announce(id);
    return this.#view(search);
  }

  /** Deletes a search with its runs and finds. @returns whether there was one @throws StoreWriteError */
  async remove(id: string): Promise<boolean> {
    const { store, database, journal, log } = this.#options;
    const search = store.searches.get(id);
    if (!search) return false;
    await this.#runner.stop(id);
    await store.searches.remove(id);
    database.tryWrite(() => database.searches.forget(id));
    log.info(`deleted the search ${search.name}`);
    journal.record({ type: 'discovery-removed', id });
    return true;
  }

  /** Begins a run; null where there is no such search. @throws SearchRunningError */
  run(id: string): SearchRunView | null {
    const search = this.#options.store.searches.get(id);
    return search ? runView(this.#runner.begin(search)) : null;
  }

  /** Stops the run of a search. @returns whether there is such a search */
  async stopRun(id: string): Promise<boolean> {
    if (!this.#options.store.searches.get(id)) return false;
    await this.#runner.stop(id);
    return true;
  }

  /** Returns the runs of a search, the newest first; null where there is no such search. */
  runs(id: string, limit: number, offset: number): { items: SearchRunView[]; total: number } | null {
    const { store, database } = this.#options;
    if (!store.searches.get(id)) return null;
    const { items, total } = database.searches.runs.list(id, limit, offset);
    return { items: items.map(runView), total };
  }

  /** Announces searches that an import has added. */
  follow(searches: readonly Pick<SavedSearch, 'id'>[]): void {
    for (const { id } of searches) this.#announce(id);
  }

  /** Adds a job for each of some finds. @returns as `FindReview.add` @throws StoreWriteError */
  async addFinds(
    ids: readonly number[],
    tags: readonly string[],
  ): Promise<{ added: number; leftOut: number; missing: number }> {
    const counts = await this.finds.add(ids, tags);
    this.#announceAll();
    return counts;
  }

  /** Ignores finds, or stops ignoring them. @returns as `FindReview.ignore` */
  ignoreFinds(query: IgnoreQuery, isIgnored: boolean): { finds: number; missing: number } {
    const changed = this.finds.ignore(query, isIgnored);
    this.#announceAll();
    return changed;
  }

  /** Deletes finds. @returns how many @throws StoreWriteError */
  forgetFinds(query: ForgetQuery): number {
    const forgotten = this.finds.forget(query);
    this.#announceAll();
    return forgotten;
  }

  #planParts(hasConsent: boolean): PlanParts {
    const { jobs, database, options } = this.#options;
    return {
      watchedNames: (signal) => watchedNames(jobs.all(), database, signal),
      mayScanPublic: hasConsent || options.allowPublicRanges === true,
    };
  }

  /** When a search runs next by itself, in milliseconds since the epoch; null: it does not. */
  #nextRunAt(search: SavedSearch): number | null {
    if (search.schedule === null || this.#runner.current(search.id)) return null;
    const { database, clock } = this.#options;
    const last = database.searches.runs.last(search.id);
    return nextRunAt(search, last?.startedAt ?? null, clock.now());
  }

  #runDue(): void {
    const { store, clock, log } = this.#options;
    if (!this.#isStarted || this.#rest.isHeld) return;
    for (const search of store.searches.all()) {
      if (this.#runner.isFull) return;
      const at = this.#nextRunAt(search);
      if (at === null || at > clock.now()) continue;
      try {
        this.#runner.begin(search);
      } catch (error) {
        log.error(`starting the search ${search.name} failed`, error);
      }
    }
  }

  /** What became of a search that was deleted meanwhile is no news. */
  async #conclude({ id }: SavedSearch, run: StoredRun, outcome: Outcome): Promise<void> {
    const search = this.#options.store.searches.get(id);
    if (!search) return;
    await concludeRun(search, run, outcome, { ...this.#options, finds: this.finds });
    this.#announce(id);
  }

  #announceAll(): void {
    this.follow(this.#options.store.searches.all());
  }

  /** @param countsAgeMs how old the counts of finds may be: counting many takes its time, and a run announces itself every second */
  #announce(id: string, countsAgeMs = 0): void {
    const search = this.#options.store.searches.get(id);
    const discovery = search && this.#view(search, countsAgeMs);
    if (discovery) this.#options.journal.record({ type: 'discovery-changed', discovery });
  }

  #view(search: SavedSearch, countsAgeMs = 0): SavedSearchView {
    const { database } = this.#options;
    const run = this.#runner.current(search.id) ?? database.searches.runs.last(search.id);
    const next = this.#nextRunAt(search);
    return {
      ...search,
      revision: searchRevision(search),
      nextRunAt: next === null ? null : isoOf(next),
      lastRun: run && runView(run),
      finds: this.finds.counts(search.id, countsAgeMs),
    };
  }
}
