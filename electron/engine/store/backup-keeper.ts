import type { Clock } from '../clock.ts';
import { errorCode } from '../error-code.ts';
import type { Log } from '../log.ts';
import type { Backups } from './backups.ts';

export interface BackupKeeperOptions {
  backups: Backups;
  /** The file that is backed up. */
  path: string;
  clock: Pick<Clock, 'now' | 'after'>;
  log: Pick<Log, 'warn'>;
}

/** Takes a backup after a change: at once, or when the throttle since the one before has passed. */
export class BackupKeeper {
  readonly #options: BackupKeeperOptions;
  #cancelTimer: (() => void) | null = null;

  constructor(options: BackupKeeperOptions) {
    this.#options = options;
  }

  /** Notes that the file was written. */
  changed(): void {
    if (this.#cancelTimer) return;
    const { backups, clock } = this.#options;
    const waitMs = backups.waitMs(clock.now());
    if (waitMs === 0) this.#take();
    else this.#cancelTimer = clock.after(waitMs, () => this.flush());
  }

  /** Takes the backup that waits, if one does. */
  flush(): void {
    if (!this.#cancelTimer) return;
    this.#cancelTimer();
    this.#cancelTimer = null;
    this.#take();
  }

  #take(): void {
    const { backups, path, clock, log } = this.#options;
    try {
      backups.take(path, clock.now());
    } catch (error) {
      // The change itself is on disk; the next one tries again.
      log.warn(`no backup of ${path} could be taken (${errorCode(error) ?? error})`);
    }
  }
}
