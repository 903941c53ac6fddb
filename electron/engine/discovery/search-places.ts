import type { StarttlsProtocol } from '../../../shared/domain/starttls/protocols.ts';
import { guessStarttls } from '../../../shared/domain/target-text.ts';
import { spellingsOf } from './address-spellings.ts';
import type { SearchEndpoint } from './shuffled-pairs.ts';

/** Pairs of an address and a port that are left out: an address, a bar, a port. */
export type LeftOutPairs = ReadonlySet<string>;

/** Whether a pair is left out, under any spelling of its address. */
export function isLeftOut(
  leftOut: LeftOutPairs,
  { address, port }: Omit<SearchEndpoint, 'starttls'>,
): boolean {
  return leftOut.size > 0 && spellingsOf(address).some((one) => leftOut.has(`${one}|${port}`));
}

/** Where a search connects to: each pair once. The plan counts by it, and the run goes by it, so that both agree. */
export class SearchPlaces {
  readonly #ports: readonly number[];
  readonly #addresses: Set<string>;
  readonly #more = new Map<string, SearchEndpoint>();

  /** @param addresses those that are tried on every port */
  constructor(ports: readonly number[], addresses: Iterable<string> = []) {
    this.#ports = ports;
    this.#addresses = new Set(addresses);
  }

  /**
   * Adds an address on every port of the search, or on one port.
   * @param address a name counts as one address before it is looked up
   * @param starttls undefined: what is usual on the port
   */
  add(address: string, port: number | null, starttls?: StarttlsProtocol | null): void {
    if (port === null) {
      this.#addresses.add(address);
      return;
    }
    const protocol = starttls === undefined ? guessStarttls(port) : starttls;
    this.#more.set(`${address}|${port}|${protocol}`, { address, port, starttls: protocol });
  }

  get addresses(): readonly string[] {
    return [...this.#addresses];
  }

  /** The pairs beside those of every address with every port. */
  get more(): readonly SearchEndpoint[] {
    return [...this.#more.values()].filter(
      ({ address, port, starttls }) =>
        !(this.#addresses.has(address) && this.#ports.includes(port) && starttls === guessStarttls(port)),
    );
  }

  /** Returns how many pairs are connected to. */
  count(leftOut: LeftOutPairs): number {
    const more = this.more.filter((one) => !isLeftOut(leftOut, one)).length;
    const all = this.#addresses.size * this.#ports.length;
    if (leftOut.size === 0) return all + more;
    const hosts = new Set([...leftOut].map((pair) => pair.slice(0, pair.lastIndexOf('|'))));
    let left = 0;
    for (const address of this.#addresses) {
      if (!spellingsOf(address).some((one) => hosts.has(one))) continue;
      for (const port of this.#ports) if (isLeftOut(leftOut, { address, port })) left += 1;
    }
    return all - left + more;
  }
}
