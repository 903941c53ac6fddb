/** Runs work under a limit, and never the same thing twice at once: a second request joins the first. */
export class Queue<Result> {
  readonly #run: (id: string, signal: AbortSignal) => Promise<Result>;
  readonly #limit: () => number;
  readonly #entries = new Map<string, Entry<Result>>();
  readonly #waiting = new Set<Entry<Result>>();
  readonly #running = new Set<Entry<Result>>();
  #isStopped = false;

  /**
   * @param limit how many may run at once, asked anew each time
   * @param run does the work; the signal aborts when it is no longer wanted
   */
  constructor(limit: () => number, run: (id: string, signal: AbortSignal) => Promise<Result>) {
    this.#limit = limit;
    this.#run = run;
  }

  /** Whether it runs or waits. */
  has(id: string): boolean {
    return this.#entries.has(id);
  }

  get size(): number {
    return this.#entries.size;
  }

  /** Does the work for an id as soon as the limit allows. Rejects where the work does or is cancelled. */
  add(id: string): Promise<Result> {
    const known = this.#entries.get(id);
    if (known) return known.settled.promise;
    const entry: Entry<Result> = {
      id,
      settled: Promise.withResolvers<Result>(),
      cancel: new AbortController(),
    };
    entry.settled.promise.catch(() => undefined); // Whoever asked hears of it; a cancelled one may have nobody.
    this.#entries.set(id, entry);
    this.#waiting.add(entry);
    this.#next();
    return entry.settled.promise;
  }

  /** Ends the work for an id, running or waiting; asked for again, it starts anew. */
  cancel(id: string): void {
    const entry = this.#entries.get(id);
    if (!entry) return;
    this.#entries.delete(id);
    entry.cancel.abort();
    if (this.#waiting.delete(entry)) entry.settled.reject(entry.cancel.signal.reason);
  }

  /** Ends everything, takes nothing more, and waits until what ran has ended. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    for (const id of [...this.#entries.keys()]) this.cancel(id);
    await Promise.allSettled([...this.#running].map(({ settled }) => settled.promise));
  }

  #next(): void {
    while (this.#running.size < this.#limit() && !this.#isStopped) {
      const [entry] = this.#waiting;
      if (!entry) return;
      this.#waiting.delete(entry);
      this.#running.add(entry);
      void this.#work(entry);
    }
  }

  async #work(entry: Entry<Result>): Promise<void> {
    const { id, settled, cancel } = entry;
    try {
      const result = await this.#run(id, cancel.signal);
      this.#forget(entry);
      settled.resolve(result);
    } catch (error) {
      this.#forget(entry);
      settled.reject(error);
    } finally {
      this.#next();
    }
  }

  #forget(entry: Entry<Result>): void {
    this.#running.delete(entry);
    if (this.#entries.get(entry.id) === entry) this.#entries.delete(entry.id);
  }
}

interface Entry<Result> {
  id: string;
  settled: PromiseWithResolvers<Result>;
  cancel: AbortController;
}
