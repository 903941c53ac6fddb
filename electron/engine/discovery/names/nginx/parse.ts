import type { NameText } from '../name-source.ts';

/** A directive of nginx with its parameters, and what is in its braces. */
export interface Directive {
  name: string;
  args: string[];
  from: NameText;
  line: number;
  block: Directive[] | null;
}

/** Blocks within blocks, and directives of one file. */
const maxDepth = 64;
const maxDirectives = 200_000;

type Token = { kind: 'word' | ';' | '{' | '}'; text: string; line: number };

/** What could not be parsed, with its line. */
export class NginxError extends Error {
  override name = 'NginxError';
  readonly line: number;
  constructor(message: string, line: number) {
    super(message);
    this.line = line;
  }
}

/**
 * Parses a configuration of nginx into its directives, as ngx_conf_file.c reads it: words, quoted ones too, up to `;` or a block.
 * @throws NginxError
 */
export function parseNginx(from: NameText): Directive[] {
  const parser = new Parser(from);
  for (const token of new Lexer(from.text).tokens()) parser.take(token);
  return parser.end();
}

class Parser {
  readonly #from: NameText;
  readonly #top: Directive[] = [];
  readonly #open: Directive[][] = [this.#top];
  #words: Token[] = [];
  #total = 0;

  constructor(from: NameText) {
    this.#from = from;
  }

  take(token: Token): void {
    if (token.kind === 'word') {
      this.#words.push(token);
      return;
    }
    const [first, ...rest] = this.#words;
    this.#words = [];
    if (token.kind === '}') this.#close(token, first);
    else if (first) this.#add(first, rest, token.kind === '{');
  }

  end(): Directive[] {
    if (this.#open.length > 1 || this.#words.length > 0) throw new NginxError('The file is truncated.', 0);
    return this.#top;
  }

  #close({ line }: Token, unended: Token | undefined): void {
    if (unended) throw new NginxError(`“${unended.text}” is not terminated.`, unended.line);
    if (this.#open.length === 1) throw new NginxError('A block ends that was not opened.', line);
    this.#open.pop();
  }

  #add({ text: name, line }: Token, rest: readonly Token[], isBlock: boolean): void {
    this.#total += 1;
    if (this.#total > maxDirectives || this.#open.length > maxDepth)
      throw new NginxError('The configuration is too large.', line);
    const block: Directive[] | null = isBlock ? [] : null;
    this.#open.at(-1)?.push({ name, args: rest.map(({ text }) => text), from: this.#from, line, block });
    if (block) this.#open.push(block);
  }
}

class Lexer {
  readonly #text: string;
  #at = 0;
  #line = 1;
  /** The first word of a directive: what a block of Lua holds is not nginx's. */
  #first = '';

  constructor(text: string) {
    this.#text = text;
  }

  *tokens(): Generator<Token> {
    for (;;) {
      this.#skipSpace();
      const character = this.#text[this.#at];
      if (character === undefined) return;
      const line = this.#line;
      if (character === ';' || character === '{' || character === '}') {
        this.#at += 1;
        yield { kind: this.#ends(character), text: character, line };
        continue;
      }
      const text = character === '"' || character === "'" ? this.#quoted(character) : this.#word();
      this.#first ||= text;
      yield { kind: 'word', text, line };
    }
  }

  /** A block of Lua ends its directive as `;` does. */
  #ends(character: ';' | '{' | '}'): ';' | '{' | '}' {
    const isLua = character === '{' && this.#first.endsWith('_by_lua_block');
    if (isLua) this.#skipLua();
    this.#first = '';
    return isLua ? ';' : character;
  }

  #next(): string {
    const character = this.#text[this.#at] ?? '';
    if (character === '\n') this.#line += 1;
    this.#at += 1;
    return character;
  }

  #skipSpace(): void {
    for (;;) {
      const character = this.#text[this.#at];
      if (character === '#') this.#skipLine();
      else if (character !== undefined && /\s/.test(character)) this.#next();
      else return;
    }
  }

  #skipLine(): void {
    while (this.#at < this.#text.length && this.#text[this.#at] !== '\n') this.#at += 1;
  }

  #quoted(quote: string): string {
    const line = this.#line;
    this.#next();
    let word = '';
    for (;;) {
      if (this.#at >= this.#text.length) throw new NginxError('A quoted string does not end.', line);
      const character = this.#next();
      if (character === quote) return word;
      word += character === '\\' ? this.#next() : character;
    }
  }

  /** `${name}` is part of a word, `{` begins a block. */
  #word(): string {
    let word = '';
    for (;;) {
      const character = this.#text[this.#at];
      if (character === undefined || /\s/.test(character) || character === ';') return word;
      if (character === '{' && !word.endsWith('$')) return word;
      if (character === '{') {
        while (this.#at < this.#text.length && this.#text[this.#at] !== '}') word += this.#next();
        word += this.#next();
        continue;
      }
      word += this.#next();
      if (character === '\\') word += this.#next();
    }
  }

  /** Braces of Lua are balanced but for those in strings and comments. */
  #skipLua(): void {
    for (let depth = 1; depth > 0 && this.#at < this.#text.length; ) {
      const character = this.#next();
      if (character === '{') depth += 1;
      else if (character === '}') depth -= 1;
      else if (character === '"' || character === "'") this.#skipLuaString(character);
      else if (character === '-' && this.#text[this.#at] === '-') this.#skipLine();
    }
  }

  #skipLuaString(quote: string): void {
    while (this.#at < this.#text.length && this.#text[this.#at] !== '\n') {
      const character = this.#next();
      if (character === quote) return;
      if (character === '\\') this.#next();
    }
  }
}
