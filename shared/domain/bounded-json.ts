/** How large a JSON value may be. */
export interface JsonBounds {
  /** How deep objects and lists may be nested. */
  depth: number;
  /** How many values, keys and elements there may be in all. */
  values: number;
  /** How many UTF-16 units all texts and keys may have together. */
  characters: number;
}

/** Counts values and characters until there are too many. */
class Tally {
  readonly #bounds: JsonBounds;
  #values = 0;
  #characters = 0;

  constructor(bounds: JsonBounds) {
    this.#bounds = bounds;
  }

  /** Returns the objects and lists within one. */
  within(holder: object): object[] {
    if (!Array.isArray(holder)) for (const key of Object.keys(holder)) this.#characters += key.length;
    const inner: object[] = [];
    for (const one of Object.values(holder)) {
      this.#values += 1;
      if (typeof one === 'string') this.#characters += one.length;
      else if (typeof one === 'object' && one !== null) inner.push(one);
    }
    return inner;
  }

  /** Returns which bound is exceeded, as a sentence; null: none. */
  excess(): string | null {
    const { values, characters } = this.#bounds;
    if (this.#values > values) return `It has more than ${values.toLocaleString('en')} values.`;
    return this.#characters > characters
      ? `Its texts have more than ${characters.toLocaleString('en')} characters.`
      : null;
  }
}

/** Returns by what a JSON object or list exceeds its bounds, as a sentence; null: it does not. It stops at the first excess. */
export function excessOf(value: object, bounds: JsonBounds): string | null {
  const tally = new Tally(bounds);
  // By levels: nothing that is nested deeply makes the stack grow.
  let level = [value];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth >= bounds.depth) return `It is nested deeper than ${bounds.depth} levels.`;
    const next: object[] = [];
    for (const holder of level) {
      for (const inner of tally.within(holder)) next.push(inner);
      const excess = tally.excess();
      if (excess !== null) return excess;
    }
    level = next;
  }
  return null;
}
