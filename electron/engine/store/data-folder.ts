import { accessSync, constants } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { errorCode } from '../error-code.ts';
import { DataFolderError } from './data-folder-error.ts';
import { takeFolderLock } from './folder-lock.ts';
import { makeFolder } from './make-folder.ts';

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

/**
 * Makes the folder if need be and takes its lock.
 * @throws DataFolderError where the folder cannot be written to or another NotAfter uses it
 */
export function openDataFolder(path: string): DataFolder {
  const file = (name: string) => join(path, name);
  try {
    makeFolder(path);
  } catch (error) {
    throw new DataFolderError(`The data folder ${path} cannot be made (${codeOf(error)}).`, { cause: error });
  }
  try {
    accessSync(path, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new DataFolderError(`The data folder ${path} cannot be written to (${codeOf(error)}).`, {
      cause: error,
    });
  }
  const lock = takeFolderLock(path);
  return { path, file, warning: lock.warning, [Symbol.dispose]: lock[Symbol.dispose] };
}

function codeOf(error: unknown): string {
  return errorCode(error) ?? (error instanceof Error ? error.message : String(error));
}
