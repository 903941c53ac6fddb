import type { Clock } from '../clock.ts';
import { DueHeap } from './due-heap.ts';

/**
 * The longest sleep of the timer. setTimeout fires at once above 24.8 days, and a clock that was set or a machine
 * that slept is noticed at the latest after this.
 */
const longestSleepMs = 60_000;

/** Knows when each job is due and says so, with one timer for the earliest. */
export class Scheduler {
  readonly #clock: Clock;
  readonly #onDue: (id: string) => void;
  readonly #heap = new DueHeap();
  #cancelTimer: (() => void) | null = null;
  #isRunning = false;

  /** @param onDue called once for each due time; the job is off the schedule until `set` again */
  constructor(clock: Clock, onDue: (id: string) => void) {
    this.#clock = clock;
    this.#onDue = onDue;
  }

  /** Due times before now count as due now. */
  start(): void {
    this.#isRunning = true;
    this.#arm();
  }

  stop(): void {
    this.#isRunning = false;
    this.#cancelTimer?.();
    this.#cancelTimer = null;
  }

  /** Sets when a job is due, in place of what was set before. */
  set(id: string, at: number): void {
    this.#heap.set(id, at);
    if (this.#heap.peek()?.id === id) this.#arm();
  }

  delete(id: string): void {
    const wasFirst = this.#heap.peek()?.id === id;
    this.#heap.delete(id);
    if (wasFirst) this.#arm();
  }

  /** When the job is due, in milliseconds since the epoch. */
  dueAt(id: string): number | undefined {
    return this.#heap.get(id);
  }

  /** Looks at the clock again: after sleep, or when it may have been set. */
  wake(): void {
    this.#arm();
  }

  #arm(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = null;
    const first = this.#heap.peek();
    if (!this.#isRunning || !first) return;
    const wait = Math.max(0, Math.min(first.at - this.#clock.now(), longestSleepMs));
    this.#cancelTimer = this.#clock.after(wait, () => this.#tick());
  }

  #tick(): void {
    const now = this.#clock.now();
    for (let first = this.#heap.peek(); first && first.at <= now; first = this.#heap.peek()) {
      this.#heap.delete(first.id);
      this.#onDue(first.id);
    }
    this.#arm();
  }
}
