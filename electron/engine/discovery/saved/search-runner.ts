import { randomInt } from 'node:crypto';
import type { SavedSearch } from '../../../../shared/schema/saved-search.ts';
import type { Clock } from '../../clock.ts';
import type { Log } from '../../log.ts';
import { type Resolve, systemResolver } from '../../probe/addresses.ts';
import { StoreWriteError } from '../../store/config-store.ts';
import type { LeafReader } from '../leaf-reader.ts';
import { AllowedHours } from './allowed-hours.ts';
import { Execution, type ExecutionOptions } from './execution.ts';
import type { Outcome } from './outcome.ts';
import type { Rest } from './rest.ts';
import type { StoredRun } from './run-store.ts';
import type { PlanParts } from './search-sources.ts';

export interface SearchRunnerOptions {
  storage: ExecutionOptions['storage'];
  clock: Clock;
  log: Log;
  resolve?: Resolve | undefined;
  rest: Rest;
  /** Returns the hours in which a search may run, as they are now; null: at any time. */
  hoursOf: (discoveryId: string) => SavedSearch['hours'];
  /** What a search is planned with. */
  planParts: (search: SavedSearch) => PlanParts;
  onChange: (run: StoredRun) => void;
  /** Called when a run has ended, whatever its state. Not called where NotAfter stops. */
  onEnded: (search: SavedSearch, run: StoredRun, outcome: Outcome) => Promise<void>;
}

/** Searches that run at once. One that rests opens no connection, and does not count. */
const maxAtOnce = 4;
/** A run ends after it was under way for so long. */
const maxRunMs = 24 * 3_600_000;
/** How often that time is counted. */
const countEveryMs = 60_000;

/** A search that runs already, or too many at once. */
export class SearchRunningError extends Error {
  override name = 'SearchRunningError';
}

/** Why a run ends before it is done. */
class RunStopped extends Error {
  override name = 'RunStopped';
}

interface Running {
  execution: Execution;
  controller: AbortController;
  done: Promise<void>;
}

/** Runs saved searches, a few at once, and takes up those that a restart broke off. */
export class SearchRunner {
  readonly #options: SearchRunnerOptions;
  readonly #running = new Map<string, Running>();
  #leaves: Promise<LeafReader> | undefined;

  constructor(options: SearchRunnerOptions) {
    this.#options = options;
  }

  /** Returns the run that is under way; null: none. */
  current(discoveryId: string): StoredRun | null {
    return this.#running.get(discoveryId)?.execution.run ?? null;
  }

  /** Whether as many searches run as may. */
  get isFull(): boolean {
    return !this.#hasRoomFor(null);
  }

