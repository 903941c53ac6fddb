import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';

/** What one client, and all of them together, may take of the service. Times in milliseconds. */
export interface Limits {
  /** Time in which a client must have sent its headers, and its whole request. */
  headersMs: number;
  requestMs: number;
  /** How many connections there may be at once. */
  connections: number;
  bodyBytes: number;
  /** Requests of one address in ten seconds. */
  requests: number;
  /** Wrong tokens of one address in a minute. */
  failures: number;
  /** How long what is being answered may still take when the service stops. */
  drainMs: number;
}

export const defaultLimits: Limits = {
  headersMs: 10_000,
  requestMs: 60_000,
  connections: 1_000,
  bodyBytes: 20 * 1024 * 1024,
  requests: 2_000,
  failures: 20,
  // NotAfter ends within two seconds of being asked to, and has to write by then.
  drainMs: 1_000,
};

/** Counts what each address does, and says for how long it has to wait. */
export class RateLimits {
  readonly #requests: RateLimiterMemory;
  readonly #failures: RateLimiterMemory;

  constructor({ requests, failures }: Limits) {
    this.#requests = new RateLimiterMemory({ points: requests, duration: 10 });
    this.#failures = new RateLimiterMemory({ points: failures, duration: 60 });
  }

  /** @returns seconds after which the address may ask again; 0: now */
  request(address: string): Promise<number> {
    return secondsToWait(this.#requests.consume(address));
  }

  /** Counts a request with a wrong or missing token. @returns as `request` */
  failure(address: string): Promise<number> {
    return secondsToWait(this.#failures.consume(address));
  }
}

async function secondsToWait(consumed: Promise<unknown>): Promise<number> {
  try {
    await consumed;
    return 0;
  } catch (refusal) {
    if (refusal instanceof RateLimiterRes) return Math.max(1, Math.ceil(refusal.msBeforeNext / 1000));
    throw refusal;
  }
}
