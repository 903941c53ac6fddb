import {
  accessSync,
  closeSync,
  constants,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { errorCode } from '../error-code.ts';
import { keepPrivate } from './private-modes.ts';

/** The folder cannot be used, with the sentence that says why. */
export class DataFolderError extends Error {
  override name = 'DataFolderError';
}

/** The file with the key of the secrets, encrypted by the system's keyring. */
export const secretKeyFile = 'secrets.key';

/** A data folder that is ours until it is released. */
export interface DataFolder extends Disposable {
  path: string;
  file(name: string): string;
  /** What is wrong with the folder, for the log; null where nothing is. */
  warning: string | null;
}

/**
 * The desktop app's own folder, where headless looks too: Electron's userData for an app named NotAfter.
 * @param environment the process's variables
 */
export function defaultDataFolder(platform: NodeJS.Platform, environment: NodeJS.ProcessEnv): string {
  const home = homedir();
  switch (platform) {
    case 'darwin':
      return join(home, 'Library', 'Application Support', 'NotAfter');
    case 'win32':
      return join(environment['APPDATA'] ?? join(home, 'AppData', 'Roaming'), 'NotAfter');
    default:
      return join(environment['XDG_CONFIG_HOME'] || join(home, '.config'), 'NotAfter');
  }
}

/** A database that is garbage-collected closes, and its lock goes with it: they are held here until they are let go. */
const heldLocks = new Set<DatabaseSync>();

/**
 * Makes the folder if need be and takes its lock. The lock is an exclusive transaction on a small SQLite file: the
 * operating system lets go of it when the process ends, however it ends.
 * @throws DataFolderError where the folder cannot be written to or another NotAfter uses it
 */
export function openDataFolder(path: string): DataFolder {
  const file = (name: string) => join(path, name);
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new DataFolderError(`The data folder ${path} cannot be made (${codeOf(error)}).`, { cause: error });
  }
  try {
    accessSync(path, constants.W_OK);
  } catch (error) {
    throw new DataFolderError(`The data folder ${path} cannot be written to (${codeOf(error)}).`, {
      cause: error,
    });
  }
  makePrivately(file('lock.sqlite'));
  const warning = keepPrivate(path);
  const lock = takeLock(path, file('lock.sqlite'), file('lock.pid'));
  heldLocks.add(lock);
  nameHolder(file('lock.pid'));
  return {
    path,
    file,
    warning,
    [Symbol.dispose]() {
      rmSync(file('lock.pid'), { force: true });
      heldLocks.delete(lock);
      lock.close();
    },
  };
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

function takeLock(folder: string, lockFile: string, pidFile: string): DatabaseSync {
  let lock: DatabaseSync | undefined;
  try {
    lock = new DatabaseSync(lockFile);
    // A command that looks whether the folder is held reads it for a moment.
    lock.exec('PRAGMA busy_timeout = 500; PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; COMMIT;');
    return lock;
  } catch (error) {
    lock?.close();
    if (/database is locked/.test(String(error))) {
      throw new DataFolderError(whoHolds(folder, lockFile, pidFile), { cause: error });
    }
    throw new DataFolderError(`The data folder ${folder} cannot be written to (${codeOf(error)}).`, {
      cause: error,
    });
  }
}

/**
 * Tells whether a NotAfter holds a data folder. A pid in a file says nothing after a crash: another program may have it by now. The lock
 * does, and no other user can take it, since the file is its owner's alone.
 */
export function isHeld(folder: string): boolean {
  const lockFile = join(folder, 'lock.sqlite');
  if (!existsSync(lockFile)) return false;
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

/** Any program that can open the file can lock it, so the sentence does not blame a NotAfter that is not there. */
function whoHolds(folder: string, lockFile: string, pidFile: string): string {
  const pid = holder(pidFile);
  return pid !== null && isRunning(pid)
    ? `NotAfter already runs on ${folder} (process ${pid}). End it first, or choose another folder with --data.`
    : `Another program holds ${lockFile}, and it is no NotAfter of this machine. End that program, or choose another folder with --data.`;
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
    return codeOf(error) === 'EPERM'; // It runs as another user.
  }
}

/** SQLite would make it with the mode of the process's mask, and everyone who can read it can lock it. */
function makePrivately(path: string): void {
  try {
    closeSync(openSync(path, 'ax', 0o600));
  } catch {
    // It is there already, or cannot be made: taking the lock says why.
  }
}

function codeOf(error: unknown): string {
  return errorCode(error) ?? (error instanceof Error ? error.message : String(error));
}
