import { type Stats, statSync } from 'node:fs';
import { readFilePath } from '../../../shared/domain/file-path.ts';
import {
  globMatcher,
  splitGlob,
  usualExcludes,
  type Walked,
  walkFolder,
} from '../../engine/probe/files/walk.ts';
import { UsageError } from '../exit-status.ts';
import { looksLikeFile } from '../paths.ts';

/** What a word of the command line means where it names files. */
export interface FileArgument {
  files: string[];
  /** Whether the files were found by a folder or a glob: those that hold no certificate are passed over. */
  isFound: boolean;
  unreadable: Walked['unreadable'];
  isCut: boolean;
}

interface FindOptions {
  exclude?: readonly string[];
  /** Whether the word cannot be a host. */
  isPathOnly?: boolean;
}

/**
 * Finds the files that a word names: a path, a folder, or a glob in quotes.
 * @returns null where it names none: a host
 * @throws UsageError for a glob or a folder without a file
 */
export async function filesOfArgument(
  text: string,
  { exclude = usualExcludes, isPathOnly = false }: FindOptions = {},
): Promise<FileArgument | null> {
  const path = readFilePath(text) ?? text;
  const stats = statOf(path);
  const isPath = isPathOnly || path !== text || /[\\/]/.test(text) || looksLikeFile(text);
  if (stats?.isDirectory() && (isPath || text === '.' || text === '..'))
    return walked(text, await walkFolder(path, { exclude }));
  if (stats && isPath) return { files: [path], isFound: false, unreadable: [], isCut: false };
  const glob = /[*?{]/.test(path) ? splitGlob(path) : null;
  if (!glob || text.includes('://')) return null;
  const found = await walkFolder(glob.root, { exclude, matches: globMatcher(glob.pattern) });
  if (found.files.length === 0 && !isPath) return null;
  return walked(text, found);
}

function walked(text: string, { files, unreadable, isCut }: Walked): FileArgument {
  if (files.length === 0 && unreadable.length === 0) throw new UsageError(`No file matches ${text}.`);
  return { files, isFound: true, unreadable, isCut };
}

function statOf(path: string): Stats | null {
  try {
    return statSync(path, { throwIfNoEntry: false }) ?? null;
  } catch {
    return null; // A path through a file, or with a NUL: it names nothing.
  }
}
