import type { DiscoveryProgress } from '../../shared/schema/discovery.ts';
import { duration } from '../../shared/text/words.ts';

/** Minimum time between redraws, in milliseconds. */
const leastMs = 200;

/** How far a search is, in a line that is written over and goes; only on a terminal. */
export class SearchProgress {
  readonly #stream: NodeJS.WriteStream;
  readonly #perSecond: number;
  #shownAt = 0;

  constructor(stream: NodeJS.WriteStream, perSecond: number) {
    this.#stream = stream;
    this.#perSecond = perSecond;
  }

  show({ planned, tried, found }: DiscoveryProgress): void {
    const now = performance.now();
    if (!this.#stream.isTTY || now - this.#shownAt < leastMs) return;
    this.#shownAt = now;
    const left = duration(((planned - tried) / this.#perSecond) * 1000);
    const [done, all] = [tried, planned].map((number) => number.toLocaleString('en'));
    this.#stream.write(`\r\x1b[K${done} of ${all} · ${found} found · ${left} left`);
  }

  clear(): void {
    if (this.#stream.isTTY) this.#stream.write('\r\x1b[K');
  }
}
