import type { EngineEvent } from '../../shared/schema/event.ts';

type Listener = (event: EngineEvent) => void;

/** Hands the events of one stream to every part of the page that listens. */
export class EventHub {
  readonly #listeners = new Map<EngineEvent['type'], Set<Listener>>();
  readonly #reconnected = new Set<() => void>();
  readonly #connection = new Set<() => void>();
  #isLost = false;

  /** Listens to events of one type. @returns a function that stops listening */
  on<Type extends EngineEvent['type']>(
    type: Type,
    listener: (event: Extract<EngineEvent, { type: Type }>) => void,
  ): () => void {
    // SAFETY: `emit` calls a listener only with events of the type that it was added for.
    const added = listener as Listener;
    const listeners = this.#listeners.get(type) ?? new Set();
    this.#listeners.set(type, listeners.add(added));
    return () => listeners.delete(added);
  }

  /** Listens for the stream to start again after it was lost. @returns a function that stops listening */
  onReconnected(listener: () => void): () => void {
    this.#reconnected.add(listener);
    return () => this.#reconnected.delete(listener);
  }

  /** Listens for the connection to be lost, and to be back. @returns a function that stops listening */
  onConnection(listener: () => void): () => void {
    this.#connection.add(listener);
    return () => this.#connection.delete(listener);
  }

  /** Whether the stream was lost and has not started again. */
  get isLost(): boolean {
    return this.#isLost;
  }

  emit(event: EngineEvent): void {
    for (const listener of [...(this.#listeners.get(event.type) ?? [])]) listener(event);
  }

  lost(): void {
    this.#isLost = true;
    for (const listener of [...this.#connection]) listener();
  }

  reconnected(): void {
    this.#isLost = false;
    for (const listener of [...this.#connection]) listener();
    for (const listener of [...this.#reconnected]) listener();
  }
}
