import { copyFileSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** How many backups are kept, and how far apart they are taken at least. */
const maxBackups = 10;
const apartMs = 3_600_000;

/** A time as it can stand in a file's name on every system. */
export function stamp(now: number): string {
  return new Date(now).toISOString().replace(/[:.]/g, '-');
}

/** Copies of a file that was read and found good, the oldest making room for the newest. */
export class Backups {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Keeps a copy of the file as it is, unless the newest is younger than an hour. */
  keep(path: string, now: number): void {
    const [newest] = this.newestFirst();
    if (newest && now - statSync(newest).mtimeMs < apartMs) return;
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
    copyFileSync(path, join(this.#folder, `config-${stamp(now)}.json`));
    for (const old of this.newestFirst().slice(maxBackups)) rmSync(old, { force: true });
  }

  /** Paths of the backups. Their names begin with the time at which they were taken. */
  newestFirst(): string[] {
    try {
      const names = readdirSync(this.#folder).filter((name) => /^config-.*\.json$/.test(name));
      return names
        .sort()
        .reverse()
        .map((name) => join(this.#folder, name));
    } catch {
      return []; // No backup has been taken yet.
    }
  }
}
