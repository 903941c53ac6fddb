import { isIP } from 'node:net';
import { wireName } from '../../../../shared/domain/target.ts';
import { count } from '../../../../shared/text/words.ts';
import { printable } from '../../printable.ts';
import { IncludeFolder } from './include-folder.ts';
import type { FoundName, IncludeOptions, NameCollector, NamesRead, NameText } from './name-source.ts';

/** Bounds of what one source gives. */
const maxNames = 20_000;
/** Names that are taken before reading ends: a few lines of names and places can give millions of pairs. */
const maxTaken = 1_000_000;
const maxNotes = 50;
/** Characters of a file's own words in a note. */
const maxWords = 300;

/** A source has so many names that reading it ends; what was found until then counts. */
export class EnoughNames extends Error {
  override name = 'EnoughNames';
}

/** Gathers what a reader finds, each name once, within bounds. */
export class NameCollection implements NameCollector {
  readonly #includes: IncludeFolder;
  readonly #names = new Map<string, FoundName>();
  readonly #notes = new Set<string>();
  #notesLeft = 0;
  #namesLeft = 0;
  #taken = 0;
  #noHosts = 0;
  #firstNoHost = '';

  /** @param folder below which includes may be opened; null: none may */
  constructor(folder: string | null, signal: AbortSignal) {
    this.#includes = new IncludeFolder(folder, signal);
  }

  /** @throws EnoughNames */
  add(found: Parameters<NameCollector['add']>[0], from: NameText): void {
    this.#taken += 1;
    if (this.#taken > maxTaken) {
      this.note(`Reading ends here, after ${maxTaken.toLocaleString('en')} names.`, from, found.line);
      throw new EnoughNames('There are enough names.');
    }
    const { port = null, protocol = null, address = null, line } = found;
    const name = hostName(found.name);
    if (name === null) {
      this.#noHosts += 1;
      this.#firstNoHost ||= `“${printable(found.name, 80)}” (${placeOf(from, line)})`;
      return;
    }
    const usable = port === null || (Number.isInteger(port) && port >= 1 && port <= 65_535);
    if (!usable) {
      this.note(`${port} is not a port.`, from, line);
      return;
    }
    const key = `${name} ${port} ${protocol} ${address}`;
    if (this.#names.has(key)) return;
    if (this.#names.size >= maxNames) this.#namesLeft += 1;
    else this.#names.set(key, { name, port, protocol, address, file: from.file, line });
  }

  note(sentence: string, from: NameText, line?: number): void {
    const text = `${placeOf(from, line)}: ${printable(sentence, maxWords)}`;
    if (this.#notes.has(text)) return;
    if (this.#notes.size >= maxNotes) this.#notesLeft += 1;
    else this.#notes.add(text);
  }

  async include(
    pattern: string,
    from: NameText,
    line: number,
    options: IncludeOptions = {},
  ): Promise<NameText[]> {
    const { texts, notes } = await this.#includes.open(pattern, from.depth + 1, options);
    for (const sentence of notes) this.note(sentence, from, line);
    return texts;
  }

  /** Returns everything that was found. */
  conclude(): NamesRead {
    const notes = [...this.#notes];
    if (this.#noHosts > 0) {
      const cannot = this.#noHosts === 1 ? 'is not a host name' : 'are not host names';
      notes.push(`${count(this.#noHosts, 'name')} left out: ${this.#firstNoHost} ${cannot}.`);
    }
    if (this.#namesLeft > 0)
      notes.push(
        `${count(this.#namesLeft, 'name')} left out: one source gives ${maxNames.toLocaleString('en')} at most.`,
      );
    if (this.#notesLeft > 0) notes.push(`${count(this.#notesLeft, 'more note')} left out.`);
    return { names: [...this.#names.values()], notes };
  }
}

function placeOf({ file }: NameText, line?: number): string {
  const path = printable(file, 1_000);
  return line === undefined ? path : `${path}:${line}`;
}

/** The name as it goes over the wire, an address as it is, a pattern with its `*`; null for what cannot be a host's. */
function hostName(text: string): string | null {
  if (isIP(text) !== 0) return text.toLowerCase();
  const isPattern = text.startsWith('*.');
  const name = wireName(isPattern ? text.slice(2) : text)?.replace(/\.$/, '');
  // A label that begins with an underscore names no host (RFC 8552 §1.1).
  if (!name || isIP(name) !== 0 || /(?:^|\.)_/.test(name) || name.includes('*')) return null;
  return isPattern ? `*.${name}` : name;
}
