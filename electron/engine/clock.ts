/** Time, given to whatever needs it, so that a test can own it. */
export interface Clock {
  /** Milliseconds since the epoch, by a clock that people and time servers set. */
  now(): number;
  /** Milliseconds that passed since some beginning, whatever the clock was set to. Sleep may count or not. */
  passed(): number;
  /** Calls back once after the delay; the answer takes it back. */
  after(delayMs: number, callback: () => unknown): () => void;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  passed: () => performance.now(),
  after(delayMs, callback) {
    const timer = setTimeout(callback, delayMs);
    return () => clearTimeout(timer);
  },
};
