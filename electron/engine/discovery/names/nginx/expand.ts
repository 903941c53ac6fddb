import { dirname, isAbsolute, join } from 'node:path';
import { globMatcher, splitGlob } from '../../../probe/files/walk.ts';
import type { NameCollector, NameText } from '../name-source.ts';
import { type Directive, NginxError, parseNginx } from './parse.ts';

/** How `nginx -T` begins each file (ngx_cycle.c). */
const mark = /^# configuration file (\S.*):$/;

/** Opens what a directive includes. */
type Open = (pattern: string, from: NameText, line: number) => Promise<NameText[]>;

/** Directives that all includes of one file lead to: a file that is included again and again has an end. */
const maxExpanded = 200_000;

/** Parses a configuration with everything that it includes in its place, or the output of `nginx -T`. */
export async function readNginx(from: NameText, into: NameCollector): Promise<Directive[]> {
  const sections = readDump(from);
  const [first] = sections;
  if (!first)
    return new Expansion(into, (pattern, text, line) =>
      into.include(pattern, text, line, { isOptional: /[*?[]/.test(pattern) }),
    ).parse(from);
  const open: Open = async (pattern, text) => {
    const path = isAbsolute(pattern) ? pattern : join(dirname(first.file), pattern);
    const matches = matcher(path);
    return sections
      .filter(({ file }) => matches(file) && text.depth < 10)
      .map((section) => ({ ...section, depth: text.depth + 1 }));
  };
  return new Expansion(into, open).parse(first);
}

function matcher(path: string): (file: string) => boolean {
  const glob = splitGlob(path);
  if (!glob) return (file) => file === path;
  const matches = globMatcher(glob.pattern);
  return (file) => file.startsWith(`${glob.root}/`) && matches(file.slice(glob.root.length + 1));
}

/** The files of `nginx -T` by their marks; none where the text has no mark. */
function readDump({ text, depth }: NameText): NameText[] {
  const sections: NameText[] = [];
  let lines: string[] = [];
  for (const line of text.split('\n')) {
    const file = mark.exec(line)?.[1];
    if (file === undefined) {
      lines.push(line);
      continue;
    }
    finish(sections, lines);
    lines = [];
    sections.push({ file, text: '', depth });
  }
  finish(sections, lines);
  return sections;
}

/** What stands before the first mark is what nginx says of its test. */
function finish(sections: NameText[], lines: readonly string[]): void {
  const last = sections.at(-1);
  if (last) last.text = lines.join('\n');
}

class Expansion {
  readonly #into: NameCollector;
  readonly #open: Open;
  #total = 0;

  constructor(into: NameCollector, open: Open) {
    this.#into = into;
    this.#open = open;
  }

  async parse(from: NameText): Promise<Directive[]> {
    try {
      return await this.#expand(parseNginx(from));
    } catch (error) {
      if (!(error instanceof NginxError)) throw error;
      this.#into.note(error.message, from, error.line === 0 ? undefined : error.line);
      return [];
    }
  }

  async #expand(directives: readonly Directive[]): Promise<Directive[]> {
    const expanded: Directive[] = [];
    for (const directive of directives) {
      this.#total += 1;
      if (this.#total > maxExpanded) break;
      const { name, args, from, line, block } = directive;
      if (name === 'include' && args[0] !== undefined) {
        for (const text of await this.#open(args[0], from, line)) expanded.push(...(await this.parse(text)));
      } else {
        expanded.push(block ? { ...directive, block: await this.#expand(block) } : directive);
      }
    }
    return expanded;
  }
}
