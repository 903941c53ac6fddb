import type { Pace } from '../../../shared/schema/channels/types.ts';
import { moveKey } from '../move-key.ts';

/** Keeps messages to a channel as far apart as its provider asks for. Times in milliseconds since the epoch. */
export class Pacer {
  readonly #sent = new Map<string, number[]>();
  readonly #until = new Map<string, number>();

  /** Takes down that a message is sent now. */
  note(channel: string, pace: readonly Pace[], now: number): void {
    if (pace.length === 0) return;
    const most = Math.max(...pace.map(({ count }) => count));
    const sent = [...(this.#sent.get(channel) ?? []).filter((at) => at <= now), now].slice(-most);
    this.#sent.set(channel, sent);
    const until = pace.map(({ count, perMs }) => (sent.at(-count) ?? Number.NEGATIVE_INFINITY) + perMs);
    this.#until.set(channel, Math.max(...until));
  }

  /** Follows a channel to its new name: its provider counts on. */
  rename(from: string, to: string): void {
    moveKey(this.#sent, from, to);
    moveKey(this.#until, from, to);
  }

  /** Returns the channels that must wait. */
  waiting(now: number): string[] {
    for (const [channel, until] of this.#until) if (until <= now) this.#until.delete(channel);
    return [...this.#until.keys()];
  }

  /** Returns when the next of them may send; infinity: none waits. */
  nextAt(now: number): number {
    return Math.min(Number.POSITIVE_INFINITY, ...[...this.#until.values()].filter((until) => until > now));
  }
}
