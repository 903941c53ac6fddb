/** How far many checks are, in a line that is written over and goes; only on a terminal. */
export class Progress {
  readonly #total: number;
  readonly #stream: NodeJS.WriteStream;
  readonly #isShown: boolean;
  #done = 0;

  constructor(total: number, stream: NodeJS.WriteStream) {
    this.#total = total;
    this.#stream = stream;
    this.#isShown = stream.isTTY && total > 1;
  }

  step(): void {
    this.#done += 1;
    if (this.#isShown && this.#done < this.#total)
      this.#stream.write(`\r\x1b[K${this.#done} of ${this.#total} checked`);
  }

  clear(): void {
    if (this.#isShown) this.#stream.write('\r\x1b[K');
  }
}
