import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Configuration } from 'electron-builder';
import { parse, stringify } from 'yaml';
import { z } from 'zod';

/** What is unpacked or mounted, and must not say that it came as deb or rpm. */
const portable = new Set(['AppImage', 'tar.gz']);
const kept = '.first-run';

/**
 * Splits the packages for Linux into two runs. electron-builder writes `package-type` into the folder that all packages of a run read, at
 * the same time (FpmTarget): an AppImage with that file in it would update itself by `dpkg -i` (electron-updater's main.js).
 */
export function linuxRuns(make: () => Configuration): Configuration[] {
  return [true, false].map((isPortable) => {
    const config = make();
    const targets = z.array(z.looseObject({ target: z.string() })).parse(config.linux?.target);
    const target = targets.filter((one) => portable.has(one.target) === isPortable);
    // SAFETY: the targets are the configuration's own, without some of them.
    return { ...config, linux: { ...config.linux, target } } as Configuration;
  });
}

const feedSchema = z.looseObject({ files: z.array(z.looseObject({ url: z.string() })) });
const feedsOf = (folder: string) => readdirSync(folder).filter((name) => /^latest-linux.*\.yml$/.test(name));

/** Puts the feeds of a run aside, which the next one would overwrite. */
export function keepFeeds(folder: string): void {
  for (const name of feedsOf(folder)) renameSync(join(folder, name), join(folder, name + kept));
}

/** Adds what the second run's feeds name to those that were put aside. Their `path` stays: an old updater reads it, for AppImages. */
export function mergeFeeds(folder: string): void {
  for (const name of feedsOf(folder)) {
    const aside = join(folder, name + kept);
    if (!existsSync(aside)) continue;
    const [first, second] = [aside, join(folder, name)].map((path) =>
      feedSchema.parse(parse(readFileSync(path, 'utf8'))),
    );
    writeFileSync(
      join(folder, name),
      stringify({ ...first, files: [...(first?.files ?? []), ...(second?.files ?? [])] }),
    );
    rmSync(aside);
  }
}
