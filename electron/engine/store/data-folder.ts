import { accessSync, constants, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

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
  const lock = takeLock(path, file('lock.sqlite'), file('lock.pid'));
  heldLocks.add(lock);
  nameHolder(file('lock.pid'));
  return {
    path,
    file,
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
    if (storageCodes.has((error as NodeJS.ErrnoException).code ?? '')) return;
    throw error;
  }
}

const storageCodes = new Set(['ENOSPC', 'EDQUOT', 'EROFS', 'EACCES']);

function takeLock(folder: string, lockFile: string, pidFile: string): DatabaseSync {
  let lock: DatabaseSync | undefined;
  try {
    lock = new DatabaseSync(lockFile);
    lock.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; COMMIT;');
    return lock;
  } catch (error) {
    lock?.close();
    if (/database is locked/.test(String(error))) {
      const pid = holder(pidFile);
      throw new DataFolderError(
        `NotAfter already runs on ${folder}${pid ? ` (process ${pid})` : ''}. End it first, or choose another folder with --data.`,
        { cause: error },
      );
    }
    throw new DataFolderError(`The data folder ${folder} cannot be written to (${codeOf(error)}).`, {
      cause: error,
    });
  }
}

function holder(pidFile: string): string | null {
  try {
    return /^\d+$/.exec(readFileSync(pidFile, 'utf8'))?.[0] ?? null;
  } catch {
    return null; // Who holds the lock is a courtesy; that it is held is known without.
  }
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? (error instanceof Error ? error.message : String(error));
}
