import { setTimeout as sleep } from 'node:timers/promises';

/** Waits, and knows the time: from outside, so that tests own both. Milliseconds. */
export interface PaceClock {
  now(): number;
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

const systemClock: PaceClock = {
  now: () => performance.now(),
  sleep: (ms, signal) => sleep(ms, undefined, { signal }),
};

/** How much of a delay is made up for, in milliseconds: what timers of Node are late by. */
const slackMs = 5;

/**
 * Lets connections go one after another, so many a second, evenly spaced: in no second more than that number and one. Of what was late
 * a few milliseconds are made up for, so that coarse timers cost little and a stalled process does not end in a burst.
 */
export class ConnectionPace {
  readonly #gapMs: number;
  readonly #clock: PaceClock;
  #last: number | null = null;
  #turn: Promise<void> = Promise.resolve();

  constructor(perSecond: number, clock: PaceClock = systemClock) {
    this.#gapMs = 1000 / perSecond;
    this.#clock = clock;
  }

  /** Waits for its turn. @throws the signal's reason where it aborts before */
  async next(signal: AbortSignal): Promise<void> {
    const before = this.#turn;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#turn = promise;
    try {
      await before;
      signal.throwIfAborted();
      if (this.#last !== null) await this.#waitUntil(this.#last + this.#gapMs, signal);
      const now = this.#clock.now();
      this.#last = this.#last === null ? now : Math.max(this.#last + this.#gapMs, now - slackMs);
    } finally {
      resolve();
    }
  }

  async #waitUntil(at: number, signal: AbortSignal): Promise<void> {
    for (let left = at - this.#clock.now(); left > 0; left = at - this.#clock.now()) {
      await this.#clock.sleep(Math.ceil(left), signal).catch(() => undefined); // Which it does for the signal alone.
      signal.throwIfAborted();
    }
  }
}
