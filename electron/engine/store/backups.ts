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

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
/** The newest are kept whatever their age … */
const newestKept = 3;
/** … and of each of these ages one: ten edits in an hour must not push out how it was a week ago. */
const agesMs = [0, hourMs, 6 * hourMs, dayMs, 3 * dayMs, 7 * dayMs, 30 * dayMs];

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
 * The newest, and the oldest of each range of ages: each grows into the next range, where it takes the place of nothing
 * older. Of the last range, which has no end, the newest.
 */
function keptOf(newestFirst: readonly Backup[], now: number): Set<Backup> {
  const ofAges = agesMs.map((from, index) => {
    const to = agesMs[index + 1] ?? Number.POSITIVE_INFINITY;
    const within = newestFirst.filter(({ takenAt }) => now - takenAt >= from && now - takenAt < to);
    return to === Number.POSITIVE_INFINITY ? within[0] : within.at(-1);
  });
  return new Set([...newestFirst.slice(0, newestKept), ...ofAges.filter((backup) => backup !== undefined)]);
}
