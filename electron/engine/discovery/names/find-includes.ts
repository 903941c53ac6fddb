import type { Dirent } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { globMatcher } from '../../probe/files/walk.ts';
import type { ConfinedFolder } from './confined-path.ts';

/** Entries of folders that one pattern looks at. */
const maxVisited = 20_000;

/** What a pattern matches below a folder. */
export interface IncludesFound {
  /** Regular files by the paths that they are named by, with where they lead, in the order of their paths. */
  files: { path: string; real: string }[];
  /** What matches and leads outside. */
  outside: string[];
  /** Whether the search ended at its limit. */
  isCut: boolean;
}

/**
 * Finds the files that a glob matches below a folder. Links are followed only within the folder that includes may be opened in.
 * @param root a folder within it
 * @param maxLevels how many folder levels `**` matches
 */
export async function findIncludes(
  folder: ConfinedFolder,
  root: string,
  pattern: string,
  maxLevels: number,
): Promise<IncludesFound> {
  const search = new IncludeSearch(folder, pattern, maxLevels);
  await search.enter(root, '', 0);
  search.found.files.sort((one, other) => (one.path < other.path ? -1 : 1));
  return search.found;
}

class IncludeSearch {
  readonly found: IncludesFound = { files: [], outside: [], isCut: false };
  readonly #folder: ConfinedFolder;
  readonly #matches: (path: string) => boolean;
  readonly #levels: number;
  #visited = 0;

  constructor(folder: ConfinedFolder, pattern: string, maxLevels: number) {
    this.#folder = folder;
    this.#matches = globMatcher(pattern);
    this.#levels = pattern.includes('**') ? maxLevels : pattern.split('/').length - 1;
  }

  async enter(folder: string, relative: string, level: number): Promise<void> {
    const real = await this.#folder.follow(folder);
    if (real.kind !== 'folder') return;
    let entries: Dirent[];
    try {
      entries = await readdir(real.path, { withFileTypes: true });
    } catch {
      return; // What may not be read has no files for us.
    }
    for (const entry of entries) {
      this.#visited += 1;
      if (this.#visited > maxVisited) this.found.isCut = true;
      if (this.found.isCut) return;
      const below = relative === '' ? entry.name : `${relative}/${entry.name}`;
      await this.#look(entry, join(folder, entry.name), below, level);
    }
  }

  async #look(entry: Dirent, path: string, below: string, level: number): Promise<void> {
    const isMatch = this.#matches(below);
    if (entry.isDirectory() && level < this.#levels) await this.enter(path, below, level + 1);
    if (!isMatch && !(entry.isSymbolicLink() && level < this.#levels)) return;
    const to = await this.#folder.follow(path);
    if ((to.kind === 'outside' || to.kind === 'away') && isMatch) this.found.outside.push(path);
    else if (to.kind === 'file' && isMatch) this.found.files.push({ path, real: to.path });
    else if (to.kind === 'folder' && entry.isSymbolicLink() && level < this.#levels)
      await this.enter(path, below, level + 1);
  }
}
