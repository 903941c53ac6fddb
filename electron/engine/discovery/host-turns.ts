import { hostOfAddress } from './address-spellings.ts';
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
  /** Hosts of IPv6 addresses: each is asked for again and again while its host is busy. */
  readonly #hosts = new Map<string, string>();
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
    const host = this.#hostOf(address);
    const now = (this.#busy.get(host) ?? 1) - 1;
    if (now === 0) this.#busy.delete(host);
    else this.#busy.set(host, now);
  }

  #claim(address: string): boolean {
    const host = this.#hostOf(address);
    const now = this.#busy.get(host) ?? 0;
    if (now >= this.#perHost) return false;
    this.#busy.set(host, now + 1);
    return true;
  }

  /** One host has its turn under all of its spellings. */
  #hostOf(address: string): string {
    if (!address.includes(':')) return address;
    const host = this.#hosts.get(address) ?? hostOfAddress(address);
    this.#hosts.set(address, host);
    return host;
  }
}
