/** How much may run at once, read each time: in all, and for each group. */
export interface QueueLimits {
  total: () => number;
  perGroup: () => number;
}

/** How far a queue is. */
export interface QueueProgress {
  /** What ended with a result since nothing waited. */
  done: number;
  running: number;
  waiting: number;
}

/**
 * Runs work under limits, and never the same thing twice at once: a second request joins the first. Work belongs to
 * groups (hosts) that take turns, so that one with much waiting, or one that is slow, does not hold up the others.
 */
export class Queue<Result> {
  readonly #run: (id: string, signal: AbortSignal) => Promise<Result>;
  readonly #limits: QueueLimits;
  readonly #onChange: () => void;
  readonly #entries = new Map<string, Entry<Result>>();
  /** What waits, by group; the group whose turn it is comes first. */
  readonly #waiting = new Map<string, Set<Entry<Result>>>();
  readonly #running = new Set<Entry<Result>>();
  readonly #runningIn = new Map<string, number>();
  #done = 0;
  #isStopped = false;

  /**
   * @param run does the work; the signal aborts when it is no longer wanted
   * @param onChange called whenever the progress changes
   */
  constructor(
    limits: QueueLimits,
    run: (id: string, signal: AbortSignal) => Promise<Result>,
    onChange: () => void = () => undefined,
  ) {
    this.#limits = limits;
    this.#run = run;
    this.#onChange = onChange;
  }

  /** Whether it runs or waits. */
  has(id: string): boolean {
    return this.#entries.has(id);
  }

  get size(): number {
    return this.#entries.size;
  }

  /** Canceled checks are no longer counted, although they may take a moment to end. */
  get progress(): QueueProgress {
    const running = this.runningIds.length;
    return { done: this.#done, running, waiting: this.#entries.size - running };
  }

  /** What runs, by id, without what was canceled. */
  get runningIds(): string[] {
    return [...this.#running].flatMap((entry) => (this.#entries.get(entry.id) === entry ? entry.id : []));
  }

  /** Does the work for an id as soon as the limit allows. Rejects where the work does or is cancelled. */
  add(id: string, group: string): Promise<Result> {
    const known = this.#entries.get(id);
    if (known) return known.settled.promise;
    const entry: Entry<Result> = {
      id,
      group,
      settled: Promise.withResolvers<Result>(),
      cancel: new AbortController(),
    };
    entry.settled.promise.catch(() => undefined); // Callers get the error; a canceled one may have no caller.
    if (this.#entries.size === 0) this.#done = 0;
    this.#entries.set(id, entry);
    const nothingWaited = this.#waiting.size === 0;
    const waiting = this.#waiting.get(group);
    if (waiting) waiting.add(entry);
    else this.#waiting.set(group, new Set([entry]));
    this.#next();
    // The first that has to wait begins another batch: without it the count would never end where checks never rest.
    if (nothingWaited && this.#waiting.size > 0) this.#done = 0;
    this.#onChange();
    return entry.settled.promise;
  }

  /** Cancels the work for an id, running or waiting; a later request starts it from the beginning. */
  cancel(id: string): void {
    const entry = this.#entries.get(id);
    if (!entry) return;
    this.#entries.delete(id);
    entry.cancel.abort();
    if (this.#takeOut(entry)) entry.settled.reject(entry.cancel.signal.reason);
    this.#onChange();
  }

  /** Ends everything, takes nothing more, and waits until what ran has ended. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    for (const id of [...this.#entries.keys()]) this.cancel(id);
    await Promise.allSettled([...this.#running].map(({ settled }) => settled.promise));
  }

  #next(): void {
    while (this.#running.size < this.#limits.total() && !this.#isStopped) {
      const entry = this.#whoseTurn();
      if (!entry) return;
      this.#takeOut(entry);
      this.#running.add(entry);
      this.#runningIn.set(entry.group, (this.#runningIn.get(entry.group) ?? 0) + 1);
      void this.#work(entry);
    }
  }

  /** The first of the first group that may run one more; that group's next turn comes after all others'. */
  #whoseTurn(): Entry<Result> | undefined {
    for (const [group, waiting] of this.#waiting) {
      if ((this.#runningIn.get(group) ?? 0) >= this.#limits.perGroup()) continue;
      this.#waiting.delete(group);
      this.#waiting.set(group, waiting);
      const [entry] = waiting;
      return entry;
    }
    return undefined;
  }

  #takeOut(entry: Entry<Result>): boolean {
    const waiting = this.#waiting.get(entry.group);
    if (!waiting?.delete(entry)) return false;
    if (waiting.size === 0) this.#waiting.delete(entry.group);
    return true;
  }

  async #work(entry: Entry<Result>): Promise<void> {
    const { id, settled, cancel } = entry;
    try {
      const result = await this.#run(id, cancel.signal);
      if (this.#entries.get(id) === entry) this.#done += 1;
      this.#forget(entry);
      settled.resolve(result);
    } catch (error) {
      this.#forget(entry);
      settled.reject(error);
    } finally {
      this.#next();
      this.#onChange();
    }
  }

  #forget(entry: Entry<Result>): void {
    this.#running.delete(entry);
    const left = (this.#runningIn.get(entry.group) ?? 1) - 1;
    if (left > 0) this.#runningIn.set(entry.group, left);
    else this.#runningIn.delete(entry.group);
    if (this.#entries.get(entry.id) === entry) this.#entries.delete(entry.id);
  }
}

interface Entry<Result> {
  id: string;
  group: string;
  settled: PromiseWithResolvers<Result>;
  cancel: AbortController;
}
