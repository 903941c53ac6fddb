import type { SearchEndpoint, ShuffledPairs } from './shuffled-pairs.ts';

/** A pair whose turn it is, and its place in the order. */
export interface Turn {
  position: number;
  endpoint: SearchEndpoint;
}

/** How far ahead in the order a host that is not busy is looked for. */
const maxAhead = 4_096;

/** Gives out pairs in their order, but none of a host that has as many as it may: the next that can be taken comes first. */
export class HostTurns {
  readonly #pairs: ShuffledPairs;
  readonly #perHost: number;
  /** Positions that were passed over because their host was busy. */
  readonly #ahead: number[] = [];
  readonly #busy = new Map<string, number>();
  #cursor: number;

  constructor(pairs: ShuffledPairs, perHost: number, from: number) {
    this.#pairs = pairs;
    this.#perHost = perHost;
    this.#cursor = from;
  }

  /** Takes the next pair whose host is not busy; null: there is none now. */
  take(): Turn | null {
    for (const [index, position] of this.#ahead.entries()) {
      const endpoint = this.#pairs.at(position);
      if (!this.#claim(endpoint.address)) continue;
      this.#ahead.splice(index, 1);
      return { position, endpoint };
    }
    while (this.#cursor < this.#pairs.length && this.#ahead.length < maxAhead) {
      const position = this.#cursor;
      this.#cursor += 1;
      const endpoint = this.#pairs.at(position);
      if (this.#claim(endpoint.address)) return { position, endpoint };
      this.#ahead.push(position);
    }
    return null;
  }

  /** Gives the place of a host back. */
  release(address: string): void {
    const now = (this.#busy.get(address) ?? 1) - 1;
    if (now === 0) this.#busy.delete(address);
    else this.#busy.set(address, now);
  }

  #claim(address: string): boolean {
    const now = this.#busy.get(address) ?? 0;
    if (now >= this.#perHost) return false;
    this.#busy.set(address, now + 1);
    return true;
  }
}
