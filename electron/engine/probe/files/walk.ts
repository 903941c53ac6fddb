import type { Dirent, Stats } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import picomatch from 'picomatch';

/** Bounds of one walk. */
const maxDepth = 12;
const maxVisited = 20_000;
/** Other programs have their turn after so many. */
const yieldEvery = 200;

/** Where old and unwanted certificates lie: of certbot, of Kubernetes, of editors and package managers. */
export const usualExcludes = [
  '**/archive/**',
  '**/expired/**',
  '**/*.bak',
  '**/.git/**',
  '**/node_modules/**',
];

/** Never walked into: what lies there are no files. */
const unreal = new Set(['/proc', '/sys', '/dev']);

/** What a walk found. */
export interface Walked {
  /** Regular files, each once, in the order of their paths. */
  files: string[];
  /** Folders and links that cannot be read, with the error's code. */
  unreadable: { path: string; code: string }[];
  /** Whether there was more than is looked at. */
  isCut: boolean;
}

/**
 * Finds the files below a folder. Links to files are followed, links to folders are not; a file that is reached by itself and by a link
 * is found once, by its own path.
 * @param matches which paths are wanted, relative to the folder with `/` between their parts
 */
export async function walkFolder(
  root: string,
  exclude: readonly string[] = usualExcludes,
  matches: (path: string) => boolean = () => true,
): Promise<Walked> {
  const isExcluded = picomatch([...exclude], { dot: true });
  const walk = new Walk((path) => !isExcluded(path) && matches(path), isExcluded);
  await walk.enter(root, '', 0);
  return walk.result();
}

/** Splits a glob into the folder that it begins in, and the pattern below it. @returns null for what is no glob */
export function splitGlob(text: string): { root: string; pattern: string } | null {
  const { base, glob, isGlob } = picomatch.scan(text);
  if (!isGlob || glob === '') return null;
  return { root: base === '' ? '.' : base, pattern: glob };
}

/** Returns what tells whether a path below a glob's folder is meant. */
export function globMatcher(pattern: string): (path: string) => boolean {
  return picomatch(pattern, { dot: false });
}

interface Found {
  path: string;
  isLink: boolean;
}

class Walk {
  readonly #isWanted: (path: string) => boolean;
  readonly #isExcluded: (path: string) => boolean;
  readonly #found = new Map<string, Found>();
  readonly #folders = new Set<string>();
  readonly #unreadable: Walked['unreadable'] = [];
  #visited = 0;
  #isCut = false;

  constructor(isWanted: (path: string) => boolean, isExcluded: (path: string) => boolean) {
    this.#isWanted = isWanted;
    this.#isExcluded = isExcluded;
  }

  result(): Walked {
    const files = [...this.#found.values()].map(({ path }) => path).sort();
    return { files, unreadable: this.#unreadable, isCut: this.#isCut };
  }

  async enter(folder: string, relative: string, depth: number): Promise<void> {
    if (depth > maxDepth || unreal.has(folder)) return;
    let entries: Dirent[];
    try {
      const { dev, ino } = await stat(folder);
      const id = `${dev}:${ino}`;
      if (this.#folders.has(id)) return; // A loop, or a folder mounted twice.
      this.#folders.add(id);
      entries = await readdir(folder, { withFileTypes: true });
    } catch (error) {
      this.#fail(folder, error);
      return;
    }
    entries.sort((one, other) => (one.name < other.name ? -1 : 1));
    for (const entry of entries) await this.#look(entry, folder, relative, depth);
  }

  async #look(entry: Dirent, folder: string, relative: string, depth: number): Promise<void> {
    this.#visited += 1;
    if (this.#visited > maxVisited) this.#isCut = true;
    if (this.#isCut) return;
    if (this.#visited % yieldEvery === 0) await new Promise((resolve) => setImmediate(resolve));
    const path = join(folder, entry.name);
    const below = relative === '' ? entry.name : `${relative}/${entry.name}`;
    if (entry.isDirectory()) {
      if (!this.#isExcluded(`${below}/`) && !this.#isExcluded(below))
        await this.enter(path, below, depth + 1);
      return;
    }
    if ((entry.isFile() || entry.isSymbolicLink()) && this.#isWanted(below))
      await this.#keep(path, entry.isSymbolicLink());
  }

  async #keep(path: string, isLink: boolean): Promise<void> {
    let stats: Stats;
    try {
      stats = await stat(path);
    } catch (error) {
      // A link to nothing is no file: certbot's are so for a moment while it renews.
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') this.#fail(path, error);
      return;
    }
    if (!stats.isFile()) return;
    const id = `${stats.dev}:${stats.ino}`;
    const known = this.#found.get(id);
    if (!known || (known.isLink && !isLink)) this.#found.set(id, { path, isLink });
  }

  #fail(path: string, error: unknown): void {
    this.#unreadable.push({ path, code: (error as NodeJS.ErrnoException).code ?? 'unknown' });
  }
}
