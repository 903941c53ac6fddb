import type { StarttlsProtocol } from '../../../shared/domain/starttls/protocols.ts';
import { guessStarttls } from '../../../shared/domain/target-text.ts';

/** One connection to make: an address and a port. */
export interface SearchEndpoint {
  address: string;
  port: number;
  /** Protocol by which the plain connection is upgraded to TLS; null: TLS from the first byte. */
  starttls: StarttlsProtocol | null;
}

/**
 * All pairs of a search, in an order that a seed decides: neighbours in a network are not met one after the other, and a run that
 * goes on after a restart finds the same order.
 */
export class ShuffledPairs {
  readonly length: number;
  readonly #addresses: readonly string[];
  readonly #ports: readonly number[];
  readonly #more: readonly SearchEndpoint[];
  readonly #order: Uint32Array;

  /** @param more pairs beside those of every address with every port */
  constructor(
    addresses: readonly string[],
    ports: readonly number[],
    more: readonly SearchEndpoint[],
    seed: number,
  ) {
    this.#addresses = addresses;
    this.#ports = ports;
    this.#more = more;
    this.length = addresses.length * ports.length + more.length;
    this.#order = shuffle(this.length, seed);
  }

  at(position: number): SearchEndpoint {
    const index = this.#order[position];
    if (index === undefined) throw new RangeError(`There is no pair ${position}.`);
    const { length: width } = this.#ports;
    const extra = this.#more[index - this.#addresses.length * width];
    if (extra) return extra;
    const address = this.#addresses[Math.floor(index / width)];
    const port = this.#ports[index % width];
    if (address === undefined || port === undefined) throw new RangeError(`There is no pair ${position}.`);
    return { address, port, starttls: guessStarttls(port) };
  }
}

/** Fisher-Yates over the numbers below `length`. */
function shuffle(length: number, seed: number): Uint32Array {
  const order = Uint32Array.from({ length }, (_, index) => index);
  const random = mulberry32(seed);
  for (let last = length - 1; last > 0; last -= 1) {
    const other = Math.floor(random() * (last + 1));
    const kept = order[last] ?? 0;
    order[last] = order[other] ?? 0;
    order[other] = kept;
  }
  return order;
}

/** Numbers from 0 to below 1 that a seed decides: Tommy Ettinger's Mulberry32. Nothing secret hangs on them. */
function mulberry32(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
