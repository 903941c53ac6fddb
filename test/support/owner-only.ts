import { statSync } from 'node:fs';

/** Whether nobody but its owner may read a file. On Windows a person's folder sees to that, and modes say nothing. */
export function isOwnersAlone(path: string): boolean {
  return process.platform === 'win32' || (statSync(path).mode & 0o077) === 0;
}
