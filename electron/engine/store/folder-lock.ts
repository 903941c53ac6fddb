import { closeSync, openSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { errorCode } from '../error-code.ts';
import { DataFolderError } from './data-folder-error.ts';
import { keepPrivate } from './private-modes.ts';

/** A data folder's lock, until it is released. */
interface FolderLock extends Disposable {
  /** What is wrong with the folder's modes, for the log; null where nothing is. */
  warning: string | null;
}

/** A database that is garbage-collected closes, and its lock goes with it: they stay here until their release. */
const heldLocks = new Set<DatabaseSync>();

/** Each further attempt follows a release in the middle of the one before. */
const maxAttempts = 20;

/**
 * Takes the lock of a data folder: an exclusive lock on a small SQLite file. The operating system releases it when the process ends,
 * however it ends. An orderly release removes the file, too.
 * @param folder path of a folder that exists
 * @throws DataFolderError where another program holds the lock or the folder cannot be written to
 */
export function takeFolderLock(folder: string): FolderLock {
  const lockFile = join(folder, 'lock.sqlite');
  const pidFile = join(folder, 'lock.pid');
  for (let attempt = 0; attempt < maxAttempts; attempt++) {
    makePrivately(lockFile);
    const warning = keepPrivate(folder);
    const before = inodeOf(lockFile);
    const lock = lockExclusively(lockFile);
    // The program that released it in the meantime removed the file: this lock, or error, is of a file that nothing else will open.
    if (before === null || inodeOf(lockFile) !== before) {
      if (lock instanceof DatabaseSync) lock.close();
      continue;
    }
    if (lock instanceof Error) throw new DataFolderError(refusal(lock, folder), { cause: lock });
    heldLocks.add(lock);
    nameHolder(pidFile);
    return { warning, [Symbol.dispose]: () => release(lock, lockFile, pidFile) };
  }
  throw new DataFolderError(whoHolds(folder));
}

/**
 * Tells whether a NotAfter holds a data folder. A pid in a file says nothing after a crash: another program may have it by now. The lock
 * does, and no other user can take it, since the file is its owner's alone.
 */
export function isHeld(folder: string): boolean {
  const lockFile = join(folder, 'lock.sqlite');
  if (inodeOf(lockFile) === null) return false;
  let probe: DatabaseSync | undefined;
  try {
    probe = new DatabaseSync(lockFile, { readOnly: true });
    probe.exec('SELECT 1 FROM sqlite_master');
    return false;
  } catch (error) {
    return /database is locked/.test(String(error));
  } finally {
    probe?.close();
  }
}

/** Removes the files while the lock is held, so that no other process can have taken it; Windows removes no open file, so once more after. */
function release(lock: DatabaseSync, lockFile: string, pidFile: string): void {
  if (!heldLocks.delete(lock)) return;
  removeIfPossible(pidFile);
  if (process.platform !== 'win32') removeIfPossible(lockFile);
  lock.close();
  if (process.platform === 'win32') removeIfPossible(lockFile);
}

/** A file that stays is no harm: it is unlocked. On Windows the next process may have it open already. */
function removeIfPossible(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch (error) {
    if (!remainingCodes.has(errorCode(error) ?? '')) throw error;
  }
}

/** Says who holds the lock, for the sentence that another process is refused with; on a full disk it goes without. */
function nameHolder(pidFile: string): void {
  try {
    writeFileSync(pidFile, String(process.pid), { mode: 0o600 });
  } catch (error) {
    if (storageCodes.has(errorCode(error) ?? '')) return;
    throw error;
  }
}

const storageCodes = new Set(['ENOSPC', 'EDQUOT', 'EROFS', 'EACCES']);
const remainingCodes = new Set(['EBUSY', 'EPERM', 'EACCES', 'EROFS']);

/** Returns the database that holds the lock, or what SQLite says of a lock that cannot be taken. */
function lockExclusively(lockFile: string): DatabaseSync | Error {
  let lock: DatabaseSync | undefined;
  try {
    lock = new DatabaseSync(lockFile);
    // A command that looks whether the folder is held reads it for a moment. Nothing is written, so that a full disk cannot refuse it:
    // the exclusive mode keeps the lock after the transaction (https://sqlite.org/pragma.html#pragma_locking_mode).
    lock.exec(`PRAGMA busy_timeout = 500; PRAGMA journal_mode = MEMORY; PRAGMA locking_mode = EXCLUSIVE;
      BEGIN EXCLUSIVE; ROLLBACK;`);
    return lock;
  } catch (error) {
    lock?.close();
    return error instanceof Error ? error : new Error(String(error));
  }
}

function refusal(error: Error, folder: string): string {
  return /database is locked/.test(error.message)
    ? whoHolds(folder)
    : `The data folder ${folder} cannot be written to (${errorCode(error) ?? error.message}).`;
}

/** Any program that can open the file can lock it, so the sentence does not blame a NotAfter that is not there. */
function whoHolds(folder: string): string {
  const pid = holder(join(folder, 'lock.pid'));
  return pid !== null && isRunning(pid)
    ? `NotAfter already runs on ${folder} (process ${pid}). End it first, or choose another folder with --data.`
    : `Another program holds ${join(folder, 'lock.sqlite')}, and it is no NotAfter of this machine. End that program, or choose another folder with --data.`;
}

function holder(pidFile: string): number | null {
  try {
    const text = /^\d{1,10}$/.exec(readFileSync(pidFile, 'utf8'))?.[0];
    return text === undefined ? null : Number(text);
  } catch {
    return null; // Missing, or another user's.
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errorCode(error) === 'EPERM'; // It runs as another user.
  }
}

/** SQLite would make it with the mode of the process's mask, and everyone who can read it can lock it. */
function makePrivately(path: string): void {
  try {
    closeSync(openSync(path, 'ax', 0o600));
  } catch {
    // It exists, or cannot be created: taking the lock reports why.
  }
}

/** The number of the file behind a path, which tells a file made in its place from it; null where there is none. */
function inodeOf(path: string): bigint | null {
  return statSync(path, { bigint: true, throwIfNoEntry: false })?.ino ?? null;
}
