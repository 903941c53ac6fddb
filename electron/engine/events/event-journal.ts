import { EventEmitter } from 'node:events';
import type { EngineEvent } from '../../../shared/schema/event.ts';

/** An event with its place among all. */
export interface Recorded {
  /** Names the run and the event's number in it: after a restart, no old id is taken for a new one. */
  id: string;
  event: EngineEvent;
}

/** How many events a listener may have been away for, and still hear all of them. */
const maxKept = 5_000;

/** Tells listeners what happens, and the last of it again to those that were away for a moment. */
export class EventJournal {
  readonly #run: string;
  readonly #emitter = new EventEmitter<{ event: [Recorded] }>();
  #kept: Recorded[] = [];
  #count = 0;

  /** @param run a word without a hyphen that no other run had */
  constructor(run: string) {
    this.#run = run;
    this.#emitter.setMaxListeners(0); // One for each open window and each script that listens.
  }

  record(event: EngineEvent): void {
    this.#count += 1;
    const recorded = { id: `${this.#run}-${this.#count}`, event };
    this.#kept.push(recorded);
    if (this.#kept.length >= 2 * maxKept) this.#kept = this.#kept.slice(-maxKept);
    this.#emitter.emit('event', recorded);
  }

  /** @returns what ends it */
  subscribe(listener: (recorded: Recorded) => void): () => void {
    this.#emitter.on('event', listener);
    return () => this.#emitter.off('event', listener);
  }

  /** What happened after an event; null where that is not known any more, or never was. */
  after(id: string): Recorded[] | null {
    const [run, number = ''] = id.split('-');
    if (run !== this.#run || !/^\d{1,15}$/.test(number)) return null;
    const missed = this.#count - Number(number);
    if (missed < 0 || missed > this.#kept.length) return null;
    return missed === 0 ? [] : this.#kept.slice(-missed);
  }
}
