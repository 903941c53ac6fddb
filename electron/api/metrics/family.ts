import { setImmediate } from 'node:timers/promises';

/** Labels as a sample has them, `a="b",c="d"`: written once for all the samples that share them. */
export type LabelText = string;

const escapes: Readonly<Record<string, string>> = { '\\': '\\\\', '"': '\\"', '\n': '\\n' };
const escaped = (text: string) =>
  /[\\"\n]/.test(text) ? text.replace(/[\\"\n]/g, (sign) => escapes[sign] ?? sign) : text;

/** Writes labels (exposition format 0.0.4: backslash, quote and line feed are escaped). */
export function labelText(labels: Readonly<Record<string, string>>): LabelText {
  return Object.entries(labels)
    .map(([name, value]) => `${name}="${escaped(value)}"`)
    .join(',');
}

/** Samples that are written before others have their turn: a few milliseconds. */
const samplesAtOnce = 2_000;

/**
 * A gauge of many jobs. prom-client keeps each sample under a hash of its labels, and writes and escapes all of them again for each line: for
 * samples that are new at every scrape that is most of the work.
 */
export class Family {
  readonly #head: string;
  readonly #name: string;
  readonly #lines: string[] = [];

  constructor(name: string, help: string) {
    this.#name = name;
    this.#head = `# HELP ${name} ${help}\n# TYPE ${name} gauge\n`;
  }

  /** @param labels of which no other sample of the family may have the same */
  add(labels: LabelText, value: number): void {
    this.#lines.push(`${this.#name}{${labels}} ${value}\n`);
  }

  /** The text in pieces, letting others have their turn in between. */
  async *render(): AsyncGenerator<string> {
    yield this.#head;
    for (let at = 0; at < this.#lines.length; at += samplesAtOnce) {
      yield this.#lines.slice(at, at + samplesAtOnce).join('');
      await setImmediate();
    }
    yield '\n';
  }
}
