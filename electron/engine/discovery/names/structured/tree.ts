import { parse as parseToml } from 'smol-toml';
import { isMap, isScalar, isSeq, LineCounter, parseAllDocuments, type YAMLMap } from 'yaml';

/** A value of YAML, JSON or TOML with its line. */
export type Tree =
  | { kind: 'text'; value: string; line: number }
  | { kind: 'list'; items: Tree[]; line: number }
  | { kind: 'map'; fields: Map<string, Tree>; line: number };

/** Levels of one document, and values of all. */
const maxDepth = 64;
const maxValues = 200_000;

/** The documents of a text, and why it could not be read to its end. */
export interface Trees {
  documents: Tree[];
  /** A sentence with its line; null: all was read. */
  fault: { sentence: string; line: number } | null;
}

/** Reads a stream of YAML, JSON, or TOML, with the lines of its values. Aliases are left out: they repeat what is there. */
export function readTrees(text: string): Trees {
  if (!looksLikeToml(text)) return readYamlTrees(text);
  try {
    return { documents: [new TomlReader(text).read(parseToml(text))], fault: null };
  } catch {
    return readYamlTrees(text); // What TOML's parser refuses may be YAML: that one says what is wrong.
  }
}

/** `[table]` or `key = value` first; JSON's array begins with a bracket, too. */
function looksLikeToml(text: string): boolean {
  const first = text.split('\n').find((line) => line.trim() !== '' && !line.trim().startsWith('#')) ?? '';
  return /^\[{1,2}[\w."' -]{1,200}\]{1,2}/.test(first.trim()) || /^[\w."-]{1,200} ?=/.test(first.trim());
}

function readYamlTrees(text: string): Trees {
  const lineCounter = new LineCounter();
  const lineOf = (offset: number) => lineCounter.linePos(offset).line;
  const documents: Tree[] = [];
  try {
    const parsed = parseAllDocuments(text, { prettyErrors: false, logLevel: 'error', lineCounter });
    const reader = new YamlReader(lineOf);
    for (const document of 'empty' in parsed ? [] : parsed) {
      const [error] = document.errors;
      if (error)
        return {
          documents,
          fault: {
            sentence: 'From here on, the text is not valid YAML, JSON or TOML.',
            line: lineOf(error.pos[0]),
          },
        };
      const tree = reader.read(document.contents, 0);
      if (tree) documents.push(tree);
    }
    return { documents, fault: null };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return { documents, fault: { sentence: 'The text is nested too deeply.', line: 1 } };
  }
}

class YamlReader {
  readonly #lineOf: (offset: number) => number;
  #values = 0;

  constructor(lineOf: (offset: number) => number) {
    this.#lineOf = lineOf;
  }

  read(node: unknown, depth: number): Tree | null {
    this.#values += 1;
    if (this.#values > maxValues || depth > maxDepth) return null;
    if (isScalar(node)) {
      const line = this.#lineOf(node.range?.[0] ?? 0);
      return node.value === null ? null : { kind: 'text', value: String(node.value), line };
    }
    if (isSeq(node)) {
      const items = node.items.flatMap((item) => this.read(item, depth + 1) ?? []);
      return { kind: 'list', items, line: this.#lineOf(node.range?.[0] ?? 0) };
    }
    return isMap(node) ? this.#readMap(node, depth) : null;
  }

  #readMap({ items, range }: YAMLMap, depth: number): Tree {
    const fields = new Map<string, Tree>();
    for (const { key, value } of items) {
      const read = isScalar(key) ? this.read(value, depth + 1) : null;
      if (read && isScalar(key)) fields.set(String(key.value), read);
    }
    return { kind: 'map', fields, line: this.#lineOf(range?.[0] ?? 0) };
  }
}

/** TOML's parser tells no lines: those of texts are found by the texts themselves, in their order as far as they have one. */
class TomlReader {
  readonly #text: string;
  #values = 0;

  constructor(text: string) {
    this.#text = text;
  }

  read(value: unknown, depth = 0): Tree {
    this.#values += 1;
    if (this.#values > maxValues || depth > maxDepth) return { kind: 'list', items: [], line: 1 };
    if (Array.isArray(value))
      return { kind: 'list', items: value.map((one) => this.read(one, depth + 1)), line: 1 };
    if (typeof value !== 'object' || value === null || value instanceof Date) {
      const text = String(value);
      return { kind: 'text', value: text, line: this.#lineOf(text) };
    }
    const fields = new Map(Object.entries(value).map(([key, one]) => [key, this.read(one, depth + 1)]));
    return { kind: 'map', fields, line: 1 };
  }

  #lineOf(text: string): number {
    // What is short is everywhere, and looking for each through a large text takes its square.
    const at = text.length < 4 || this.#values > 2_000 ? -1 : this.#text.indexOf(text);
    return at === -1 ? 1 : this.#text.slice(0, at).split('\n').length;
  }
}
