/** Entries of the configuration by their ids, the oldest first. A change is answered once it is on disk. */
export class EntryList<Entry extends { id: string }> {
  readonly #write: () => Promise<void>;
  readonly #check: (entry: Entry) => Entry;
  #entries: Map<string, Entry>;
  #saved: readonly Entry[];

  /**
   * @param check returns what is to be stored @throws for what could not be read again
   * @param write writes the configuration @throws StoreWriteError
   */
  constructor(entries: readonly Entry[], check: (entry: Entry) => Entry, write: () => Promise<void>) {
    this.#entries = new Map(entries.map((entry) => [entry.id, entry]));
    this.#saved = entries;
    this.#check = check;
    this.#write = write;
  }

  get size(): number {
    return this.#entries.size;
  }

  all(): Entry[] {
    return [...this.#entries.values()];
  }

  get(id: string): Entry | undefined {
    return this.#entries.get(id);
  }

  /** Adds an entry, or puts it in the place of the one with its id. */
  async set(entry: Entry): Promise<void> {
    this.put([entry]);
    await this.#write();
  }

  /** As `set`, for what is to be written together with other things: none of them where one is refused. */
  put(entries: readonly Entry[]): void {
    const checked = entries.map((entry) => this.#check(entry));
    for (const entry of checked) this.#entries.set(entry.id, entry);
  }

  async remove(id: string): Promise<void> {
    this.#entries.delete(id);
    await this.#write();
  }

  /** Notes what is on disk. */
  keep(written: readonly Entry[]): void {
    this.#saved = written;
  }

  /** Goes back to what is on disk. */
  restore(): void {
    this.#entries = new Map(this.#saved.map((entry) => [entry.id, entry]));
  }
}
