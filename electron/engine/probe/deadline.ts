/** One deadline for a whole check, joined with whatever else may end it. */
export class Deadline {
  readonly signal: AbortSignal;
  readonly #controller = new AbortController();
  readonly #timeoutMs: number;
  #spanMs: number;
  #timer: NodeJS.Timeout;
  #endsAt: number;

  /** @param outer ends it sooner: a shutdown, or a person who cancels the check */
  constructor(timeoutMs: number, outer?: AbortSignal) {
    this.#timeoutMs = timeoutMs;
    this.#spanMs = timeoutMs;
    this.#endsAt = performance.now() + timeoutMs;
    this.#timer = this.#start();
    this.signal = outer ? AbortSignal.any([outer, this.#controller.signal]) : this.#controller.signal;
  }

  /** Milliseconds until it passes. */
  get leftMs(): number {
    return Math.max(0, this.#endsAt - performance.now());
  }

  /** Milliseconds from its latest start until it passes. */
  get spanMs(): number {
    return this.#spanMs;
  }

  /** Starts it again, so many times as long as the check's timeout. Once it has passed it stays so. */
  restart(times: number): void {
    if (this.signal.aborted) return;
    clearTimeout(this.#timer);
    this.#spanMs = this.#timeoutMs * times;
    this.#endsAt = performance.now() + this.#spanMs;
    this.#timer = this.#start();
  }

  #start(): NodeJS.Timeout {
    return setTimeout(() => this.#controller.abort(new Error('The deadline has passed.')), this.#spanMs);
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
  }
}
