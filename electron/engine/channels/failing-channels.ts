import type { FailingChannel } from '../../../shared/schema/event.ts';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import { moveKey } from '../move-key.ts';

/** A channel that has failed for this long is reported. */
export const failingNoticeMs = 60 * 60_000;

export interface FailingChannelsOptions {
  clock: Clock;
  log: Log;
  /** Whether a channel of this name is on. */
  isOn: (name: string) => boolean;
  /** Whether this machine is known to be offline: then no channel is to blame. */
  isOffline: () => boolean;
  /** Called when other channels than before have failed for an hour. */
  onChange: (failing: readonly FailingChannel[]) => void;
}

/** Follows which channels fail, and reports those that have failed for an hour without a success. */
export class FailingChannels {
  readonly #options: FailingChannelsOptions;
  /** When the first failure in a row was, by channel, in milliseconds since the epoch. */
  readonly #since = new Map<string, number>();
  #reported = '';
  #cancelTimer: (() => void) | null = null;

  constructor(options: FailingChannelsOptions) {
    this.#options = options;
  }

  /** Takes over what failed before the program ended. @param since when, in milliseconds since the epoch, by channel */
  start(since: Iterable<readonly [string, number]>): void {
    for (const [name, at] of since) if (!this.#since.has(name)) this.#since.set(name, at);
    this.look();
  }

  stop(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = null;
  }

  /** Notes what became of an attempt. */
  note(name: string, isDelivered: boolean): void {
    if (isDelivered && this.#since.delete(name)) this.look();
    if (isDelivered || this.#since.has(name)) return;
    this.#since.set(name, this.#options.clock.now());
    this.look();
  }

  /** Follows a channel to its new name. */
  rename(from: string, to: string): void {
    moveKey(this.#since, from, to);
    this.look();
  }

  /** Returns for how long a channel has failed, in milliseconds; 0: it does not. */
  failingMs(name: string): number {
    const since = this.#since.get(name);
    return since === undefined ? 0 : Math.max(0, this.#options.clock.now() - since);
  }

  /** Looks at the clock, the network and the settings again. */
  look(): void {
    const { clock, log, isOn, isOffline, onChange } = this.#options;
    this.stop();
    const now = clock.now();
    const failing = [...this.#since].filter(([name]) => isOn(name));
    const long = isOffline() ? [] : failing.filter(([, since]) => now - since >= failingNoticeMs);
    const report = long.map(([name, since]) => ({ name, since: new Date(since).toISOString() }));
    const words = JSON.stringify(report);
    if (words !== (this.#reported || '[]')) {
      this.#reported = words;
      for (const { name, since } of report) log.warn(`the channel ${name} has taken no alert since ${since}`);
      onChange(report);
    }
    const next = failing.map(([, since]) => since + failingNoticeMs).filter((at) => at > now);
    if (next.length > 0) this.#cancelTimer = clock.after(Math.min(...next) - now, () => this.look());
  }
}
