import type { CaddyLine } from './tokens.ts';

/** Blocks within blocks. */
const maxDepth = 64;

/** What lies at the top of a Caddyfile: its head, and the lines of its block. */
export interface CaddyBlock {
  head: string[];
  line: number;
  body: CaddyLine[];
}

/**
 * Returns the blocks at the top of a Caddyfile. One that has no braces around its site has one site, which its first line names.
 * @returns null where braces do not fit, or are nested too deeply
 */
export function caddyBlocks(lines: readonly CaddyLine[]): CaddyBlock[] | null {
  const reader = new BlockReader();
  for (const [index, line] of lines.entries()) {
    if (reader.isBareSite(line)) return [...reader.blocks, bareSite(line, lines.slice(index + 1))];
    if (!reader.take(line)) return null;
  }
  return reader.depth === 0 ? reader.blocks : null;
}

function bareSite({ words, line }: CaddyLine, body: CaddyLine[]): CaddyBlock {
  return { head: words, line, body };
}

class BlockReader {
  readonly blocks: CaddyBlock[] = [];
  depth = 0;
  #head: string[] = [];

  /** Whether a line names a site without braces: the only one of its file, behind the global options at most. */
  isBareSite({ words }: CaddyLine): boolean {
    const last = words.at(-1) ?? '';
    const isOther = last === '{' || last.endsWith(',') || words[0] === 'import' || words[0] === '}';
    return this.depth === 0 && !isOther && this.blocks.every(({ head }) => head.length === 0);
  }

  /** @returns whether the braces fit up to here */
  take({ words, line }: CaddyLine): boolean {
    const opens = words.at(-1) === '{';
    const closes = words.length === 1 && words[0] === '}';
    if (this.depth > 0 && !(closes && this.depth === 1)) this.blocks.at(-1)?.body.push({ words, line });
    if (this.depth === 0 && !closes) this.#takeTop(words, line, opens);
    this.depth += Number(opens) - Number(closes);
    return this.depth >= 0 && this.depth <= maxDepth;
  }

  /** Addresses go on over lines while they end in a comma. */
  #takeTop(words: readonly string[], line: number, opens: boolean): void {
    if (words[0] === 'import') this.blocks.push({ head: [...words], line, body: [] });
    else if (opens) {
      this.blocks.push({ head: [...this.#head, ...words.slice(0, -1)], line, body: [] });
      this.#head = [];
    } else this.#head.push(...words);
  }
}
