import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import { BackupKeeper } from './backup-keeper.ts';
import { Backups } from './backups.ts';
import { type ConfigFile, readConfig } from './config-file.ts';
import { ConfigStore } from './config-store.ts';
import type { DataFolder } from './data-folder.ts';
import type { SecretBox } from './secret-box.ts';

export interface OpenConfigOptions {
  openConfig: (folder: string) => ConfigFile;
  secretBox?: SecretBox | undefined;
  /** Whether the key of the secrets may still come: what is sealed until then is no warning. */
  isKeyAwaited?: boolean | undefined;
  log: Log;
}

/**
 * Opens jobs and settings of a data folder, and seals secrets that are still in plain text.
 * @returns the store, with what was wrong with the file and with secrets in it, as sentences for a person
 * @throws DataFolderError where a newer NotAfter wrote the file, or it cannot be read
 */
export function openConfigStore(
  folder: DataFolder,
  { openConfig, secretBox, isKeyAwaited = false, log }: OpenConfigOptions,
  clock: Clock,
): { store: ConfigStore; warning: string | null; sealed: string | null } {
  const backups = new Backups(folder.file('backups'));
  const { file, config, isToBeSealed, isRepaired, warning, sealed } = readConfig(
    () => openConfig(folder.path),
    folder.file('config.json'),
    backups,
    clock.now(),
    secretBox ?? null,
  );
  const keeper = new BackupKeeper({ backups, path: folder.file('config.json'), clock, log });
  const store = new ConfigStore(file, config, () => clock.now(), secretBox ?? null, keeper);
  if (isToBeSealed || isRepaired)
    store.rewrite().catch((error: unknown) => log.error('rewriting the jobs failed', error));
  return { store, warning, sealed: isKeyAwaited ? null : sealed };
}
