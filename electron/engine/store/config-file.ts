import { copyFileSync, existsSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { type Job, jobSchema } from '../../../shared/job.ts';
import { type Settings, settingsSchema } from '../../../shared/settings.ts';
import { DataFolderError } from './data-folder.ts';

/** What electron-store and conf have in common: one object, read and written as a whole, atomically. */
export interface ConfigFile {
  store: Record<string, unknown>;
  readonly path: string;
}

/** The version of what is written. A change of meaning raises it and adds a migration. */
export const schemaVersion = 1;

export interface Config {
  jobs: Job[];
  settings: Settings;
}

const configSchema = z.object({
  schemaVersion: z.literal(schemaVersion),
  jobs: z.array(jobSchema),
  settings: settingsSchema,
});

/** What was read, and the sentence for the person where the file was broken and set aside. */
export interface ReadConfig {
  config: Config;
  warning: string | null;
}

/**
 * Reads the configuration. A broken file is copied aside before anything is written over it.
 * @param open opens the store; conf throws a SyntaxError there for a file that is no JSON
 * @throws DataFolderError where a newer NotAfter wrote the file, or it cannot be read
 */
export function readConfig(
  open: () => ConfigFile,
  path: string,
  now: number,
): ReadConfig & { file: ConfigFile } {
  const empty: Config = { jobs: [], settings: settingsSchema.parse({}) };
  let file: ConfigFile;
  let stored: Record<string, unknown>;
  try {
    file = open();
    stored = file.store;
  } catch (error) {
    if (!(error instanceof SyntaxError)) {
      throw new DataFolderError(
        `${path} cannot be read (${error instanceof Error ? error.message : String(error)}).`,
      );
    }
    const warning = setAside(path, now);
    writeFileSync(path, '{}', { mode: 0o600 });
    return { file: open(), config: empty, warning };
  }
  if (Object.keys(stored).length === 0) return { file, config: empty, warning: null };
  const version = stored['schemaVersion'];
  if (typeof version === 'number' && version > schemaVersion) {
    throw new DataFolderError(
      `${path} was written by a newer NotAfter. Update this one; the file was left as it is.`,
    );
  }
  const parsed = configSchema.safeParse(stored);
  if (parsed.success) return { file, config: parsed.data, warning: null };
  return { file, config: empty, warning: setAside(path, now) };
}

function setAside(path: string, now: number): string {
  const aside = path.replace(/\.json$/, `.broken-${new Date(now).toISOString().replace(/[:.]/g, '-')}.json`);
  if (existsSync(path)) copyFileSync(path, aside);
  return `The file with your jobs could not be read. It was kept as ${aside}, and NotAfter starts with an empty list.`;
}
