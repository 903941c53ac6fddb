import type { BigIntStats, Dirent } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import picomatch from 'picomatch';
import { errorCode } from '../../error-code.ts';
import { isHeldDatabase } from '../../held-databases.ts';
import { liesOutside } from './file-roots.ts';

/** Bounds of one walk. */
const usualDepth = 12;
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

/** Never walked into: these hold no regular files. */
const unreal = new Set(['/proc', '/sys', '/dev']);

/** Told of a folder that `serve --files-root` leaves out. */
export const outsideCode = 'outside of --files-root';

/** What changes with a file or folder: what it is, how long it is, and when it and its rights were changed. */
export type Stamp = string;

/** How a folder is walked. */
export interface WalkOptions {
  exclude?: readonly string[];
  /** Which paths are wanted, relative to the folder with `/` between their parts. */
  matches?: (path: string) => boolean;
  /** How many levels of folders. */
  depth?: number;
  /** Which links are followed: by default those to files. */
  links?: 'files' | 'all' | 'none';
}

/** What a walk found. */
export interface Walked {
  /** Regular files, each once, in the order of their paths. */
  files: string[];
  /** Every file and folder that was visited, with its stamp. */
  stamps: { files: Map<string, Stamp>; folders: Map<string, Stamp> };
  /** Folders and links that cannot be read, with the error's code. */
  unreadable: { path: string; code: string }[];
  /** Whether the walk stopped at its limit. */
  isCut: boolean;
}

/**
 * Finds the files below a folder. A file that is reached by itself and by a link is found once, by its own path. Kubernetes swaps the
 * folders behind its mounted secrets, whose names begin with two dots: the links to them are found, which stay.
 */
export async function walkFolder(root: string, options: WalkOptions = {}): Promise<Walked> {
  const walk = new Walk(options);
  await walk.enter(root, '', 0);
  return walk.result();
}

/** Returns the stamp of a file or folder, links followed. @throws as `stat` */
export async function stampOf(path: string): Promise<Stamp> {
  return stampFrom(await stat(path, { bigint: true }));
}

/** The time of the last change of rights is there too: chmod changes no other (elasticsearch #63870). */
function stampFrom({ dev, ino, size, mtimeNs, ctimeNs }: BigIntStats): Stamp {
  return [dev, ino, size, mtimeNs, ctimeNs].join(':');
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
  stamp: Stamp;
  isLink: boolean;
}

class Walk {
  readonly #isWanted: (path: string) => boolean;
  readonly #isExcluded: (path: string) => boolean;
  readonly #depth: number;
  readonly #links: NonNullable<WalkOptions['links']>;
  readonly #found = new Map<string, Found>();
  readonly #folderIds = new Set<string>();
  readonly #folders = new Map<string, Stamp>();
  readonly #unreadable: Walked['unreadable'] = [];
  #visited = 0;
  #isCut = false;

  constructor(options: WalkOptions) {
    const { exclude = usualExcludes, matches = () => true, depth = usualDepth, links = 'files' } = options;
    const isExcluded = picomatch([...exclude], { dot: true });
    this.#isExcluded = isExcluded;
    this.#isWanted = (path) => !isExcluded(path) && matches(path);
    this.#depth = depth;
    this.#links = links;
  }

  result(): Walked {
    const found = [...this.#found.values()].sort((one, other) => (one.path < other.path ? -1 : 1));
    return {
      files: found.map(({ path }) => path),
      stamps: {
        files: new Map(found.map(({ path, stamp }) => [path, stamp])),
        folders: this.#folders,
      },
      unreadable: this.#unreadable,
      isCut: this.#isCut,
    };
  }

  async enter(folder: string, relative: string, depth: number): Promise<void> {
    if (depth > this.#depth || unreal.has(folder)) return;
    if (await liesOutside(folder)) {
      this.#unreadable.push({ path: folder, code: outsideCode });
      return;
    }
    let entries: Dirent[];
    try {
      const stats = await stat(folder, { bigint: true });
      const id = `${stats.dev}:${stats.ino}`;
      if (this.#folderIds.has(id)) return; // A loop, or a folder mounted twice.
      this.#folderIds.add(id);
      this.#folders.set(folder, stampFrom(stats));
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
      await this.#enterBelow(path, below, depth);
      return;
    }
    if (entry.isSymbolicLink() && this.#links === 'none') return;
    if (entry.isSymbolicLink() && this.#links === 'all' && (await isFolder(path))) {
      await this.#enterBelow(path, below, depth);
      return;
    }
    if ((entry.isFile() || entry.isSymbolicLink()) && this.#isWanted(below))
      await this.#keep(path, entry.isSymbolicLink());
  }

  async #enterBelow(path: string, below: string, depth: number): Promise<void> {
    const isOfKubernetes = /(?:^|\/)\.\.[^/]*$/.test(below);
    if (isOfKubernetes || this.#isExcluded(`${below}/`) || this.#isExcluded(below)) return;
    await this.enter(path, below, depth + 1);
  }

  async #keep(path: string, isLink: boolean): Promise<void> {
    let stats: BigIntStats;
    try {
      stats = await stat(path, { bigint: true });
    } catch (error) {
      // A link to nothing is no file: certbot's are so for a moment while it renews.
      if (errorCode(error) !== 'ENOENT') this.#fail(path, error);
      return;
    }
    if (!stats.isFile() || (await isHeldDatabase(stats))) return;
    const id = `${stats.dev}:${stats.ino}`;
    const known = this.#found.get(id);
    if (!known || (known.isLink && !isLink)) this.#found.set(id, { path, stamp: stampFrom(stats), isLink });
  }

  #fail(path: string, error: unknown): void {
    this.#unreadable.push({ path, code: errorCode(error) ?? 'unknown' });
  }
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (stats) => stats.isDirectory(),
    () => false, // A link to nothing is no folder.
  );
}
