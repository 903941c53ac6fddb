import { setImmediate } from 'node:timers/promises';

/** Labels as a sample has them, `a="b",c="d"`: written once for all the samples that share them. */
export type LabelText = string;

/** A value, and its labels beyond those of what it is about; null: none. */
export interface Sample {
  more: LabelText | null;
  value: number;
}

const escapes: Readonly<Record<string, string>> = { '\\': '\\\\', '"': '\\"', '\n': '\\n' };
const escaped = (text: string) =>
  /[\\"\n]/.test(text) ? text.replace(/[\\"\n]/g, (sign) => escapes[sign] ?? sign) : text;

/** Writes labels (exposition format 0.0.4: backslash, quote and line feed are escaped). */
export function labelText(labels: Readonly<Record<string, string>>): LabelText {
  return Object.entries(labels)
    .map(([name, value]) => `${name}="${escaped(value)}"`)
    .join(',');
}

/** Subjects whose samples are written before others have their turn: a few milliseconds. */
const subjectsAtOnce = 500;

/**
 * A gauge of many subjects, such as jobs. prom-client keeps each sample under a hash of its labels, and writes and escapes all of them
 * again for each line: for samples that are new at every scrape that is most of the work. Nothing is kept here: a line is written
 * when it is sent.
 */
export class Family<Subject extends { labels: LabelText }> {
  readonly #head: string;
  readonly #name: string;
  readonly #samplesOf: (subject: Subject, now: number) => Sample[];

  /** @param samplesOf returns the samples of a subject, none with the same labels, as of `now` in milliseconds since the epoch */
  constructor(name: string, help: string, samplesOf: (subject: Subject, now: number) => Sample[]) {
    this.#name = name;
    this.#head = `# HELP ${name} ${help}\n# TYPE ${name} gauge\n`;
    this.#samplesOf = samplesOf;
  }

  /** The text in pieces, letting others have their turn in between. */
  async *render(subjects: readonly Subject[], now: number): AsyncGenerator<string> {
    yield this.#head;
    for (let at = 0; at < subjects.length; at += subjectsAtOnce) {
      let text = '';
      for (const subject of subjects.slice(at, at + subjectsAtOnce)) text += this.#linesOf(subject, now);
      yield text;
      await setImmediate();
    }
    yield '\n';
  }

  #linesOf(subject: Subject, now: number): string {
    let text = '';
    for (const { more, value } of this.#samplesOf(subject, now))
      text += `${this.#name}{${subject.labels}${more === null ? '' : `,${more}`}} ${value}\n`;
    return text;
  }
}
