import type { Stats } from 'node:fs';
import { lstat, readlink } from 'node:fs/promises';
import { dirname, join, parse, relative, resolve, sep } from 'node:path';
import { filePathProblem } from '../../../../shared/domain/file-path.ts';

/** Where a path leads: within its folder, to what kind of file; or why it is not followed: it lies outside, or a link in it leads there. */
export type Confined =
  | { kind: 'file' | 'folder' | 'other'; path: string }
  | { kind: 'outside' | 'away' | 'missing' };

/** Links that one path may lead through, as of Linux (path_resolution(7)). */
const maxLinks = 40;

/** What is read below these is no file of a disk, and may block or act. */
const unreal = ['/proc', '/sys', '/dev'];

/**
 * Follows paths within one folder, link by link, and touches nothing outside of it: a path of another computer, an automounter or a device
 * acts when it is asked for, even by `stat`.
 */
export class ConfinedFolder {
  readonly #folder: string;
  readonly #real: string;

  /**
   * @param folder the folder as it was named, absolute
   * @param real where it leads
   */
  constructor(folder: string, real: string) {
    this.#folder = folder;
    this.#real = real;
  }

  /** @param path absolute */
  async follow(path: string): Promise<Confined> {
    let rest = this.#below(path);
    if (rest === null) return { kind: 'outside' };
    for (let links = 0; rest !== null && links <= maxLinks; links += 1) {
      const step = await this.#walk(rest);
      if (step.kind !== 'link') return step;
      rest = this.#below(step.to);
    }
    return { kind: 'away' };
  }

  /** The parts of a path below the folder; null if it lies elsewhere, or names a device. */
  #below(path: string): string[] | null {
    if (filePathProblem(path) !== null) return null;
    const whole = resolve(path);
    const folder = [this.#real, this.#folder].find((one) => isBelow(whole, one));
    if (folder === undefined) return null;
    const below = relative(folder, whole);
    return below === '' ? [] : below.split(sep);
  }

  /** Goes down part by part, up to the first link. */
  async #walk(parts: readonly string[]): Promise<Confined | { kind: 'link'; to: string }> {
    let at = this.#real;
    let kind: 'file' | 'folder' | 'other' = 'folder';
    for (const [index, part] of parts.entries()) {
      at = join(at, part);
      if (unreal.some((one) => isBelow(at, one))) return { kind: 'away' };
      try {
        const stats = await lstat(at);
        if (stats.isSymbolicLink())
          return {
            kind: 'link',
            to: join(resolve(dirname(at), await readlink(at)), ...parts.slice(index + 1)),
          };
        kind = kindOf(stats);
      } catch {
        return { kind: 'missing' }; // Nor is what may not be seen there for us.
      }
    }
    return { kind, path: at };
  }
}

function kindOf(stats: Stats): 'file' | 'folder' | 'other' {
  if (stats.isFile()) return 'file';
  return stats.isDirectory() ? 'folder' : 'other';
}

/** Returns whether a path is inside a folder, or is the folder itself. Both are absolute and without `..`. */
function isBelow(path: string, folder: string): boolean {
  const root = parse(folder).root === folder ? folder : `${folder}${sep}`;
  return path === folder || path.startsWith(root);
}
