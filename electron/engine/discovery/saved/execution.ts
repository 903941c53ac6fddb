import { createHash } from 'node:crypto';
import type { Found } from '../../../../shared/schema/discovery.ts';
import type { SavedSearch } from '../../../../shared/schema/saved-search.ts';
import type { Clock } from '../../clock.ts';
import type { Resolve } from '../../probe/addresses.ts';
import type { LeafReader } from '../leaf-reader.ts';
import { type ResolvedSearch, resolveSearch, type UnresolvedName } from '../resolve-search.ts';
import { reverseLookup } from '../reverse-names.ts';
import { findAgain, isChanged } from './compare-finds.ts';
import type { StoredFind } from './find-store.ts';
import type { Outcome } from './outcome.ts';
import { placeKey } from './place-key.ts';
import { recordAbsences } from './record-absences.ts';
import type { Rest } from './rest.ts';
import type { StoredRun } from './run-store.ts';
import type { SearchDatabase } from './search-database.ts';
import { type PlanParts, planSavedSearch } from './search-sources.ts';

export interface ExecutionOptions {
  search: SavedSearch;
  run: StoredRun;
  plan: PlanParts;
  storage: { searches: SearchDatabase; tryWrite<Value>(work: () => Value): Value | null };
  clock: Pick<Clock, 'now'>;
  leaves: () => Promise<LeafReader>;
  resolve: Resolve;
  rest: Pick<Rest, 'whileHeld' | 'isOffline'>;
  /** Whether it is within the hours of the search, and not too many others run. */
  mayRun: () => boolean;
  /** Called when something of the run has changed, once a second at most while it goes on. */
  onChange: (run: StoredRun) => void;
  signal: AbortSignal;
}

const progressEveryMs = 1_000;
/** Notes of a run that are kept. */
const maxNotes = 50;

const offlineNote = 'This machine was offline meanwhile';

/** One run of a saved search, from where it was left. Finds and progress are on disk as they come. */
export class Execution {
  readonly #options: ExecutionOptions;
  #vanished: readonly StoredFind[] = [];
  /** Places that this machine could not try. */
  readonly #untried = new Set<string>();
  #run: StoredRun;
  #savedAt = 0;
  #hasAsked = false;

  constructor(options: ExecutionOptions) {
    this.#options = options;
    this.#run = options.run;
  }

  get run(): StoredRun {
    return this.#run;
  }

