/** Characters of a word with its variables in place (httpd.h, MAX_STRING_LEN), and of all words together: a variable may hold others. */
const maxWordLength = 8_192;
const maxExpanded = 16 * 1024 * 1024;
/** Variables of one configuration. */
const maxVariables = 10_000;

/** What was put in place of variables, or why it was not. */
export type Expanded = { ok: true; text: string } | { ok: false; message: string };

/** The variables of `Define`, within bounds. Those that `httpd -D` or the environment sets are not known. */
export class ApacheVariables {
  /** Null: `UnDefine` took it back. */
  readonly #values = new Map<string, string | null>();
  #expanded = 0;

  set(name: string, value: string | null): void {
    if (this.#values.has(name) || this.#values.size < maxVariables) this.#values.set(name, value);
  }

  /**
   * Whether the lines of `<IfDefine NAME>` or `<IfDefine !NAME>` are left out for certain (core.c, start_ifdefine). A name that is not known may be set
   * elsewhere.
   */
  isLeftOut(condition: string): boolean {
    const isNegated = condition.startsWith('!');
    const value = this.#values.get(isNegated ? condition.slice(1) : condition);
    return value !== undefined && (value !== null) === isNegated;
  }

  /** Puts values in place of `${NAME}`; what is not known stays. */
  expand(word: string): Expanded {
    if (!word.includes('${')) return { ok: true, text: word };
    if (word.length > maxWordLength) return tooLong;
    let text = '';
    let at = 0;
    for (const { 0: whole, 1: name = '', index } of word.matchAll(/\$\{([^{}]{1,100})\}/g)) {
      text += word.slice(at, index) + (this.#values.get(name) ?? whole);
      at = index + whole.length;
      if (text.length > maxWordLength) return tooLong;
    }
    text += word.slice(at);
    this.#expanded += text.length;
    if (this.#expanded > maxExpanded)
      return { ok: false, message: 'There are too many variables to put in place.' };
    return text.length > maxWordLength ? tooLong : { ok: true, text };
  }
}

const tooLong: Expanded = {
  ok: false,
  message: `A word is longer than ${maxWordLength.toLocaleString('en')} characters with its variables.`,
};
