import { existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { errorCode } from '../error-code.ts';

/**
 * Makes a folder and those above it, each closed to other users. Step by step: a recursive `mkdirSync` of Node 24 never returns where a file system
 * answers ENOENT to a new folder, as /proc does.
 * @throws the system's error; ENOTDIR where the path is another thing
 */
export function makeFolder(path: string): void {
  const missing: string[] = [];
  for (let at = resolve(path); !existsSync(at) && dirname(at) !== at; at = dirname(at)) missing.unshift(at);
  for (const folder of missing) {
    try {
      mkdirSync(folder, { mode: 0o700 });
    } catch (error) {
      if (errorCode(error) !== 'EEXIST') throw error; // Another process made it meanwhile.
    }
  }
  if (!statSync(path).isDirectory())
    throw Object.assign(new Error(`${path} is no folder.`), { code: 'ENOTDIR' });
}
