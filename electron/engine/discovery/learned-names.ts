/** The most names that are remembered of one address, and of a whole search: certificates may hold thousands. */
const maxOfAddress = 200;
const maxOfSearch = 100_000;

/** Names that certificates taught, each kept with the one address that showed it: it is asked for there and nowhere else. */
export class LearnedNames {
  readonly #byAddress = new Map<string, Set<string>>();
  #count = 0;

  learn(address: string, names: readonly string[]): void {
    const known = this.#byAddress.get(address) ?? new Set<string>();
    for (const name of names) {
      if (known.size >= maxOfAddress || this.#count >= maxOfSearch) break;
      if (known.has(name)) continue;
      known.add(name);
      this.#count += 1;
    }
    if (known.size > 0) this.#byAddress.set(address, known);
  }

  /** In the order in which they were learned. */
  of(address: string): readonly string[] {
    return [...(this.#byAddress.get(address) ?? [])];
  }
}
