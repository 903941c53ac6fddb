import { realpathSync } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { basename, dirname, join, resolve, sep } from 'node:path';

/** What may be read, by its real path. */
interface Allowed {
  folders: readonly string[];
  files: ReadonlySet<string>;
}

/** Null: every file that the process may read. A process has one such rule, as it has one umask. */
let allowed: Allowed | null = null;

/**
 * Restricts, once at the start and so synchronously, the files that are read by name to those below some folders, wherever links lead.
 * @param files others that may be read: those that the administrator named
 * @param folders a folder that is not there yet counts once it is
 * @returns what lifts the restriction
 */
export function restrictFiles(folders: readonly string[], files: readonly string[] = []): Disposable {
  const before = allowed;
  allowed = {
    folders: folders.map((folder) => realPathSync(folder)),
    files: new Set(files.flatMap((file) => [resolve(file), realPathSync(file)])),
  };
  return {
    [Symbol.dispose]() {
      allowed = before;
    },
  };
}

/** Whether a file or folder lies outside of what may be read, without opening it. */
export async function liesOutside(path: string): Promise<boolean> {
  if (allowed === null) return false;
  return !isAllowed(allowed, await realPath(path));
}

function isAllowed({ folders, files }: Allowed, path: string): boolean {
  return files.has(path) || folders.some((folder) => path === folder || path.startsWith(withEnd(folder)));
}

const withEnd = (folder: string) => (folder.endsWith(sep) ? folder : `${folder}${sep}`);

/** Where a path leads; of what is not there, where its folder does. */
async function realPath(path: string): Promise<string> {
  const full = resolve(path);
  try {
    return await realpath(full);
  } catch {
    return dirname(full) === full ? full : join(await realPath(dirname(full)), basename(full));
  }
}

function realPathSync(path: string): string {
  const full = resolve(path);
  try {
    return realpathSync(full);
  } catch {
    return dirname(full) === full ? full : join(realPathSync(dirname(full)), basename(full));
  }
}
