import type { EngineEvent } from '../../shared/schema/event.ts';

type Listener = (event: EngineEvent) => void;

/** Hands the events of one stream to every part of the page that listens. */
export class EventHub {
  readonly #listeners = new Map<EngineEvent['type'], Set<Listener>>();
  readonly #reconnected = new Set<() => void>();

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

  emit(event: EngineEvent): void {
    for (const listener of [...(this.#listeners.get(event.type) ?? [])]) listener(event);
  }

  reconnected(): void {
    for (const listener of [...this.#reconnected]) listener();
  }
}
