/** A line of a Caddyfile by its words; `{` at its end opens a block, `}` alone closes one. */
export interface CaddyLine {
  words: string[];
  line: number;
}

/** Splits a Caddyfile into its lines: quotes and backquotes hold words together, `\` at the end of a line goes on, `#` begins a comment. */
export function caddyLines(text: string): CaddyLine[] {
  const lexer = new CaddyLexer(text);
  while (lexer.step());
  return lexer.lines.filter(({ words }) => words.length > 0);
}

class CaddyLexer {
  readonly lines: CaddyLine[] = [{ words: [], line: 1 }];
  readonly #text: string;
  #at = 0;
  #line = 1;
  #word: string | null = null;
  #quote = '';

  constructor(text: string) {
    this.#text = text;
  }

  /** Takes one character. @returns whether there is more */
  step(): boolean {
    const character = this.#text[this.#at];
    if (character === undefined) {
      this.#endWord();
      return false;
    }
    this.#at += 1;
    if (character === '\n') this.#line += 1;
    if (this.#quote !== '') this.#takeQuoted(character);
    else this.#take(character);
    return true;
  }

  #takeQuoted(character: string): void {
    if (character === this.#quote) {
      this.#quote = '';
      this.#endWord();
    } else if (character === '\\' && this.#quote === '"') {
      this.#add(this.#text[this.#at] ?? '');
      this.#at += 1;
    } else this.#add(character);
  }

  #take(character: string): void {
    if (this.#word === null && (character === '"' || character === '`')) {
      this.#quote = character;
      this.#add('');
    } else if (this.#word === null && character === '#') this.#skipLine();
    else if (character === '\\' && this.#text[this.#at] === '\n') this.#at += 1;
    else if (character === '\n') {
      this.#endWord();
      this.lines.push({ words: [], line: this.#line });
    } else if (/\s/.test(character)) this.#endWord();
    else this.#add(character);
  }

  #skipLine(): void {
    while (this.#at < this.#text.length && this.#text[this.#at] !== '\n') this.#at += 1;
  }

  #add(text: string): void {
    this.#word = `${this.#word ?? ''}${text}`;
  }

  #endWord(): void {
    if (this.#word !== null) this.lines.at(-1)?.words.push(this.#word);
    this.#word = null;
  }
}
