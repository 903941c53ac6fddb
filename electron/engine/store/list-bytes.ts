/** What comes before, between and after the entries of a list that is a field of the file. */
const [opening, separator, closing] = ['[\n\t\t', ',\n\t\t', '\n\t]'];

/** Where the entries of a list are in the bytes that were written. */
interface Written {
  entries: readonly unknown[];
  /** Offsets of the first byte of each entry, and of the byte after its last. */
  starts: Uint32Array;
  ends: Uint32Array;
  bytes: Uint8Array;
}

/**
 * The bytes of a list of the file. An entry that was in the write before is never changed in place, so its bytes are copied from there, together
 * with those of its neighbors: an edit of one entry among 10,000 copies two blocks, and makes no text but that of the entry.
 */
export class ListBytes {
  readonly #textOf: (entry: unknown) => string;
  #before: Written | null = null;

  /** @param textOf makes the text of an entry */
  constructor(textOf: (entry: unknown) => string) {
    this.#textOf = textOf;
  }

  /**
   * Returns the bytes of a list in blocks, and a function that takes what the blocks were joined to: the next write copies from it.
   */
  blocks(entries: readonly unknown[]): { blocks: Uint8Array[]; keep: (bytes: Uint8Array) => void } {
    const next = { entries, starts: new Uint32Array(entries.length), ends: new Uint32Array(entries.length) };
    const places = new Map(this.#before?.entries.map((entry, index) => [entry, index]));
    const blocks: Uint8Array[] = [];
    let length = 0;
    const add = (block: Uint8Array) => {
      blocks.push(block);
      length += block.length;
    };
    for (let index = 0; index < entries.length; ) {
      add(Buffer.from(index === 0 ? opening : separator));
      const from = places.get(entries[index]);
      const end =
        from === undefined ? endOfNew(entries, index, places) : this.#endOfRun(entries, index, from);
      add(
        from === undefined
          ? this.#made(next, index, end, length)
          : this.#copied(next, index, end, from, length),
      );
      index = end;
    }
    add(Buffer.from(entries.length === 0 ? '[]' : closing));
    return {
      blocks,
      keep: (bytes) => {
        this.#before = { ...next, entries: [...entries], bytes };
      },
    };
  }

  /** Returns the index after the last entry that follows the one before it as it did in the write before. */
  #endOfRun(entries: readonly unknown[], index: number, from: number): number {
    let end = index + 1;
    while (end < entries.length && this.#before?.entries[from + end - index] === entries[end]) end += 1;
    // Past the end of the list before, undefined is no entry of it.
    return Math.min(end, index + (this.#before?.entries.length ?? 0) - from);
  }

  /** Returns the bytes of entries that were next to each other in the write before, and notes where they are now. */
  #copied(next: Omit<Written, 'bytes'>, index: number, end: number, from: number, at: number): Uint8Array {
    const { starts, ends, bytes } = this.#before ?? { ...next, bytes: new Uint8Array() };
    const start = starts[from] ?? 0;
    for (let step = 0; step < end - index; step += 1) {
      next.starts[index + step] = at - start + (starts[from + step] ?? 0);
      next.ends[index + step] = at - start + (ends[from + step] ?? 0);
    }
    return bytes.subarray(start, ends[from + end - index - 1]);
  }

  /** Returns the bytes of entries that were not in the write before, and notes where they are. */
  #made(next: Omit<Written, 'bytes'>, index: number, end: number, at: number): Uint8Array {
    const texts = next.entries.slice(index, end).map(this.#textOf);
    let start = at;
    for (const [step, text] of texts.entries()) {
      next.starts[index + step] = start;
      start += Buffer.byteLength(text);
      next.ends[index + step] = start;
      start += separator.length;
    }
    return Buffer.from(texts.join(separator));
  }
}

function endOfNew(entries: readonly unknown[], index: number, places: ReadonlyMap<unknown, number>): number {
  let end = index + 1;
  while (end < entries.length && !places.has(entries[end])) end += 1;
  return end;
}
