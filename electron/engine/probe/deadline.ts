/** However often it starts again, a check ends within so many of its timeouts. */
const maxSpans = 4;

/** Made once: each error takes a trace of the stack. */
const over = new Error('The check is over.');

/** One deadline for a whole check, joined with whatever else may end it. */
export class Deadline {
  readonly signal: AbortSignal;
  readonly #controller = new AbortController();
  readonly #timeoutMs: number;
  readonly #outer: AbortSignal | undefined;
  readonly #begunAt: number;
  #spanMs: number;
  readonly #onOuter = () => {
    clearTimeout(this.#timer);
    this.#controller.abort(this.#outer?.reason);
  };
  #timer: NodeJS.Timeout | undefined;
  #endsAt: number;

  /**
   * @param outer ends it sooner: a shutdown, or a person who cancels the check
   * @param begunAt when the check began, by `performance.now()`
   */
  constructor(timeoutMs: number, outer?: AbortSignal, begunAt = performance.now()) {
    this.#timeoutMs = timeoutMs;
    this.#outer = outer;
    this.#begunAt = begunAt;
    this.#spanMs = timeoutMs;
    this.#endsAt = begunAt + timeoutMs;
    this.signal = this.#controller.signal;
    this.#timer = this.#start();
    // AbortSignal.any would do, but costs as much as reading a certificate.
    if (outer?.aborted) this.#onOuter();
    else outer?.addEventListener('abort', this.#onOuter, { once: true });
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
    this.#endsAt = Math.min(performance.now() + this.#spanMs, this.#begunAt + maxSpans * this.#timeoutMs);
    this.#timer = this.#start();
  }

  /** Returns one that ends at the same time and can be restarted without this one: for a part of the check beside others. */
  fork(): Deadline {
    return new Deadline(this.#timeoutMs, this.#outer, this.#begunAt);
  }

  /** Returns one that ends with this one, or after a share of the time that is left. @param share from 0 to 1 */
  part(share: number): Deadline {
    return new Deadline(Math.ceil(this.leftMs * share), this.signal);
  }

  /** Undefined where it has passed already. */
  #start(): NodeJS.Timeout | undefined {
    const end = () => this.#controller.abort(new Error('The deadline has passed.'));
    if (this.leftMs > 0) return setTimeout(end, this.leftMs);
    end();
    return undefined;
  }

  /** Ends what still runs for the check, such as a look at a port whose answer is not needed any more. */
  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
    this.#outer?.removeEventListener('abort', this.#onOuter);
    this.#controller.abort(over);
  }
}