  /** Returns what the run found, by what is on disk: also what it found before a restart. */
  get outcome(): Outcome {
    const { storage, search } = this.#options;
    const all = storage.tryWrite(() => storage.searches.finds.all(search.id)) ?? [];
    const shown = all.filter(({ isIgnored }) => !isIgnored);
    const fresh = shown.filter(({ firstRun }) => firstRun === this.#run.id);
    const changed = shown.filter(({ changedRun }) => changedRun === this.#run.id);
    const foundOf = (finds: readonly StoredFind[]) => finds.map(({ found }) => found);
    return {
      new: foundOf(fresh),
      changed: foundOf(changed.filter((find) => !fresh.includes(find))),
      vanished: foundOf(this.#vanished),
    };
  }

  /** Changes the run, on disk too. */
  update(change: Partial<StoredRun>): void {
    const { storage, onChange, clock } = this.#options;
    this.#run = { ...this.#run, ...change };
    this.#savedAt = clock.now();
    storage.tryWrite(() => storage.searches.runs.update(this.#run));
    onChange(this.#run);
  }

  /** Counts time in which the run was under way, unless it rests. @param ms in milliseconds */
  countActive(ms: number): void {
    if (this.#run.state !== 'resting') this.#run = { ...this.#run, activeMs: this.#run.activeMs + ms };
  }

  /** Runs to the end. @returns false where it may not run: the run says why @throws the signal's reason where it aborts */
  async execute(): Promise<boolean> {
    const { search, plan, resolve, signal, storage } = this.#options;
    await this.#rest(signal);
    this.#hasAsked = true;
    const { planned, notes, isPartial } = await planSavedSearch(search, plan, { resolve }, signal);
    const resolved = planned.plan.refused.length > 0 ? null : await resolveSearch(planned, resolve, signal);
    const refused = resolved?.refused ?? planned.plan.refused;
    if (resolved) this.#noteGaps(isPartial, resolved.unresolved);
    this.#note([...planned.plan.notes, ...notes, ...(resolved?.skipped ?? [])]);
    if (!resolved || refused.length > 0) {
      this.update({ state: 'failed', reason: refused.join(' ') });
      return false;
    }
    const scope = scopeOf(resolved);
    const done = scope === this.#run.scope ? this.#run.done : 0;
    this.update({ scope, done, progress: { ...this.#run.progress, planned: resolved.connections } });
    const expected = new Set(storage.searches.finds.places(search.id).map(placeKey));
    const [{ SearchRun }, leaves] = await Promise.all([import('../search-run.ts'), this.#options.leaves()]);
    const run = new SearchRun({
      search: resolved,
      names: planned.names,
      exclusions: planned.exclusions,
      limits: planned.limits,
      leaves,
      reverse: search.reverseDns ? reverseLookup() : undefined,
      isExpected: (endpoint) => expected.has(placeKey(endpoint)),
      onUntried: (endpoint) => this.#untried.add(placeKey(endpoint)),
      seed: this.#run.seed,
      from: done,
      ...(done > 0 ? { before: this.#run.progress } : {}),
      onFound: (found) => this.#keep(found),
      onProgress: (progress, upTo) => this.#progress({ progress, done: upTo }),
      rest: (ending) => this.#rest(ending),
      signal,
    });
    try {
      await run.run();
      if (this.#options.rest.isOffline) this.#concludeNothing(offlineNote);
    } finally {
      this.update({ progress: run.progress });
    }
    this.#conclude(resolved);
    return true;
  }

  /** Waits while searches are held. What was asked before may have failed because this machine was offline. */
  #rest(signal: AbortSignal): Promise<void> {
    const { rest, mayRun } = this.#options;
    return rest.whileHeld(signal, mayRun, (isHeld, isOffline) => {
      if (isOffline && this.#hasAsked) this.#concludeNothing(offlineNote);
      this.update({ state: isHeld ? 'resting' : 'running' });
    });
  }

  #concludeNothing(reason: string): void {
    this.#run = { ...this.#run, isInconclusive: true };
    this.#noteFirst([`${reason}: nothing counts as missing in this run.`]);
  }

  #progress(change: Pick<StoredRun, 'progress' | 'done'>): void {
    const isDue = this.#options.clock.now() - this.#savedAt >= progressEveryMs;
    if (isDue) this.update(change);
    else this.#run = { ...this.#run, ...change };
  }

  #note(notes: readonly string[]): void {
    const all = [...new Set([...this.#run.notes, ...notes])];
    this.#run = { ...this.#run, notes: all.slice(0, maxNotes) };
  }

  /** Notes what people need to know even where a search has more notes than are kept. */
  #noteFirst(notes: readonly string[]): void {
    const { notes: before } = this.#run;
    this.#run = { ...this.#run, notes: [] };
    this.#note([...notes, ...before]);
  }

  #keep(found: Found): void {
    const { storage } = this.#options;
    storage.tryWrite(() => this.#store(found));
  }

  #store(found: Found): void {
    const { search, storage, clock } = this.#options;
    const { finds } = storage.searches;
    const { id: run } = this.#run;
    const now = clock.now();
    const again = findAgain(found, finds.at(search.id, found), run);
    if (!again) {
      const isKept = finds.add(newFind(search.id, found, run, now)) !== null;
      if (isKept) this.#run = { ...this.#run, new: this.#run.new + 1 };
      else this.#note(['The list of finds is full: not all were kept.']);
      return;
    }
    const isBack = again.vanishedAt !== null;
    const isOther = isChanged(again.found, found);
    const isNews = !again.isIgnored && again.firstRun !== run;
    finds.update({
      ...again,
      found,
      lastAt: now,
      run,
      missed: 0,
      vanishedAt: null,
      ...(isBack ? { firstRun: run } : {}),
      ...(isOther ? { changedAt: now, changedRun: run } : {}),
    });
    if (isNews && isBack) this.#run = { ...this.#run, new: this.#run.new + 1 };
    else if (isNews && isOther && again.changedRun !== run)
      this.#run = { ...this.#run, changed: this.#run.changed + 1 };
  }

  /** Notes what the run could not find out. Without a file or domain it does not know where to look; without a name it knows what that may have led to. */
  #noteGaps(isPartial: boolean, unresolved: readonly UnresolvedName[]): void {
    if (isPartial) this.#concludeNothing('A file with hosts or a domain could not be read');
    if (unresolved.some(({ isUnknown }) => !isUnknown))
      this.#noteFirst(['The name server did not answer for all hosts: their finds do not count as missing.']);
  }

  #conclude(search: ResolvedSearch): void {
    const { search: saved, storage, clock } = this.#options;
    storage.tryWrite(() => {
      const parts = { saved, search, run: this.#run, searches: storage.searches, untried: this.#untried };
      const { vanished, notes } = recordAbsences(parts, clock.now());
      this.#vanished = vanished.filter(({ isIgnored }) => !isIgnored);
      this.#noteFirst(notes);
    });
    this.#run = { ...this.#run, vanished: this.#vanished.length };
  }
}

function newFind(discoveryId: string, found: Found, run: number, now: number): Omit<StoredFind, 'id'> {
  return {
    discoveryId,
    found,
    firstAt: now,
    lastAt: now,
    changedAt: null,
    run,
    firstRun: run,
    changedRun: null,
    missed: 0,
    vanishedAt: null,
    isIgnored: false,
  };
}

/** Names the pairs of a search: a run goes on after a restart only where they are the same. */
function scopeOf({ addresses, ports, more, leftOut }: ResolvedSearch): string {
  const hash = createHash('sha256');
  hash.update(JSON.stringify([addresses, ports, more, [...leftOut]]));
  return hash.digest('base64url');
}
