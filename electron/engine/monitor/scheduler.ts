import type { Clock } from '../clock.ts';
import { DueHeap } from './due-heap.ts';

/**
 * The longest sleep of the timer. setTimeout fires at once above 24.8 days, and a clock that was set or a machine
 * that slept is noticed at the latest after this.
 */
const maxSleepMs = 60_000;

/** What fell due is handed out in portions, so that 10,000 at once do not hold up the event loop. */
const maxInOneTurn = 100;

/** What failed when it was due is due again after so long. */
const faultPauseMs = 60_000;

/** By so much may the wall clock and the time that passed differ before the clock counts as set, or the time as slept. */
const driftMs = 5_000;

export interface SchedulerListener {
  /** Called once for each due time, which may have passed long ago; the job is off the schedule until `set` again. */
  onDue(id: string, dueAt: number): void;
  /** The clock went ahead of the time that passed: this machine slept, or the clock was set forward. */
  onJump?(): void;
  /** The clock was set back. */
  onSetBack?(): void;
  /** The timer fired: once a minute at the least, whatever is due. */
  onTick?(): void;
}

/** Knows when each job is due and says so, with one timer for the earliest. */
export class Scheduler {
  readonly #clock: Clock;
  readonly #listener: SchedulerListener;
  readonly #heap = new DueHeap();
  #cancelTimer: (() => void) | null = null;
  #isRunning = false;
  #seen: { wall: number; passed: number } | null = null;

  constructor(clock: Clock, listener: SchedulerListener) {
    this.#clock = clock;
    this.#listener = listener;
  }

  /** Due times before now count as due now. */
  start(): void {
    this.#isRunning = true;
    this.#seen = this.#look();
    this.#arm();
  }

  stop(): void {
    this.#isRunning = false;
    this.#cancelTimer?.();
    this.#cancelTimer = null;
  }

  /** The earliest due time; undefined where there is none. */
  get earliest(): number | undefined {
    return this.#heap.peek()?.at;
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

  /** Everything that is due some time, in no order. */
  ids(): string[] {
    return this.#heap.ids();
  }

  /** Looks at the clock again: after sleep, or when it may have been set. */
  wake(): void {
    if (!this.#isRunning) return;
    this.#watchClock();
    this.#arm();
  }

  #arm(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = null;
    if (!this.#isRunning) return;
    // Armed with nothing due too: the clock is watched all the same.
    const first = this.#heap.peek()?.at ?? Number.POSITIVE_INFINITY;
    const wait = Math.max(0, Math.min(first - this.#clock.now(), maxSleepMs));
    this.#cancelTimer = this.#clock.after(wait, () => this.#tick());
  }

  #tick(): void {
    this.#watchClock();
    const now = this.#clock.now();
    const faults: unknown[] = [];
    for (let turn = 0; turn < maxInOneTurn; turn += 1) {
      const first = this.#heap.peek();
      if (!first || first.at > now) break;
      const { id, at } = first;
      this.#heap.delete(id);
      try {
        this.#listener.onDue(id, at);
      } catch (error) {
        faults.push(error);
        if (this.#heap.get(id) === undefined) this.#heap.set(id, now + faultPauseMs); // It stays on the schedule, whatever failed.
      }
    }
    this.#arm();
    this.#listener.onTick?.();
    if (faults.length > 0) throw new AggregateError(faults, `${faults.length} due jobs failed.`);
  }

  #watchClock(): void {
    const now = this.#look();
    const before = this.#seen ?? now;
    this.#seen = now;
    const drift = now.wall - before.wall - (now.passed - before.passed);
    if (drift > driftMs) this.#listener.onJump?.();
    if (drift < -driftMs) this.#listener.onSetBack?.();
  }

  #look() {
    return { wall: this.#clock.now(), passed: this.#clock.passed() };
  }
}
