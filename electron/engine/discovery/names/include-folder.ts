import { realpath, stat } from 'node:fs/promises';
import { dirname, isAbsolute, join, resolve, sep } from 'node:path';
import { count } from '../../../../shared/text/words.ts';
import { readText } from '../../probe/files/forms/text.ts';
import { InputFileError, loadInputFile } from '../../probe/files/input-file.ts';
import { globMatcher, splitGlob, walkFolder } from '../../probe/files/walk.ts';
import type { IncludeOptions, NameText } from './name-source.ts';

/** Bounds of everything that one file includes. */
const maxFiles = 200;
const maxDepth = 10;
const maxBytes = 10 * 1024 * 1024;

/** What an include gave. */
interface Opened {
  texts: NameText[];
  /** Why files were not opened, as sentences. */
  notes: string[];
}

/**
 * Opens the files that a configuration includes: regular files below one folder, wherever their links lead, and never more than the
 * bounds allow. A configuration from elsewhere cannot make NotAfter read other files.
 */
export class IncludeFolder {
  readonly #folder: string | null;
  readonly #signal: AbortSignal;
  #realFolder: string | null = null;
  #files = 0;
  #bytes = 0;

  constructor(folder: string | null, signal: AbortSignal) {
    this.#folder = folder === null ? null : resolve(folder);
    this.#signal = signal;
  }

  /** Opens the files that a path or a glob names. @param depth how many includes lead to them */
  async open(pattern: string, depth: number, options: IncludeOptions): Promise<Opened> {
    const { base = '', isOptional = false, takesFolders = false } = options;
    if (this.#folder === null)
      return nothing(`${pattern} is not opened: the text was not read from a folder.`);
    if (depth > maxDepth) return nothing(`${pattern} is not opened: it is included over ${maxDepth} levels.`);
    if (/[\0\r\n]/.test(pattern)) return nothing('The path of an include has control characters.');
    const path = isAbsolute(pattern) ? pattern : join(resolve(this.#folder, base), pattern);
    const found = await this.#find(path, takesFolders);
    if (found === 'outside') return nothing(`${pattern} is not opened: it is outside ${this.#folder}.`);
    if (found.length === 0) return isOptional ? nothing() : nothing(`No file matches ${pattern}.`);
    const opened: Opened = nothing();
    for (const file of found) await this.#add(file, depth, opened);
    return opened;
  }

  async #find(path: string, takesFolders: boolean): Promise<string[] | 'outside'> {
    const glob = splitGlob(path);
    const start = resolve(glob?.root ?? path);
    if (!isBelow(start, this.#folder ?? '')) {
      // A path through another name of the folder is judged by where it leads.
      const real = await realpath(start).catch(() => start);
      if (!isBelow(real, await this.#real())) return 'outside';
    }
    if (glob) return this.#walk(glob.root, glob.pattern);
    const stats = await stat(path).catch(() => null); // What is not there is no file.
    if (stats?.isDirectory()) return takesFolders ? this.#walk(path, '*') : [];
    return stats ? [path] : [];
  }

  async #walk(root: string, pattern: string): Promise<string[]> {
    const depth = pattern.includes('**') ? maxDepth : pattern.split('/').length - 1;
    const { stamps } = await walkFolder(root, { exclude: [], depth, matches: globMatcher(pattern) });
    return [...stamps.files.keys()].sort();
  }

  async #add(file: string, depth: number, opened: Opened): Promise<void> {
    this.#signal.throwIfAborted();
    this.#files += 1;
    if (this.#files > maxFiles) {
      opened.notes.push(`${file} is not opened: ${count(maxFiles, 'file')} are included already.`);
      return;
    }
    if (!isBelow(await realpath(file).catch(() => file), await this.#real())) {
      opened.notes.push(`${file} is not opened: it points outside ${this.#folder}.`);
      return;
    }
    try {
      const bytes = await loadInputFile('The included file', 'include', file, this.#signal);
      this.#bytes += bytes.length;
      const text = this.#bytes > maxBytes ? null : readText(bytes);
      if (text !== null) opened.texts.push({ file, text, depth });
      else
        opened.notes.push(`${file} is not read: it is ${this.#bytes > maxBytes ? 'too large' : 'no text'}.`);
    } catch (error) {
      if (!(error instanceof InputFileError)) throw error;
      opened.notes.push(error.message);
    }
  }

  async #real(): Promise<string> {
    const folder = this.#folder ?? '';
    this.#realFolder ??= await realpath(folder).catch(() => folder);
    return this.#realFolder;
  }
}

function nothing(...notes: string[]): Opened {
  return { texts: [], notes };
}

/** Whether a path lies in a folder, or is the folder. Both are absolute and without `..`. */
function isBelow(path: string, folder: string): boolean {
  const root = dirname(folder) === folder ? folder : `${folder}${sep}`;
  return path === folder || path.startsWith(root);
}
