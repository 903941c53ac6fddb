import { dirname, isAbsolute, join } from 'node:path';
import { count } from '../../../../../shared/text/words.ts';
import { globMatcher, splitGlob } from '../../../probe/files/walk.ts';
import type { NameCollector, NameText } from '../name-source.ts';
import { type Directive, NginxError, parseNginx } from './parse.ts';

/** How `nginx -T` begins each file (ngx_cycle.c). */
const mark = /^# configuration file (\S.*):$/;

/** Opens what a directive includes. */
type Open = (pattern: string, from: NameText, line: number) => Promise<NameText[]>;

/** Directives that all includes of one file lead to: a file that is included again and again has an end. */
const maxExpanded = 200_000;
/** Files in the output of `nginx -T`, files that include one another in it, and levels of them. */
const maxSections = 2_000;
const maxIncluded = 2_000;
const maxDepth = 10;

/** Parses a configuration with everything that it includes in its place, or the output of `nginx -T`. */
export async function readNginx(from: NameText, into: NameCollector): Promise<Directive[]> {
  const sections = readDump(from);
  const [first] = sections;
  if (!first)
    return new Expansion(into, (pattern, text, line) =>
      into.include(pattern, text, line, { isOptional: /[*?[]/.test(pattern) }),
    ).parse(from);
  if (sections.length > maxSections)
    into.note(`Only the first ${maxSections.toLocaleString('en')} files of the output are read.`, from);
  const dump = new Dump(first, sections.slice(0, maxSections), into);
  return new Expansion(into, async (pattern, text, line) => dump.open(pattern, text, line)).parse(first);
}

/** The files in the output of `nginx -T`, which include one another. */
class Dump {
  readonly #first: NameText;
  readonly #sections: readonly NameText[];
  readonly #into: NameCollector;
  #included = 0;

  constructor(first: NameText, sections: readonly NameText[], into: NameCollector) {
    this.#first = first;
    this.#sections = sections;
    this.#into = into;
  }

  open(pattern: string, from: NameText, line: number): NameText[] {
    this.#included += 1;
    if (this.#included > maxIncluded)
      return this.#refuse(`${count(maxIncluded, 'file')} are included already`, from, line);
    const path = isAbsolute(pattern) ? pattern : join(dirname(this.#first.file), pattern);
    const matches = matcher(path);
    const found = this.#sections.filter(({ file }) => matches(file));
    if (found.length > 0 && from.depth >= maxDepth)
      return this.#refuse(`it is included over ${maxDepth} levels`, from, line);
    this.#included += Math.max(found.length - 1, 0);
    return found.map((section) => ({ ...section, depth: from.depth + 1 }));
  }

  #refuse(why: string, from: NameText, line: number): NameText[] {
    this.#into.note(`An include is not followed: ${why}.`, from, line);
    return [];
  }
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
  /** Files by their texts: one that is included again is not parsed again. */
  readonly #parsed = new Map<string, Directive[]>();
  #total = 0;

  constructor(into: NameCollector, open: Open) {
    this.#into = into;
    this.#open = open;
  }

  async parse(from: NameText): Promise<Directive[]> {
    try {
      return await this.#expand(this.#parse(from), from.depth);
    } catch (error) {
      if (!(error instanceof NginxError)) throw error;
      this.#into.note(error.message, from, error.line === 0 ? undefined : error.line);
      this.#parsed.set(from.file, []);
      return [];
    }
  }

  #parse(from: NameText): Directive[] {
    const parsed = this.#parsed.get(from.file) ?? parseNginx(from);
    this.#parsed.set(from.file, parsed);
    return parsed;
  }

  /** @param depth how many includes lead to the file of these directives */
  async #expand(directives: readonly Directive[], depth: number): Promise<Directive[]> {
    const expanded: Directive[] = [];
    for (const directive of directives) {
      this.#total += 1;
      if (this.#total > maxExpanded) {
        const most = maxExpanded.toLocaleString('en');
        this.#into.note(
          `With its includes there are more than ${most} directives: the rest is left out.`,
          directive.from,
        );
        break;
      }
      for (const one of await this.#replace(directive, depth)) expanded.push(one);
    }
    return expanded;
  }

  async #replace(directive: Directive, depth: number): Promise<Directive[]> {
    const { name, args, from, line, block } = directive;
    if (name !== 'include' || args[0] === undefined)
      return [block ? { ...directive, block: await this.#expand(block, depth) } : directive];
    const included: Directive[] = [];
    for (const text of await this.#open(args[0], { ...from, depth }, line))
      for (const one of await this.parse(text)) included.push(one);
    return included;
  }
}
