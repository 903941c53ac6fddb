import { copyFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { maxKeptChannels } from '../../../shared/schema/channels/channel.ts';
import type { Job } from '../../../shared/schema/job.ts';
import type { SavedSearch } from '../../../shared/schema/saved-search.ts';
import { type Settings, settingsSchema } from '../../../shared/schema/settings.ts';
import type { Source } from '../../../shared/schema/source.ts';
import { count, dateInWords, list } from '../../../shared/text/words.ts';
import { errorCode } from '../error-code.ts';
import { type Backups, stamp } from './backups.ts';
import { configMigrations } from './config-migrations.ts';
import { openSecrets } from './config-secrets.ts';
import { DataFolderError } from './data-folder-error.ts';
import { type Salvaged, salvage } from './salvage-config.ts';
import type { SecretBox } from './secret-box.ts';
import { isRecord, type Stored } from './stored-record.ts';

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
  /** The oldest first. */
  sources: Source[];
  /** Saved searches, the oldest first. */
  searches: SavedSearch[];
}

/** What was read, and the sentences for the person where the file was broken, in whole or in part, and set aside. */
export interface ReadConfig {
  file: ConfigFile;
  config: Config;
  warning: string | null;
  /** The sentence for the person where there are secrets that cannot be opened; null: there are none. */
  sealed: string | null;
  /** Whether the file has secrets in plain or bound to no place, though there is a key to seal them with. */
  isToBeSealed: boolean;
  /** Whether a part of the file could not be read, so that what is in use is not what the file has. */
  isRepaired: boolean;
}

/**
 * Reads the configuration. A broken file is copied aside before anything is written over it, and the newest backup that can be read as a
 * whole takes its place, or else what can be read of the newest. A file that is missing beside backups is a broken one. Of a file that is one
 * but for some jobs or settings the rest is read, and what could not be is named.
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
  const { file, config: stored, warning, isRepaired } = readFile(open, path, backups, now);
  const { config, unopened, toBeSealed } = openSecrets(stored, secretBox);
  return {
    file,
    config,
    warning,
    sealed: sealedWarning(unopened, path),
    isToBeSealed: secretBox !== null && toBeSealed > 0,
    isRepaired,
  };
}

/** The sentence for a person about secrets that cannot be opened; null for none. */
export function sealedWarning(unopened: number, path: string): string | null {
  if (unopened === 0) return null;
  const [were, them] = unopened === 1 ? ['was', 'it'] : ['were', 'them'];
  return `${count(unopened, 'secret')} in ${path} ${were} sealed by the desktop app and cannot be opened here, such as the password of a proxy, or the address or token of a channel. Enter ${them} again, or start the desktop app on this folder.`;
}

type ReadFile = Pick<ReadConfig, 'file' | 'config' | 'warning' | 'isRepaired'>;

function readFile(open: () => ConfigFile, path: string, backups: Backups, now: number): ReadFile {
  const isMissing = !existsSync(path);
  const stored = readStored(open, path);
  const isEmpty = stored && Object.keys(stored.content).length === 0;
  if (isEmpty && backups.newestFirst().length === 0)
    return { file: stored.file, config: emptyConfig(), warning: null, isRepaired: false };
  const config = stored && !isEmpty && parseConfig(stored.content, path);
  if (!stored || !config) return restore(open, path, backups, now, isMissing);
  const warning = isWhole(config)
    ? keepBackup(backups, path, now)
    : repair(config, setAside(path, now), backups);
  return { file: stored.file, config, warning, isRepaired: !isWhole(config) };
}

/** A failed backup is reported, and does not prevent the start. */
function keepBackup(backups: Backups, path: string, now: number): string | null {
  try {
    backups.keep(path, now);
    return null;
  } catch (error) {
    const reason = errorCode(error) ?? String(error);
    return `No backup of ${path} could be taken (${reason}). Is the disk full?`;
  }
}

