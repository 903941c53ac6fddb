import type { Stats } from 'node:fs';
import { stat } from 'node:fs/promises';
import { filePathProblem } from '../../../shared/domain/file-path.ts';
import { isGlob } from '../../../shared/domain/source-path.ts';
import type { NewSource } from '../../../shared/schema/source.ts';
import { errorCode } from '../error-code.ts';
import { liesOutside } from '../probe/files/file-roots.ts';
import { globMatcher, outsideCode, type Stamp, splitGlob, stampOf, walkFolder } from '../probe/files/walk.ts';

/** Which files a source names. */
export interface FoundFiles {
  /** Each file by its path. */
  files: Map<string, Stamp>;
  /** Folders that were walked: where none of their stamps changed, no file came or went. */
  folders: Map<string, Stamp>;
  /** Folders and files that cannot be read, with the error's code. */
  unreadable: { path: string; code: string }[];
  /** Paths that the source names and that are not there. */
  missing: string[];
  isCut: boolean;
}

type Where = Pick<NewSource, 'paths' | 'exclude' | 'links' | 'depth'>;

/** Finds the files of a source: those that it names, those below its folders, and those that fit its globs. */
export async function findFiles(source: Where, signal: AbortSignal): Promise<FoundFiles> {
  const found: FoundFiles = {
    files: new Map(),
    folders: new Map(),
    unreadable: [],
    missing: [],
    isCut: false,
  };
  for (const path of source.paths) {
    signal.throwIfAborted();
    if (filePathProblem(path) !== null) found.unreadable.push({ path, code: 'EINVAL' });
    else await addPath(found, source, path);
  }
  return found;
}

async function addPath(found: FoundFiles, source: Where, path: string): Promise<void> {
  if (await liesOutside(splitGlob(path)?.root ?? path)) {
    found.unreadable.push({ path, code: outsideCode });
    return;
  }
  const stats = await look(path);
  if (stats instanceof Error) {
    const glob = isGlob(path) ? splitGlob(path) : null;
    if (glob) await addGlob(found, source, glob);
    else if (codeOf(stats) === 'ENOENT') found.missing.push(path);
    else found.unreadable.push({ path, code: codeOf(stats) });
    return;
  }
  if (stats.isDirectory()) return addFolder(found, source, path);
  try {
    found.files.set(path, await stampOf(path));
  } catch (error) {
    found.unreadable.push({ path, code: codeOf(error) });
  }
}

/** A pattern without `**` reaches no deeper than it has folders. */
function addGlob(
  found: FoundFiles,
  source: Where,
  { root, pattern }: { root: string; pattern: string },
): Promise<void> {
  const depth = pattern.includes('**') ? source.depth : Math.min(source.depth, pattern.split('/').length - 1);
  return addFolder(found, { ...source, depth }, root, globMatcher(pattern));
}

async function addFolder(
  found: FoundFiles,
  { exclude, links, depth }: Where,
  root: string,
  matches: (path: string) => boolean = () => true,
): Promise<void> {
  const { stamps, unreadable, isCut } = await walkFolder(root, { exclude, links, depth, matches });
  for (const [path, stamp] of stamps.files) found.files.set(path, stamp);
  for (const [path, stamp] of stamps.folders) found.folders.set(path, stamp);
  for (const one of unreadable) {
    // Files of a glob may come yet, and their folder with them.
    if (one.path === root && one.code === 'ENOENT') found.missing.push(root);
    else found.unreadable.push(one);
  }
  found.isCut ||= isCut;
}

/** How many are examined in parallel: each takes a thread of libuv's pool. */
const looksAtOnce = 16;

/** Whether nothing that was found has changed, by looking at each file and folder once. */
export async function isUnchanged(
  { files, folders }: Pick<FoundFiles, 'files' | 'folders'>,
  signal: AbortSignal,
): Promise<boolean> {
  const all = [...folders, ...files];
  for (let at = 0; at < all.length; at += looksAtOnce) {
    signal.throwIfAborted();
    const some = all.slice(at, at + looksAtOnce);
    const same = await Promise.all(some.map(([path, stamp]) => hasStamp(path, stamp)));
    if (same.includes(false)) return false;
  }
  return true;
}

async function hasStamp(path: string, stamp: Stamp): Promise<boolean> {
  try {
    return (await stampOf(path)) === stamp;
  } catch {
    return false; // It is gone, or no longer ours to see: who walks again says so.
  }
}

async function look(path: string): Promise<Stats | Error> {
  try {
    return await stat(path);
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

function codeOf(error: unknown): string {
  return errorCode(error) ?? 'unknown';
}
