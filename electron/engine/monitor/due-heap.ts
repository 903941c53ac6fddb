interface Entry {
  id: string;
  at: number;
}

/** Ids by the time at which they are due: a binary heap, every operation in log n. */
export class DueHeap {
  readonly #entries: Entry[] = [];
  readonly #places = new Map<string, number>();

  get size(): number {
    return this.#entries.length;
  }

  /** The earliest, without taking it out. */
  peek(): Readonly<Entry> | undefined {
    return this.#entries[0];
  }

  ids(): string[] {
    return [...this.#places.keys()];
  }

  get(id: string): number | undefined {
    const place = this.#places.get(id);
    return place === undefined ? undefined : this.#entries[place]?.at;
  }

  set(id: string, at: number): void {
    const place = this.#places.get(id);
    if (place === undefined) {
      this.#put(this.#entries.length, { id, at });
      this.#rise(this.#entries.length - 1);
      return;
    }
    const entry = this.#entries[place];
    if (!entry) return;
    entry.at = at;
    this.#rise(place);
    this.#sink(this.#places.get(id) ?? place);
  }

  delete(id: string): boolean {
    const place = this.#places.get(id);
    if (place === undefined) return false;
    this.#places.delete(id);
    const last = this.#entries.pop();
    if (last && last.id !== id) {
      this.#put(place, last);
      this.#rise(place);
      this.#sink(this.#places.get(last.id) ?? place);
    }
    return true;
  }

  #put(place: number, entry: Entry): void {
    this.#entries[place] = entry;
    this.#places.set(entry.id, place);
  }

  #swap(one: number, other: number): void {
    const [first, second] = [this.#entries[one], this.#entries[other]];
    if (!first || !second) return;
    this.#put(one, second);
    this.#put(other, first);
  }

  #at(place: number): number {
    return this.#entries[place]?.at ?? Number.POSITIVE_INFINITY;
  }

  #rise(from: number): void {
    for (let place = from; place > 0; ) {
      const parent = (place - 1) >> 1;
      if (this.#at(parent) <= this.#at(place)) return;
      this.#swap(place, parent);
      place = parent;
    }
  }

  #sink(from: number): void {
    for (let place = from; ; ) {
      const left = 2 * place + 1;
      const child = this.#at(left + 1) < this.#at(left) ? left + 1 : left;
      if (this.#at(child) >= this.#at(place)) return;
      this.#swap(place, child);
      place = child;
    }
  }
}
