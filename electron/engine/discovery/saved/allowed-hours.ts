import { type DailyHours, hoursEnd } from '../../../../shared/schema/time-window.ts';
import type { Clock } from '../../clock.ts';

/**
 * The hours of the day in which a search may run, as they are set now. A run asks before each connection: the answer is kept for as long as
 * it holds.
 */
export class AllowedHours {
  readonly #read: () => DailyHours | null;
  readonly #clock: Pick<Clock, 'now'>;
  /** Hours that were open, when that was found, and until when they are. */
  #open: { hours: DailyHours; from: number; until: number } | null = null;

  /** @param read returns the hours; null: at any time */
  constructor(read: () => DailyHours | null, clock: Pick<Clock, 'now'>) {
    this.#read = read;
    this.#clock = clock;
  }

  get isOpen(): boolean {
    const hours = this.#read();
    if (hours === null) return true;
    const now = this.#clock.now();
    const open = this.#open;
    if (open?.hours === hours && now >= open.from && now < open.until) return true;
    const until = hoursEnd(hours, now);
    this.#open = until === null ? null : { hours, from: now, until };
    return until !== null;
  }
}
