import { readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { uptime } from 'node:os';
import { z } from 'zod';
import type { Interruption } from '../../../shared/schema/interruption.ts';
import { errorCode } from '../error-code.ts';
import type { Log } from '../log.ts';

/** The file changes so often at the most: it tells how long NotAfter was well, to a few minutes. */
const signMs = 5 * 60_000;

const markerSchema = z.object({ startedAt: z.iso.datetime(), bootId: z.string().optional() });

/** Linux gives each start of the computer an id (proc_sys_kernel(5)). */
const bootIdFile = '/proc/sys/kernel/random/boot_id';

export interface RunMarkerOptions {
  path: string;
  log: Pick<Log, 'warn'>;
  /** Returns for how long this computer has been on, in milliseconds, sleep included. */
  uptimeMs?: () => number;
  /** Returns the id of this start of the computer; null: the system has none. */
  bootId?: () => string | null;
}

/**
 * Marks a run of NotAfter by a file that is removed by an orderly stop: one that is there at a start is of a run that ended otherwise. Its
 * time of change is the last sign of life.
 */
export class RunMarker {
  readonly #options: RunMarkerOptions;
  #signedAt = 0;
  #isBegun = false;

  constructor(options: RunMarkerOptions) {
    this.#options = options;
  }

  /**
   * Marks that this run has begun. @param now milliseconds since the epoch
   * @returns how the run before it was interrupted; null: it was ended, or there was none
   */
  begin(now: number): Interruption | null {
    const before = this.#read(now);
    this.#isBegun = true;
    this.#signedAt = now;
    this.#try(() => {
      const { path, bootId = readBootId } = this.#options;
      const marker = { startedAt: isoOf(now), bootId: bootId() ?? undefined };
      writeFileSync(path, JSON.stringify(marker), { mode: 0o600 });
      this.#sign(now);
    });
    return before;
  }

  /** Notes that this run is well, every few minutes. @param now milliseconds since the epoch */
  sign(now: number): void {
    if (!this.#isBegun || Math.abs(now - this.#signedAt) < signMs) return;
    this.#signedAt = now;
    this.#try(() => this.#sign(now));
  }

  /** Notes that this run is being stopped: from here on a kill interrupts nothing. */
  end(): void {
    if (!this.#isBegun) return;
    this.#isBegun = false;
    this.#try(() => rmSync(this.#options.path, { force: true }));
  }

  #read(now: number): Interruption | null {
    const { path, uptimeMs = () => uptime() * 1000, bootId = readBootId } = this.#options;
    try {
      const { mtimeMs } = statSync(path);
      const { startedAt, bootId: bootBefore } = markerSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
      // A clock that was set back must not make it end after now, nor before it began.
      const lastAliveAt = Math.min(Math.max(mtimeMs, Date.parse(startedAt)), now);
      const boot = bootId();
      // After a power cut the clock may be wrong until it is set by the network: only without ids does the time since the start tell.
      const isRestarted =
        boot !== null && bootBefore !== undefined ? boot !== bootBefore : now - uptimeMs() > lastAliveAt;
      const cause = isRestarted ? 'restart' : 'killed';
      return { cause, lastAliveAt: isoOf(lastAliveAt), resumedAt: isoOf(now) };
    } catch (error) {
      // Half a marker is one of a run that was cut off while it began: nothing had been watched yet.
      if (errorCode(error) !== 'ENOENT')
        this.#options.log.warn(`${path} cannot be read and is written again`);
      return null;
    }
  }

  #sign(now: number): void {
    utimesSync(this.#options.path, now / 1000, now / 1000);
  }

  /** A disk that takes no marker is reported elsewhere, and must not end a run. */
  #try(write: () => void): void {
    const { path, log } = this.#options;
    try {
      write();
    } catch (error) {
      log.warn(`${path} could not be written (${errorCode(error) ?? String(error)})`);
    }
  }
}

function readBootId(): string | null {
  try {
    return readFileSync(bootIdFile, 'utf8').trim();
  } catch {
    return null; // Another system than Linux.
  }
}

const isoOf = (time: number) => new Date(time).toISOString();
