import { type DailyHours, hoursEnd } from '../../../../shared/schema/time-window.ts';
import type { Clock } from '../../clock.ts';

/** The hours of the day in which a search may run. A run asks before each connection: the answer is kept for as long as it holds. */
export class AllowedHours {
  readonly #hours: DailyHours | null;
  readonly #clock: Pick<Clock, 'now'>;
  /** When it was found that they are open, and until when they are. */
  #openFrom = 0;
  #openUntil = 0;

  /** @param hours null: at any time */
  constructor(hours: DailyHours | null, clock: Pick<Clock, 'now'>) {
    this.#hours = hours;
    this.#clock = clock;
  }

  get isOpen(): boolean {
    if (this.#hours === null) return true;
    const now = this.#clock.now();
    if (now >= this.#openFrom && now < this.#openUntil) return true;
    const end = hoursEnd(this.#hours, now);
    if (end !== null) [this.#openFrom, this.#openUntil] = [now, end];
    return end !== null;
  }
}
