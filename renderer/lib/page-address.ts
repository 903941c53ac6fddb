/** What writes an address needs of a window. */
export interface AddressBar {
  /** Returns the fragment that the window shows, with its `#`. */
  hash(): string;
  push(hash: string): void;
  /** Returns whether the browser took it. */
  replace(hash: string): boolean;
}

/**
 * How Back leads from a place: to the one before it (`new`), or past that (`replaced`; `typed` where many follow one another, as with
 * each letter of a search and each arrow key in the list).
 */
export type HistoryStep = 'new' | 'replaced' | 'typed';

/** Typing has paused when no letter came for so long, in milliseconds. */
const pauseMs = 250;

/** After a browser refused to write, it is asked again after so long, in milliseconds: its limit is for ten seconds. */
const refusedMs = 2_000;

/**
 * The place in the page, ahead of the address that shows it: what is typed counts at once, and is written once typing pauses. For
 * each address Chromium tells the browser and loads the icon again, which costs more than the list does, and it ignores more than
 * 200 in ten seconds (blink/renderer/core/frame/navigation_rate_limiter.cc), which a key that is held down exceeds.
 */
export class PageAddress {
  readonly #bar: AddressBar;
  readonly #listeners = new Set<() => void>();
  #ahead: string | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(bar: AddressBar) {
    this.#bar = bar;
  }

  /** The fragment of the place, with its `#`. */
  get hash(): string {
    return this.#ahead ?? this.#bar.hash();
  }

  /** Goes to a place. */
  go(hash: string, step: HistoryStep): void {
    if (hash === this.hash) return;
    clearTimeout(this.#timer);
    if (step === 'new') {
      this.write(); // Back leads to what was typed.
      clearTimeout(this.#timer);
      this.#ahead = null;
      this.#bar.push(hash);
    } else {
      this.#ahead = hash;
      if (step === 'replaced') this.write();
      else this.#timer = setTimeout(() => this.write(), pauseMs);
    }
    this.#tell();
  }

  /** Writes what is typed into the address now, as before a link is followed. */
  write(): void {
    clearTimeout(this.#timer);
    const ahead = this.#ahead;
    if (ahead === null) return;
    if (ahead === this.#bar.hash() || this.#bar.replace(ahead)) this.#ahead = null;
    else this.#timer = setTimeout(() => this.write(), refusedMs);
  }

  /** Follows the window, which went elsewhere: by a link, Back or Forward. */
  follow(): void {
    clearTimeout(this.#timer);
    this.#ahead = null;
    this.#tell();
  }

  /** Calls a function at each new place. @returns a function that ends it */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #tell(): void {
    for (const listener of [...this.#listeners]) listener();
  }
}
