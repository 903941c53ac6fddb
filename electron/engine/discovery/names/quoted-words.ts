/** How the words of a line are written. */
interface WordRules {
  /** Whether `\` takes the next character as it is. */
  escapes?: boolean;
  /** Whether `#` ends the line. */
  comments?: boolean;
}

/** Splits a line at spaces; single and double quotes hold some together. */
export function quotedWords(line: string, { escapes = false, comments = false }: WordRules = {}): string[] {
  const words = new Words();
  for (let at = 0; at < line.length; at += 1) {
    const character = line[at] ?? '';
    if (comments && character === '#' && !words.isQuoted) break;
    if (escapes && character === '\\') {
      at += 1;
      words.add(line[at] ?? '');
    } else words.take(character);
  }
  return words.end();
}

class Words {
  readonly #words: string[] = [];
  #word: string | null = null;
  #quote = '';

  get isQuoted(): boolean {
    return this.#quote !== '';
  }

  add(text: string): void {
    this.#word = `${this.#word ?? ''}${text}`;
  }

  take(character: string): void {
    const isQuote = character === '"' || character === "'";
    if (this.isQuoted && character === this.#quote) this.#quote = '';
    else if (this.isQuoted) this.add(character);
    else if (isQuote) {
      this.#quote = character;
      this.add('');
    } else if (/\s/.test(character)) this.end();
    else this.add(character);
  }

  end(): string[] {
    if (this.#word !== null) this.#words.push(this.#word);
    this.#word = null;
    return this.#words;
  }
}
