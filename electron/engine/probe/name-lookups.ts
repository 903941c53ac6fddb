import { lookup } from 'node:dns/promises';
import type { LookupFunction } from 'node:net';

export interface Address {
  address: string;
  family: 4 | 6;
}

type Look = (name: string) => Promise<Address[]>;

/** One look-up of a name, and how many wait for it. */
interface Lookup {
  readonly name: string;
  readonly settled: PromiseWithResolvers<Address[]>;
  waiters: number;
}

/**
 * Looks names up, each once at a time for all callers. A look-up that runs cannot be called off (getaddrinfo blocks a thread of libuv's
 * pool until the name server answers or the resolver gives up), so no more run than have a thread; the others wait here, where they go as soon as
 * their callers have given up. A silent name server would else be asked for everything that was ever given up.
 */
export class NameLookups {
  readonly #look: Look;
  readonly #maxRunning: number;
  readonly #running = new Map<string, Lookup>();
  readonly #waiting = new Map<string, Lookup>();

  constructor(look: Look, maxRunning: number) {
    this.#look = look;
    this.#maxRunning = maxRunning;
  }

  /** How many look-ups run: the process cannot end by itself before they do. */
  get running(): number {
    return this.#running.size;
  }

  /** @throws what the look-up throws; the signal's reason where it aborts, also while the look-up runs on */
  async find(name: string, signal?: AbortSignal): Promise<Address[]> {
    signal?.throwIfAborted();
    const found = this.#join(name);
    found.waiters += 1;
    const { promise: aborted, reject } = Promise.withResolvers<never>();
    const onAbort = () => reject(signal?.reason);
    signal?.addEventListener('abort', onAbort, { once: true });
    try {
      return await Promise.race([found.settled.promise, aborted]);
    } finally {
      signal?.removeEventListener('abort', onAbort);
      found.waiters -= 1;
      if (found.waiters === 0) this.#waiting.delete(name);
    }
  }

  #join(name: string): Lookup {
    const known = this.#running.get(name) ?? this.#waiting.get(name);
    if (known) return known;
    const added: Lookup = { name, settled: Promise.withResolvers(), waiters: 0 };
    added.settled.promise.catch(() => undefined); // Callers get the reason; there may be none left.
    this.#waiting.set(name, added);
    queueMicrotask(() => this.#next());
    return added;
  }

  #next(): void {
    for (const one of this.#waiting.values()) {
      if (this.#running.size >= this.#maxRunning) return;
      this.#waiting.delete(one.name);
      this.#running.set(one.name, one);
      void this.#run(one);
    }
  }

  async #run(one: Lookup): Promise<void> {
    try {
      one.settled.resolve(await this.#look(one.name));
    } catch (error) {
      one.settled.reject(error);
    } finally {
      this.#running.delete(one.name);
      this.#next();
    }
  }
}

const poolSize = Number(process.env['UV_THREADPOOL_SIZE']) || 4;

/**
 * The operating system's resolver, by which the whole process looks names up: hosts file, mDNS and VPN rules count as they do for
 * every other program. libuv gives slow work half of its threads (src/threadpool.c, slow_work_thread_threshold).
 */
export const systemLookups = new NameLookups(
  async (name) =>
    (await lookup(name, { all: true })).map(({ address, family }) => ({
      address,
      family: family === 6 ? 6 : 4,
    })),
  Math.ceil(poolSize / 2),
);

/** The same for what connects by itself: `lookup` of node:net and node:http. */
export const sharedLookup: LookupFunction = (name, { all, family }, callback) => {
  const wanted = { 4: 4, IPv4: 4, 6: 6, IPv6: 6, 0: null }[family ?? 0] ?? null;
  systemLookups.find(name).then(
    (found) => {
      const usable = found.filter((one) => wanted === null || one.family === wanted);
      const [first] = usable;
      if (!first) callback(Object.assign(new Error(`No address of ${name}.`), { code: 'ENOTFOUND' }), []);
      else if (all) callback(null, usable);
      else callback(null, first.address, first.family);
    },
    (error: NodeJS.ErrnoException) => callback(error, []),
  );
};
