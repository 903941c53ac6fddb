/** One record or control entry of a zone file. */
export interface ZoneEntry {
  line: number;
  /** Whether it begins with a space: its owner is that of the entry before. */
  isIndented: boolean;
  words: string[];
}

/** Records of one file, and words of one record. */
const maxEntries = 500_000;
const maxWords = 1_000;

/**
 * Splits a master file into its entries (RFC 1035 §5.1): `;` begins a comment, parentheses let an entry go on over lines, quotes hold words
 * together. Escapes (`\.`, `\046`) stay as they are written.
 */
export function zoneEntries(text: string): ZoneEntry[] {
  const reader = new ZoneLines();
  for (const [index, line] of text.split('\n').entries()) {
    reader.readLine(line, index + 1);
    if (reader.entries.length >= maxEntries) break;
  }
  return reader.entries;
}

class ZoneLines {
  readonly entries: ZoneEntry[] = [];
  #depth = 0;
  #word: string | null = null;
  #isQuoted = false;

  readLine(line: string, number: number): void {
    if (this.#depth === 0) this.entries.push({ line: number, isIndented: /^\s/.test(line), words: [] });
    for (let at = 0; at < line.length; at += 1) {
      const character = line[at] ?? '';
      if (character === ';' && !this.#isQuoted) break;
      if (character === '\\') {
        at += 1;
        this.#add(`\\${line[at] ?? ''}`);
      } else this.#take(character);
    }
    this.#isQuoted = false;
    this.#endWord();
    if (this.#depth === 0 && this.entries.at(-1)?.words.length === 0) this.entries.pop();
  }

  #take(character: string): void {
    if (character === '"') {
      this.#isQuoted = !this.#isQuoted;
      this.#add('');
    } else if (this.#isQuoted) this.#add(character);
    else if (character === '(' || character === ')') {
      this.#endWord();
      this.#depth = character === '(' ? this.#depth + 1 : Math.max(0, this.#depth - 1);
    } else if (/\s/.test(character)) this.#endWord();
    else this.#add(character);
  }

  #add(text: string): void {
    this.#word = `${this.#word ?? ''}${text}`;
  }

  #endWord(): void {
    const words = this.entries.at(-1)?.words;
    if (this.#word !== null && words && words.length < maxWords) words.push(this.#word);
    this.#word = null;
  }
}
