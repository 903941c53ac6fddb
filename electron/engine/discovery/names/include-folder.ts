import { realpath } from 'node:fs/promises';
import { isAbsolute, join, resolve } from 'node:path';
import { count } from '../../../../shared/text/words.ts';
import { readText } from '../../probe/files/forms/text.ts';
import { InputFileError, loadInputFile } from '../../probe/files/input-file.ts';
import { splitGlob } from '../../probe/files/walk.ts';
import { ConfinedFolder } from './confined-path.ts';
import { findIncludes } from './find-includes.ts';
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

/** A file to open: the path that it is named by, and where that leads. */
interface Included {
  path: string;
  real: string;
}

/**
 * Opens the files that a configuration includes: regular files below one folder, through links that stay in it, and never more than the
 * bounds allow. A configuration from elsewhere cannot make NotAfter read, or as much as ask for, other files.
 */
export class IncludeFolder {
  readonly #folder: string | null;
  readonly #signal: AbortSignal;
  #confined: ConfinedFolder | null = null;
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
    const opened: Opened = nothing();
    const found = await this.#find(path, takesFolders, opened);
    if (found === 'outside') return nothing(`${pattern} is not opened: it is outside ${this.#folder}.`);
    if (found.length === 0 && opened.notes.length === 0 && !isOptional)
      return nothing(`No file matches ${pattern}.`);
    for (const file of found) await this.#add(file, depth, opened);
    return opened;
  }

  async #find(path: string, takesFolders: boolean, { notes }: Opened): Promise<Included[] | 'outside'> {
    const glob = splitGlob(path);
    const folder = await this.#folderToFollow();
    const start = await folder.follow(glob?.root ?? path);
    switch (start.kind) {
      case 'outside':
        return 'outside';
      case 'away':
        notes.push(pointsOutside(path, this.#folder));
        return [];
      case 'file':
        return glob ? [] : [{ path, real: start.path }];
      case 'folder':
        if (glob) return this.#walk(folder, glob.root, glob.pattern, notes);
        return takesFolders ? this.#walk(folder, path, '*', notes) : [];
      case 'other':
        notes.push(`${path} is not opened: it is not a regular file.`);
        return [];
      case 'missing':
        return [];
    }
  }

  async #walk(folder: ConfinedFolder, root: string, pattern: string, notes: string[]): Promise<Included[]> {
    const { files, outside, isCut } = await findIncludes(folder, root, pattern, maxDepth);
    for (const path of outside) notes.push(pointsOutside(path, this.#folder));
    if (isCut) notes.push(`There are too many files below ${root}: not all were searched for ${pattern}.`);
    return files;
  }

  async #add({ path, real }: Included, depth: number, opened: Opened): Promise<void> {
    this.#signal.throwIfAborted();
    this.#files += 1;
    if (this.#files > maxFiles) {
      opened.notes.push(`${path} is not opened: ${count(maxFiles, 'file')} are included already.`);
      return;
    }
    try {
      const bytes = await loadInputFile('The included file', 'include', real, this.#signal);
      this.#bytes += bytes.length;
      const text = this.#bytes > maxBytes ? null : readText(bytes);
      if (text !== null) opened.texts.push({ file: path, text, depth });
      else
        opened.notes.push(`${path} is not read: it is ${this.#bytes > maxBytes ? 'too large' : 'no text'}.`);
    } catch (error) {
      if (!(error instanceof InputFileError)) throw error;
      opened.notes.push(error.message);
    }
  }

  /** The folder was named by a person, so it is followed wherever it leads. */
  async #folderToFollow(): Promise<ConfinedFolder> {
    const folder = this.#folder ?? '';
    this.#confined ??= new ConfinedFolder(folder, await realpath(folder).catch(() => folder));
    return this.#confined;
  }
}

function nothing(...notes: string[]): Opened {
  return { texts: [], notes };
}

const pointsOutside = (path: string, folder: string | null) =>
  `${path} is not opened: it points outside ${folder}.`;
