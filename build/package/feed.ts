import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';

/** What electron-updater reads of latest*.yml: https://www.electron.build/auto-update */
const feedSchema = z.object({ files: z.array(z.object({ url: z.string() })), path: z.string() });

/**
 * Finds what would keep a copy from its update: a name that GitHub stores otherwise than it is written (it makes a dot of every
 * character outside these), and a file that a feed names and that is not there.
 * @param folder of everything that is to be uploaded
 * @returns a sentence for each fault
 */
export function feedFaults(folder: string): string[] {
  const names = readdirSync(folder);
  const feeds = names.filter((name) => /^latest.*\.yml$/.test(name));
  const renamed = names.filter((name) => !/^[A-Za-z0-9._-]+$/.test(name));
  return [
    ...(feeds.length === 0 ? ['There is no feed (latest*.yml).'] : []),
    ...renamed.map((name) => `GitHub would store ${JSON.stringify(name)} under another name.`),
    ...feeds.flatMap((feed) => {
      const { files, path } = feedSchema.parse(parse(readFileSync(join(folder, feed), 'utf8')));
      const named = [...new Set([...files.map(({ url }) => url), path])];
      return named
        .filter((name) => !existsSync(join(folder, name)))
        .map((name) => `${feed} names ${name}, which is not there.`);
    }),
  ];
}

if (process.argv[1] === import.meta.filename) {
  const faults = feedFaults(process.argv[2] ?? 'assets');
  process.stderr.write(faults.map((fault) => `${fault}\n`).join(''));
  process.exitCode = faults.length === 0 ? 0 : 1;
}
