import {
  closeSync,
  copyFileSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { join } from 'node:path';

/** Backups are taken at least so far apart: it is the most that is lost with a file that breaks. */
export const backupThrottleMs = 60_000;

const maxBackups = 10;
/** The newest are kept whatever their age … */
const newestKept = 3;
/** … and the oldest until another is so old. */
const oldAgeMs = 30 * 24 * 3_600_000;

/** Returns a time as it can stand in a file's name on every system. */
export function stamp(now: number): string {
  return new Date(now).toISOString().replace(/[:.]/g, '-');
}

interface Backup {
  path: string;
  /** Milliseconds since the epoch. */
  takenAt: number;
}

/** Copies of the file of jobs as it was read and found good, or written: ten, of the last minutes to more than a month ago. */
export class Backups {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /**
   * Returns how long to wait before the next copy, in milliseconds: 0 where the newest is older than the throttle, or was
   * taken by a clock that was ahead.
   */
  waitMs(now: number): number {
    const [newest] = this.#newestFirst();
    const age = newest ? now - newest.takenAt : backupThrottleMs;
    return age < 0 ? 0 : Math.max(0, backupThrottleMs - age);
  }

  /** Keeps a copy of the file as it is, unless the newest is younger than the throttle. @throws what the disk refuses */
  keep(path: string, now: number): void {
    if (this.waitMs(now) === 0) this.take(path, now);
  }

  /**
   * Keeps a copy of the file as it is. It is on disk before it counts, since a power cut is what it is for.
   * @throws what the disk refuses
   */
  take(path: string, now: number): void {
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
    const unfinished = join(this.#folder, 'unfinished.json');
    try {
      copyFileSync(path, unfinished);
      const file = openSync(unfinished, 'r+');
      try {
        fsyncSync(file);
      } finally {
        closeSync(file);
      }
      renameSync(unfinished, join(this.#folder, `config-${stamp(now)}.json`));
    } catch (error) {
      rmSync(unfinished, { force: true });
      throw error;
    }
    const all = this.#newestFirst();
    const kept = keptOf(all, now);
    for (const { path: old } of all.filter((backup) => !kept.has(backup))) rmSync(old, { force: true });
  }

  /** Returns the paths of the backups, by the times at which they were taken. */
  newestFirst(): string[] {
    return this.#newestFirst().map(({ path }) => path);
  }

  /** Returns when a backup was taken, in milliseconds since the epoch. */
  takenAt(path: string): number {
    return this.#newestFirst().find((backup) => backup.path === path)?.takenAt ?? 0;
  }

  #newestFirst(): Backup[] {
    let names: string[];
    try {
      names = readdirSync(this.#folder);
    } catch {
      return []; // No backup has been taken yet.
    }
    return names
      .flatMap((name) => {
        const [, day, hour, minute, second, ms] =
          /^config-(\d{4}-\d\d-\d\d)T(\d\d)-(\d\d)-(\d\d)-(\d{3})Z\.json$/.exec(name) ?? [];
        const takenAt = Date.parse(`${day}T${hour}:${minute}:${second}.${ms}Z`);
        return Number.isNaN(takenAt) ? [] : [{ path: join(this.#folder, name), takenAt }];
      })
      .sort((one, other) => other.takenAt - one.takenAt);
  }
}

/**
 * Thins backups out so that each is a few times as old as the one before it: ten edits in an hour must not push out how it was
 * a week ago. Of those between the newest and the oldest, the one goes whose neighbours are nearest to each other.
 */
function keptOf(newestFirst: readonly Backup[], now: number): Set<Backup> {
  const kept = [...newestFirst];
  const age = (index: number) => Math.max(now - (kept[index]?.takenAt ?? now), 0) + backupThrottleMs;
  while (kept.length > maxBackups) {
    const oldest = kept.length - 1;
    const between = Array.from({ length: oldest - newestKept }, (_, index) => newestKept + index);
    const nearest = between.reduce((best, index) => (gap(index) < gap(best) ? index : best), newestKept);
    kept.splice(age(oldest - 1) >= oldAgeMs ? oldest : nearest, 1);
  }
  return new Set(kept);

  function gap(index: number): number {
    return age(index + 1) / age(index - 1);
  }
}