  /** Goes on with a run that a restart broke off. */
  resume(search: SavedSearch, run: StoredRun): void {
    if (!this.#running.has(search.id)) this.#start(search, { ...run, state: 'running' });
  }

  /** Begins a run. @throws SearchRunningError, StoreWriteError */
  begin(search: SavedSearch): StoredRun {
    const { storage, clock } = this.#options;
    if (this.#running.has(search.id)) throw new SearchRunningError('This search is running already.');
    if (this.isFull) throw new SearchRunningError(`At most ${maxAtOnce} searches run at once.`);
    const run: Omit<StoredRun, 'id'> = {
      discoveryId: search.id,
      startedAt: clock.now(),
      endedAt: null,
      state: 'running',
      seed: randomInt(2 ** 32),
      scope: '',
      done: 0,
      progress: { planned: 0, tried: 0, open: 0, tls: 0, connections: 0, silentHosts: 0, found: 0 },
      ...{ new: 0, changed: 0, vanished: 0 },
      notes: [],
      ...{ reason: null, isInconclusive: false, activeMs: 0 },
    };
    const begun = storage.tryWrite(() => storage.searches.runs.begin(run));
    if (!begun)
      throw new StoreWriteError(
        'The run cannot be saved: the disk is full, or another program has locked the database. Free up space or end that program, then run the search again.',
      );
    this.#start(search, begun);
    return begun;
  }

  /** Stops the run of a search, and waits until it has ended. @returns whether there was one */
  async stop(discoveryId: string, reason = 'It was stopped.'): Promise<boolean> {
    const running = this.#running.get(discoveryId);
    running?.controller.abort(new RunStopped(reason));
    await running?.done;
    return running !== undefined;
  }

  /** Breaks every run off, to go on after the next start. */
  async close(): Promise<void> {
    const all = [...this.#running.values()];
    for (const { controller } of all) controller.abort(new Error('NotAfter stops.'));
    await Promise.all(all.map(({ done }) => done));
  }

  #start(search: SavedSearch, run: StoredRun): void {
    const { storage, clock, rest, hoursOf, planParts, resolve = systemResolver } = this.#options;
    const controller = new AbortController();
    const hours = new AllowedHours(() => hoursOf(search.id), clock);
    const execution = new Execution({
      search,
      run,
      plan: planParts(search),
      storage,
      clock,
      leaves: () => {
        this.#leaves ??= loadLeafReader().catch((error: unknown) => {
          this.#leaves = undefined; // The next run tries again.
          throw error;
        });
        return this.#leaves;
      },
      resolve,
      rest,
      mayRun: () => hours.isOpen && this.#hasRoomFor(search.id),
      onChange: (changed) => this.#tell(changed),
      signal: controller.signal,
    });
    const cancel = this.#limit(execution, controller);
    const done = this.#finish(search, execution, controller.signal).finally(cancel);
    this.#running.set(search.id, { execution, controller, done });
    this.#tell(execution.run);
  }

  /** Whether fewer other searches run than may. @param discoveryId of the search that asks */
  #hasRoomFor(discoveryId: string | null): boolean {
    const others = [...this.#running].filter(
      ([id, { execution }]) => id !== discoveryId && execution.run.state !== 'resting',
    );
    return others.length < maxAtOnce;
  }

  #tell(run: StoredRun): void {
    this.#options.onChange(run);
    if (run.state === 'resting') this.#options.rest.lookAgain(); // Another one may have its place.
  }

  /** Ends a run that is under way for too long. Rest, sleep and time in which NotAfter is closed do not count. */
  #limit(execution: Execution, controller: AbortController): () => void {
    const { clock } = this.#options;
    const count = () => {
      execution.countActive(countEveryMs);
      if (execution.run.activeMs < maxRunMs) cancel = clock.after(countEveryMs, count);
      else controller.abort(new RunStopped('It took longer than 24 hours.'));
    };
    let cancel = clock.after(countEveryMs, count);
    return () => cancel();
  }

  async #finish(search: SavedSearch, execution: Execution, signal: AbortSignal): Promise<void> {
    const { clock, log, rest, onEnded } = this.#options;
    try {
      const isDone = await execution.execute();
      execution.update({ ...(isDone ? { state: 'done' as const } : {}), endedAt: clock.now() });
    } catch (error) {
      if (signal.aborted && !(signal.reason instanceof RunStopped)) return; // It goes on after the next start.
      const isStopped = signal.aborted;
      if (!isStopped) log.error(`the search ${search.name} failed`, error);
      execution.update({
        state: isStopped ? 'stopped' : 'failed',
        endedAt: clock.now(),
        reason: isStopped
          ? signal.reason.message
          : 'It failed because of an error in NotAfter; the log says which.',
      });
    } finally {
      this.#running.delete(search.id);
      rest.lookAgain(); // One that waits may have its place.
    }
    try {
      await onEnded(search, execution.run, execution.outcome);
    } catch (error) {
      log.error(`concluding the search ${search.name} failed`, error);
    }
  }
}

/** Loads what reads and verifies the certificates that searches find: the first run waits for it, the start of NotAfter does not. */
async function loadLeafReader(): Promise<LeafReader> {
  const [reading, { Verifier }, { TrustStores }] = await Promise.all([
    import('../leaf-reader.ts'),
    import('../../verify/verifier.ts'),
    import('../../verify/trust.ts'),
  ]);
  return new reading.LeafReader(new Verifier(new TrustStores()));
}
