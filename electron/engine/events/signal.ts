import { EventEmitter } from 'node:events';

/** Passes events to listeners, in the order in which they subscribed. */
export class Signal<Event> {
  readonly #emitter = new EventEmitter<{ event: [Event] }>();

  constructor() {
    this.#emitter.setMaxListeners(0); // One for each open window and each script that listens.
  }

  emit(event: Event): void {
    this.#emitter.emit('event', event);
  }

  /** @returns what ends the subscription */
  subscribe(listener: (event: Event) => void): () => void {
    this.#emitter.on('event', listener);
    return () => this.#emitter.off('event', listener);
  }
}
