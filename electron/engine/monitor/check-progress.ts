import type { Clock } from '../clock.ts';
import type { QueueProgress } from './fair-queue.ts';

/** Numbers that change more often cannot be read, and cost every open window a drawing. */
const pauseMs = 250;

/** Tells how far checks are: at most four times a second, once more when all have ended, and never the same twice. */
export class CheckProgress {
  readonly #clock: Clock;
  readonly #queue: { readonly progress: QueueProgress };
  readonly #tell: () => void;
  #told = '';
  #cancelTimer: (() => void) | null = null;

  constructor(clock: Clock, queue: { readonly progress: QueueProgress }, tell: () => void) {
    this.#clock = clock;
    this.#queue = queue;
    this.#tell = tell;
  }

  /** Takes note that the numbers may differ. */
  changed(): void {
    this.#cancelTimer ??= this.#clock.after(pauseMs, () => {
      this.#cancelTimer = null;
      const text = JSON.stringify(this.#queue.progress);
      if (text === this.#told) return;
      this.#told = text;
      this.#tell();
    });
  }

  stop(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = null;
  }
}
