import { copyFileSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { type Job, storedJobSchema } from '../../../shared/schema/job.ts';
import { type Settings, settingsSchema } from '../../../shared/schema/settings.ts';
import { count, dateInWords } from '../../../shared/text/words.ts';
import { type Backups, stamp } from './backups.ts';
import { configMigrations, type Stored } from './config-migrations.ts';
import { openSecrets } from './config-secrets.ts';
import { DataFolderError } from './data-folder.ts';
import type { SecretBox } from './secret-box.ts';

/** What electron-store and conf have in common: one object, read and written as a whole, atomically. */
export interface ConfigFile {
  store: Record<string, unknown>;
  readonly path: string;
}

/** The version of what is written. A change of meaning raises it and adds a migration. */
export const schemaVersion = configMigrations.length + 1;

export interface Config {
  jobs: Job[];
  settings: Settings;
}

const configSchema = z.object({
  schemaVersion: z.literal(schemaVersion),
  jobs: z.array(storedJobSchema),
  settings: settingsSchema,
});

/** What was read, and the sentence for the person where the file was broken and set aside. */
export interface ReadConfig {
  file: ConfigFile;
  config: Config;
  warning: string | null;
  /** The sentence for the person where there are secrets that cannot be opened; null: there are none. */
  sealed: string | null;
  /** Whether the file has secrets in plain or bound to no place, though there is a key to seal them with. */
  isToBeSealed: boolean;
}

/**
 * Reads the configuration. A broken file is copied aside before anything is written over it, and the newest backup that
 * can be read takes its place.
 * @param open opens the store; conf throws a SyntaxError there for a file that is no JSON
 * @param backups the folder of backups
 * @param secretBox opens the secrets in it; null: those that are sealed stay so
 * @throws DataFolderError where a newer NotAfter wrote the file, or it cannot be read
 */
export function readConfig(
  open: () => ConfigFile,
  path: string,
  backups: Backups,
  now: number,
  secretBox: SecretBox | null = null,
): ReadConfig {
  const { file, config: stored, warning } = readFile(open, path, backups, now);
  const { config, unopened, toBeSealed } = openSecrets(stored, secretBox);
  return {
    file,
    config,
    warning,
    sealed: sealedWarning(unopened, path),
    isToBeSealed: secretBox !== null && toBeSealed > 0,
  };
}

/** The sentence for a person about secrets that cannot be opened; null for none. */
export function sealedWarning(unopened: number, path: string): string | null {
  if (unopened === 0) return null;
  const were = unopened === 1 ? 'was' : 'were';
  return `${count(unopened, 'secret')} in ${path} ${were} sealed by the desktop app and cannot be opened here: a proxy’s password or a webhook’s address. Enter it again, or start the desktop app on this folder.`;
}

type ReadFile = Pick<ReadConfig, 'file' | 'config' | 'warning'>;

function readFile(open: () => ConfigFile, path: string, backups: Backups, now: number): ReadFile {
  const stored = readStored(open, path);
  if (stored && Object.keys(stored.content).length === 0)
    return { file: stored.file, config: emptyConfig(), warning: null };
  const config = stored && parseConfig(stored.content, path);
  if (stored && config) return { file: stored.file, config, warning: keepBackup(backups, path, now) };
  return restore(open, path, backups, now);
}

/** A backup that cannot be taken is told, and is no reason not to start. */
function keepBackup(backups: Backups, path: string, now: number): string | null {
  try {
    backups.keep(path, now);
    return null;
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? String(error);
    return `No backup of ${path} could be taken (${reason}). Is the disk full?`;
  }
}

function emptyConfig(): Config {
  return { jobs: [], settings: settingsSchema.parse({}) };
}

/** Null where the file is no JSON. */
function readStored(
  open: () => ConfigFile,
  path: string,
): { file: ConfigFile; content: Record<string, unknown> } | null {
  try {
    const file = open();
    return { file, content: file.store };
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw new DataFolderError(
      `${path} cannot be read (${error instanceof Error ? error.message : String(error)}).`,
      { cause: error },
    );
  }
}

/** Null where the content is not what NotAfter writes. */
function parseConfig(content: unknown, path: string): Config | null {
  const version =
    typeof content === 'object' && content !== null && 'schemaVersion' in content ? content.schemaVersion : 0;
  if (typeof version === 'number' && version > schemaVersion) {
    throw new DataFolderError(
      `${path} was written by a newer NotAfter. Update this one; the file was left as it is.`,
    );
  }
  if (typeof version !== 'number' || version < 1) return null;
  const current = configMigrations
    .slice(version - 1)
    .reduce((config, migrate) => migrate(config), content as Stored);
  const parsed = configSchema.safeParse({ ...current, schemaVersion });
  return parsed.success ? parsed.data : null;
}

function restore(open: () => ConfigFile, path: string, backups: Backups, now: number): ReadFile {
  const aside = path.replace(/\.json$/, `.broken-${stamp(now)}.json`);
  if (existsSync(path)) copyFileSync(path, aside);
  for (const backup of backups.newestFirst()) {
    const config = readBackup(backup);
    if (!config) continue;
    copyFileSync(backup, path);
    const taken = dateInWords(statSync(backup).mtimeMs);
    const warning = `The file with your jobs could not be read. It was kept as ${aside}, and the backup of ${taken} was restored.`;
    return { file: open(), config, warning };
  }
  writeFileSync(path, '{}', { mode: 0o600 });
  const warning = `The file with your jobs could not be read, and there is no backup. It was kept as ${aside}; NotAfter starts with an empty list.`;
  return { file: open(), config: emptyConfig(), warning };
}

function readBackup(path: string): Config | null {
  try {
    return parseConfig(JSON.parse(readFileSync(path, 'utf8')), path);
  } catch {
    return null; // The next older one may be good.
  }
}