function emptyConfig(): Config {
  return { jobs: [], settings: settingsSchema.parse({}), sources: [], searches: [] };
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

/** Null where the content is not what NotAfter writes, or nothing of it can be read. */
function parseConfig(content: unknown, path: string): Salvaged | null {
  const version = isRecord(content) ? (content['schemaVersion'] ?? 0) : 0;
  if (typeof version === 'number' && version > schemaVersion) {
    throw new DataFolderError(
      `${path} was written by a newer NotAfter. Update this one; the file was left as it is.`,
    );
  }
  if (!isRecord(content) || typeof version !== 'number' || version < 1) return null;
  const { jobs, settings } = content;
  if (!Array.isArray(jobs) || !isRecord(settings ?? {})) return null;
  // Migrations take jobs for objects; what is none is named by `salvage`.
  const [records, others] = [jobs.filter(isRecord), jobs.filter((job) => !isRecord(job))];
  const current = configMigrations
    .slice(version - 1)
    .reduce<Stored>((config, migrate) => migrate(config), { ...content, jobs: records });
  const migrated = Array.isArray(current['jobs']) ? current['jobs'] : [];
  const salvaged = salvage({ ...current, jobs: [...migrated, ...others] });
  return salvaged.jobs.length === 0 && salvaged.badJobs.length > 0 ? null : salvaged;
}

function isWhole({ badJobs, badSettings, badEntries, ...others }: Salvaged): boolean {
  const { badSources, badSearches, unknownFields } = others;
  const all = [badJobs, badSettings, badEntries, badSources, badSearches, unknownFields];
  return all.every((bad) => bad.length === 0);
}

type Bad = Salvaged['badJobs'][number];

/**
 * Takes jobs that could not be read from the newest backup that has them.
 * @param config gets them
 * @returns the sentences for the person
 */
function repair(config: Salvaged, aside: string, backups: Backups): string {
  const restored: string[] = [];
  const lost: string[] = [];
  const kept = readBackups(backups).map((backup) => backup.config);
  const good = kept.flatMap(({ jobs }) => jobs);
  const sources = kept.flatMap((backup) => backup.sources);
  const searches = kept.flatMap((backup) => backup.searches);
  const take = <Entry extends { id: string }>(bad: Bad[], entries: Entry[], known: readonly Entry[]) => {
    for (const { id, words } of bad) {
      const found = id === null ? undefined : known.find((one) => one.id === id);
      if (found) entries.push(found);
      (found ? restored : lost).push(words);
    }
  };
  take(config.badJobs, config.jobs, good);
  take(config.badSources, config.sources, sources);
  take(config.badSearches, config.searches, searches);
  return [...faultsOf(config, restored, lost), `The file as it was is kept as ${aside}.`].join(' ');
}

/** Returns sentences that name what could not be read of a file. @param lost what else of its lists is left out */
function faultsOf(config: Salvaged, restored: readonly string[], lost: readonly string[]): string[] {
  const sentences = [
    [
      'could not be read and was restored from a backup',
      'could not be read and were restored from backups',
      restored,
    ],
    ['could not be read and was left out', 'could not be read and were left out', lost],
  ] as const;
  return [
    ...sentences.flatMap(([one, many, words]) =>
      words.length === 0
        ? []
        : [`${count(words.length, 'job')} ${words.length === 1 ? one : many}: ${list(words, 5)}.`],
    ),
    ...(config.badSettings.length === 0
      ? []
      : [`Settings that could not be read have their defaults: ${list(config.badSettings, 5)}.`]),
    ...config.badEntries.map(
      ({ field, entries }) =>
        `Of ${field}, what could not be read was left out: ${list(entries, maxKeptChannels)}.`,
    ),
    ...(config.unknownFields.length === 0
      ? []
      : [`Fields that this version does not know were left out: ${list(config.unknownFields, 5)}.`]),
  ];
}

function setAside(path: string, now: number): string {
  const aside = path.replace(/\.json$/, `.broken-${stamp(now)}.json`);
  if (existsSync(path)) copyFileSync(path, aside);
  return aside;
}

function restore(
  open: () => ConfigFile,
  path: string,
  backups: Backups,
  now: number,
  isMissing: boolean,
): ReadFile {
  const aside = setAside(path, now);
  const what = isMissing
    ? `The file with your jobs, ${path}, was missing.`
    : `The file with your jobs could not be read. It was kept as ${aside}`;
  const joint = isMissing ? ' The' : ', and the';
  const readable = readBackups(backups);
  // A whole one goes before newer ones of which a part cannot be read, and these before an empty list.
  const found = readable.find((backup) => isWhole(backup.config)) ?? readable[0];
  if (found) {
    const { config } = found;
    copyFileSync(found.path, path);
    const { badJobs, badSources, badSearches } = config;
    const lost = [...badJobs, ...badSources, ...badSearches].map(({ words }) => words);
    const warning = [
      `${what}${joint} backup of ${dateInWords(backups.takenAt(found.path))} was restored. Changes after that time are lost.`,
      ...faultsOf(config, [], lost),
    ].join(' ');
    return { file: open(), config, warning, isRepaired: !isWhole(config) };
  }
  const config = emptyConfig();
  writeFileSync(path, JSON.stringify({ schemaVersion, ...config }), { mode: 0o600 });
  const warning = isMissing
    ? `${what} None of its backups can be read; NotAfter starts with an empty list.`
    : `${what}; there is no backup that can be read, so NotAfter starts with an empty list.`;
  return { file: open(), config, warning, isRepaired: false };
}

/** Returns what can be read of each backup, the newest first. */
function readBackups(backups: Backups): { path: string; config: Salvaged }[] {
  return backups.newestFirst().flatMap((path) => {
    const config = readBackup(path);
    return config ? { path, config } : [];
  });
}

function readBackup(path: string): Salvaged | null {
  try {
    return parseConfig(JSON.parse(readFileSync(path, 'utf8')), path);
  } catch {
    return null; // The next older one may be good.
  }
}
