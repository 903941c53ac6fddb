import type { Clock } from '../../electron/engine/clock.ts';

/** A clock that a test moves by hand. Timers fire in order, each at its own time. */
export class ManualClock implements Clock {
  #now: number;
  #passed = 0;
  #timers: { at: number; callback: () => unknown }[] = [];

  constructor(start: string | number = '2026-11-24T10:00:00Z') {
    this.#now = new Date(start).getTime();
  }

  now = (): number => this.#now;

  passed = (): number => this.#passed;

  after(delayMs: number, callback: () => unknown): () => void {
    const timer = { at: this.#passed + Math.max(0, delayMs), callback };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((one) => one !== timer);
    };
  }

  /** How many timers wait. */
  get pending(): number {
    return this.#timers.length;
  }

  /** Time passes; what falls due happens. */
  advance(ms: number): void {
    const end = this.#passed + ms;
    for (;;) {
      const [next] = this.#timers.toSorted((one, other) => one.at - other.at);
      if (!next || next.at > end) break;
      this.#timers = this.#timers.filter((one) => one !== next);
      this.#pass(next.at - this.#passed);
      next.callback();
    }
    this.#pass(end - this.#passed);
  }

  #pass(ms: number): void {
    this.#passed += ms;
    this.#now += ms;
  }

  /** The clock is set, as by a person, or has gone on in sleep: no timer fires by it, and none moves. */
  set(time: string | number): void {
    this.#now = new Date(time).getTime();
  }
}
