import { randomUUID } from 'node:crypto';
import {
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  lstatSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { errorCode } from '../engine/error-code.ts';

/** Why no file can be made or renamed beside another, which may still be writable itself: rights of the folder, a mounted file, a long name. */
const onlyInPlace = new Set(['EACCES', 'EPERM', 'EROFS', 'EBUSY', 'EXDEV', 'ENAMETOOLONG']);

/**
 * Writes a file that only its owner can read. A file that was there before is replaced once the new one is written whole, so that a full disk
 * costs nothing; where its folder is closed to us, it is written in place, closed to others first. Pipes and devices keep their rights.
 */
export function writePrivateFile(path: string, text: string | Uint8Array): void {
  const file = fileToReplace(path);
  if (file !== null) {
    try {
      replaceFile(file, text);
      return;
    } catch (error) {
      if (!onlyInPlace.has(errorCode(error) ?? '')) throw error;
    }
  }
  writeInPlace(path, text);
}

/** @returns the path of a regular file behind all links, or of none yet; null for everything else, such as a pipe or a link to nothing */
function fileToReplace(path: string): string | null {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found === undefined) return path;
  try {
    const real = realpathSync(path);
    return lstatSync(real).isFile() ? real : null;
  } catch {
    return null; // A link to nothing: writing through it makes the file.
  }
}

function replaceFile(path: string, text: string | Uint8Array): void {
  // In a container each run has the same process id, and one that was killed has left its file.
  const beside = `${path}.${randomUUID()}.tmp`;
  const file = openSync(beside, 'wx', 0o600);
  try {
    try {
      writeFileSync(file, text);
      // Only now some file systems say that the disk is full.
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(beside, path);
  } catch (error) {
    rmSync(beside, { force: true });
    throw error;
  }
}

function writeInPlace(path: string, text: string | Uint8Array): void {
  // Not `w`: that empties the file at once.
  const file = openSync(path, constants.O_WRONLY | constants.O_CREAT, 0o600);
  try {
    if (fstatSync(file).isFile()) {
      if ((fstatSync(file).mode & 0o077) !== 0) fchmodSync(file, 0o600);
      ftruncateSync(file);
    }
    writeFileSync(file, text);
  } finally {
    closeSync(file);
  }
}
