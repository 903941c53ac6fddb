import { constants, copyFileSync, existsSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { errorCode } from '../error-code.ts';
import { DataFolderError } from './data-folder-error.ts';

const copyName = /^history-version-\d+\.sqlite$/;

/**
 * Copies the file of results before its form changes, to `backups/history-version-N.sqlite`: the way back to an older version
 * (docs/upgrade.md). The copy of an earlier change is removed then, so that there is one.
 * @param version the form that the file has
 * @throws DataFolderError where it cannot be copied; nothing has been changed then
 */
export function backUpDatabase(database: DatabaseSync, path: string, version: number): void {
  // What is still in the log belongs to the file; nothing else writes while the data folder is locked.
  database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  const folder = join(dirname(path), 'backups');
  const copy = join(folder, `history-version-${version}.sqlite`);
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    copyFileSync(path, copy, constants.COPYFILE_FICLONE);
  } catch (error) {
    if (existsSync(copy)) rmSync(copy);
    throw new DataFolderError(refusal(path, folder, error), { cause: error });
  }
  for (const name of readdirSync(folder))
    if (copyName.test(name) && join(folder, name) !== copy) rmSync(join(folder, name), { force: true });
}

function refusal(path: string, folder: string, error: unknown): string {
  const megabytes = Math.ceil(statSync(path).size / 1_000_000);
  const code = errorCode(error) ?? String(error);
  return `${path} has to be updated, and cannot be copied to ${folder} before that (${code}). Free ${megabytes} MB of disk space and start again; nothing was changed.`;
}
