import type { Alert, Digest } from '../../../shared/schema/alert.ts';
import type { EngineEvent } from '../../../shared/schema/event.ts';
import { Signal } from './signal.ts';

/** A digest with whole alerts. `isByRules`: an upgrade changed them, and every channel gets them at once. */
type WholeDigest = Digest & { alerts: Alert[]; isByRules?: boolean };

/** An event inside the program. Its digest has whole alerts; the contract's schema cuts them for clients. */
export type JournalEvent = Exclude<EngineEvent, { type: 'digest' }> | { type: 'digest'; digest: WholeDigest };

/** What happens to alerts. */
export type AlertEvent = Extract<JournalEvent, { type: 'alert' | 'digest' | 'alert-changed' }>;

/** An event with its place among all. */
export interface Recorded {
  /** Names the run and the event's number in it: after a restart, no old id is taken for a new one. */
  id: string;
  event: JournalEvent;
}

/** How many events a listener may have been away for, and still receive all of them. */
const maxKept = 5_000;

/** Passes events to listeners as they happen, and the latest of them again to those that were away for a moment. */
export class EventJournal {
  readonly #run: string;
  readonly #signal = new Signal<Recorded>();
  #kept: Recorded[] = [];
  #count = 0;

  /** @param run a word without a hyphen that no other run had */
  constructor(run: string) {
    this.#run = run;
  }

  record(event: JournalEvent): void {
    this.#count += 1;
    const recorded = { id: `${this.#run}-${this.#count}`, event };
    this.#kept.push(recorded);
    if (this.#kept.length >= 2 * maxKept) this.#kept = this.#kept.slice(-maxKept);
    this.#signal.emit(recorded);
  }

  /** Calls the listener with each event. @returns what ends the subscription */
  subscribe(listener: (event: JournalEvent) => void): () => void {
    return this.follow(({ event }) => listener(event));
  }

  /** Calls the listener with each event and the id by which `after` goes on. @returns what ends the subscription */
  follow(listener: (recorded: Recorded) => void): () => void {
    return this.#signal.subscribe(listener);
  }

  /** Returns what happened after an event; null where that is not known any more, or never was. */
  after(id: string): Recorded[] | null {
    const [run, number = ''] = id.split('-');
    if (run !== this.#run || !/^\d{1,15}$/.test(number)) return null;
    const missed = this.#count - Number(number);
    if (missed < 0 || missed > this.#kept.length) return null;
    return missed === 0 ? [] : this.#kept.slice(-missed);
  }
}
