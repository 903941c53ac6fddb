/** What a refresh works with. */
export interface RefreshOptions {
  /** Reads and shows, and reports its failures itself. The signal aborts when it is no longer wanted. */
  load: (signal: AbortSignal) => Promise<void>;
  /** The least time between the end of one and the start of the next, in milliseconds. */
  pauseMs: number;
  /** Whether the page can be seen. */
  isVisible: () => boolean;
}

/**
 * Reads again what has changed: one at a time, what is requested meanwhile once after it, and nothing while the page is hidden. However many
 * events come, the service gets at most one request per pause.
 */
export class Refresh {
  readonly #options: RefreshOptions;
  readonly #controller = new AbortController();
  #isBusy = false;
  #isWanted = false;

  constructor(options: RefreshOptions) {
    this.#options = options;
  }

  /** Reads at once where nothing is read, else after it. */
  request(): void {
    this.#isWanted = true;
    this.wake();
  }

  /** Reads what was requested while the page was hidden: call it when the page becomes visible. */
  wake(): void {
    if (this.#isBusy || !this.#isWanted || !this.#options.isVisible()) return;
    this.#isWanted = false;
    this.#isBusy = true;
    void this.#read();
  }

  /** Ends what is read, and reads nothing more. */
  stop(): void {
    this.#controller.abort();
  }

  async #read(): Promise<void> {
    const { signal } = this.#controller;
    if (signal.aborted) return;
    await this.#options.load(signal);
    await new Promise((resolve) => setTimeout(resolve, this.#options.pauseMs));
    this.#isBusy = false;
    this.wake();
  }
}
