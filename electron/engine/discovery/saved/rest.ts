import type { EventJournal } from '../../events/event-journal.ts';
import type { Monitor } from '../../monitor/monitor.ts';
import { rejectOnAbort } from '../../probe/unreachable.ts';
import type { RuleSource } from '../../sources.ts';

export interface RestOptions {
  monitor: Monitor;
  rules: RuleSource;
  journal: EventJournal;
}

/** Holds searches while checks are paused, or this machine is offline. */
export class Rest {
  readonly #options: RestOptions;
  #changed = Promise.withResolvers<void>();

  constructor(options: RestOptions) {
    this.#options = options;
    const onChange = () => {
      const { resolve } = this.#changed;
      this.#changed = Promise.withResolvers();
      resolve();
    };
    options.monitor.events.subscribe(({ type }) => {
      if (type === 'connectivity' || type === 'pause-ended' || type === 'tick') onChange();
    });
    options.journal.subscribe(({ type }) => type === 'settings-changed' && onChange());
  }

  get isOffline(): boolean {
    return this.#options.monitor.offlineSince !== null;
  }

  get isHeld(): boolean {
    return this.isOffline || this.#options.rules.settings.pause !== null;
  }

  /**
   * Waits while searches are held.
   * @param tell called when the wait begins, and when it ends
   * @throws the signal's reason where it aborts
   */
  async whileHeld(signal: AbortSignal, tell: (isHeld: boolean, isOffline: boolean) => void): Promise<void> {
    if (!this.isHeld) return;
    tell(true, this.isOffline);
    using aborted = rejectOnAbort(signal);
    while (this.isHeld) await Promise.race([this.#changed.promise, aborted.promise]);
    tell(false, this.isOffline);
  }
}
