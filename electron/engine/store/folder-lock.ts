import {
  closeSync,
  constants,
  fstatSync,
  openSync,
  readFileSync,
  realpathSync,
  statSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { errorCode } from '../error-code.ts';
import { holdDatabases } from '../held-databases.ts';
import { DataFolderError } from './data-folder-error.ts';
import { keepPrivate } from './private-modes.ts';

/** A data folder's lock, until it is released. */
interface FolderLock extends Disposable {
  /** What is wrong with the folder's modes, for the log; null where nothing is. */
  warning: string | null;
}

/** A lock that this process holds. The database stays referenced: one that is garbage-collected closes, and its lock goes with it. */
interface Held {
  database: DatabaseSync;
  /** Descriptor of the lock file. While it is open, no other file can have the same inode number. */
  pin: number;
  readers: Disposable;
}

/** Locks of this process, by the folder's real path. */
const heldLocks = new Map<string, Held>();

/** Each further attempt follows a release in the middle of the one before. */
const maxAttempts = 20;

/** Opened for writing: SQLite falls back to reading a file that it may not write, and its lock excludes no one then. */
const pinFlags =
  constants.O_RDWR | constants.O_CREAT | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/**
 * Takes the lock of a data folder: an exclusive lock on a small SQLite file. The operating system releases it when the process ends,
 * however it ends. An orderly release removes the file, too.
 *
 * POSIX drops every lock of a process on a file when the process closes any descriptor of it (fcntl(2)): nothing opens the lock file
 * while the lock is held, and the descriptor that pins its inode is closed after the database.
 * @param folder path of a folder that exists
 * @throws DataFolderError where another program holds the lock or the folder cannot be written to
 */
export function takeFolderLock(folder: string): FolderLock {
  const key = realpathSync(folder);
  if (heldLocks.has(key)) throw new DataFolderError(whoHolds(folder));
  const lockFile = join(folder, 'lock.sqlite');
  for (let attempt = 0; attempt < maxAttempts; attempt++) {
    const pin = openPin(lockFile, folder);
    try {
      const warning = keepPrivate(folder);
      const database = lockExclusively(lockFile);
      // A program that released it in the meantime removed the file: this lock, or error, is of a file that nothing else will open.
      if (!isAt(pin, lockFile)) {
        if (database instanceof DatabaseSync) database.close();
        closeSync(pin);
        continue;
      }
      if (database instanceof Error)
        throw new DataFolderError(refusal(database, folder), { cause: database });
      // Versions that wrote into the lock file leave its journal behind when they are killed. No other program uses what is locked.
      removeIfPossible(`${lockFile}-journal`);
      nameHolder(join(folder, 'lock.pid'));
      heldLocks.set(key, { database, pin, readers: holdDatabases(key) });
      return { warning, [Symbol.dispose]: () => release(key, folder) };
    } catch (error) {
      closeSync(pin);
      throw asFolderError(error, folder);
    }
  }
  throw new DataFolderError(whoHolds(folder));
}

/**
 * Tells whether a NotAfter holds a data folder. A pid in a file says nothing after a crash: another program may have it by now. The lock
 * does, and no other user can take it, since the file is its owner's alone.
 */
export function isHeld(folder: string): boolean {
  let probe: DatabaseSync | undefined;
  try {
    const lockFile = join(folder, 'lock.sqlite');
    if (statSync(lockFile, { throwIfNoEntry: false }) === undefined) return false;
    probe = new DatabaseSync(lockFile, { readOnly: true });
    probe.exec('SELECT 1 FROM sqlite_master');
    return false;
  } catch (error) {
    return isLocked(error); // Else it cannot be read, and what uses the folder says why.
  } finally {
    probe?.close();
  }
}

/** Removes the files while the lock is held, so that no other process can have taken it. Windows removes no file that is open. */
function release(key: string, folder: string): void {
  const held = heldLocks.get(key);
  if (!held) return;
  heldLocks.delete(key);
  const lockFile = join(folder, 'lock.sqlite');
  const pidFile = join(folder, 'lock.pid');
  // Where the lock file was deleted meanwhile, the files there are another program's.
  const isOurs = isAt(held.pin, lockFile);
  if (isOurs) removeIfPossible(pidFile);
  if (isOurs && process.platform !== 'win32') removeIfPossible(lockFile);
  held.database.close();
  closeSync(held.pin);
  if (isOurs && process.platform === 'win32') removeIfPossible(lockFile);
  held.readers[Symbol.dispose]();
}

function openPin(lockFile: string, folder: string): number {
  try {
    return openSync(lockFile, pinFlags, 0o600);
  } catch (error) {
    throw asFolderError(error, folder);
  }
}

/** Whether a path still leads to the file of a descriptor. */
function isAt(pin: number, path: string): boolean {
  try {
    const { dev, ino } = fstatSync(pin, { bigint: true });
    const there = statSync(path, { bigint: true, throwIfNoEntry: false });
    return there?.ino === ino && there.dev === dev;
  } catch {
    return false; // The folder itself is gone.
  }
}

/** A file that stays is no harm: it is unlocked. */
function removeIfPossible(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // A file system that became read-only, or on Windows a program that has it open.
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

const isLocked = (error: unknown) => /database is locked/.test(String(error));

function refusal(error: Error, folder: string): string {
  if (isLocked(error)) return whoHolds(folder);
  return `${join(folder, 'lock.sqlite')} cannot be locked (${error.message}). Remove the file, or choose another folder with --data.`;
}

function asFolderError(error: unknown, folder: string): unknown {
  const code = errorCode(error);
  if (error instanceof DataFolderError || code === undefined) return error;
  return new DataFolderError(`The data folder ${folder} cannot be used (${code}).`, { cause: error });
}

/** Any program that can open the file can lock it, and a NotAfter that starts has not written its process id yet. */
function whoHolds(folder: string): string {
  const pid = holder(join(folder, 'lock.pid'));
  return pid !== null && isRunning(pid)
    ? `NotAfter already runs on ${folder} (process ${pid}). End it first, or choose another folder with --data.`
    : `Another program holds ${join(folder, 'lock.sqlite')}: a NotAfter that just started, or a program that is no NotAfter. End it, or choose another folder with --data.`;
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
