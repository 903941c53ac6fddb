/** What a refresh works with. */
export interface RefreshOptions {
  /** Reads and shows. Aborts when nobody wants it anymore; reports its failures itself. */
  load: (signal: AbortSignal) => Promise<void>;
  /** The least time between the end of one and the start of the next, in milliseconds. */
  pauseMs: number;
  /** Whether somebody can see it. */
  isVisible: () => boolean;
}

/**
 * Reads again what has changed: one at a time, what is requested meanwhile once after it, and nothing while nobody sees it. However many
 * events come, the service answers no more than one request each pause.
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

  /** Reads what was requested while nobody saw it: called when the page becomes visible. */
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
