import type { Clock } from '../../clock.ts';
import type { EventJournal } from '../../events/event-journal.ts';
import type { Monitor } from '../../monitor/monitor.ts';
import { rejectOnAbort } from '../../reject-on-abort.ts';
import type { RuleSource } from '../../sources.ts';

export interface RestOptions {
  monitor: Monitor;
  rules: RuleSource;
  journal: EventJournal;
  clock: Pick<Clock, 'after'>;
}

/** How often a search that waits looks whether its hours have begun. */
const lookEveryMs = 60_000;

/** Holds searches while checks are paused, this machine is offline, or their own conditions do not hold. */
export class Rest {
  readonly #options: RestOptions;
  #changed = Promise.withResolvers<void>();

  constructor(options: RestOptions) {
    this.#options = options;
    options.monitor.events.subscribe(({ type }) => {
      if (type === 'connectivity' || type === 'pause-ended' || type === 'tick') this.lookAgain();
    });
    options.journal.subscribe(({ type }) => type === 'settings-changed' && this.lookAgain());
  }

  /** Has searches that wait look again whether they may go on. */
  lookAgain(): void {
    const { resolve } = this.#changed;
    this.#changed = Promise.withResolvers();
    resolve();
  }

  get isOffline(): boolean {
    return this.#options.monitor.offlineSince !== null;
  }

  get isHeld(): boolean {
    return this.isOffline || this.#options.rules.settings.pause !== null;
  }

  /**
   * Waits while searches are held.
   * @param mayRun whether it is within the hours of the search, and not too many others run
   * @param tell called when the wait begins, and when it ends
   * @throws the signal's reason where it aborts
   */
  async whileHeld(
    signal: AbortSignal,
    mayRun: () => boolean,
    tell: (isHeld: boolean, isOffline: boolean) => void,
  ): Promise<void> {
    const isHeld = () => this.isHeld || !mayRun();
    if (!isHeld()) return;
    tell(true, this.isOffline);
    using aborted = rejectOnAbort(signal);
    while (isHeld()) await this.#next(aborted.promise);
    tell(false, this.isOffline);
  }

  /** Waits until something has changed, or a while has passed. */
  async #next(aborted: Promise<never>): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const cancel = this.#options.clock.after(lookEveryMs, resolve);
    try {
      await Promise.race([this.#changed.promise, promise, aborted]);
    } finally {
      cancel();
    }
  }
}
