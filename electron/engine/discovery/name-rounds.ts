import type { ParsedCertificate } from '../verify/certificate.ts';
import type { Questions } from './ask-endpoint.ts';
import { namesToAsk } from './leaf-reader.ts';
import type { Answer } from './read-endpoint.ts';

/** A leaf with the names that showed it. */
export interface LeafGroup {
  chain: Buffer[];
  leaf: ParsedCertificate;
  names: string[];
}

const maxNames = 200;
/** An endpoint that stops answering is not asked on. */
const mostFailures = 3;
const isGone = ({ kind }: Answer) => kind === 'no-answer' || kind === 'closed' || kind === 'no-route';

/** Asks one endpoint under one name after the other, and groups the names by the leaf that they showed. */
export class NameRounds {
  readonly groups = new Map<string, LeafGroup>();
  readonly #address: string;
  readonly #questions: Questions;
  readonly #given: ReadonlySet<string>;
  readonly #asked = new Set<string>();
  #learnedAsked = 0;
  #hasReversed = false;
  #usual: LeafGroup | null = null;

  constructor(address: string, questions: Questions) {
    this.#address = address;
    this.#questions = questions;
    this.#given = new Set([...questions.resolved, ...questions.names]);
  }

  /** @param first what was shown without a name */
  async run(first: Answer): Promise<void> {
    this.#usual = this.#groupOf(first);
    if (this.#usual) await this.#keep(this.#usual);
    let failures = 0;
    for (;;) {
      const name = failures < mostFailures ? await this.#next() : null;
      if (name === null) return;
      this.#asked.add(name);
      if (!this.#given.has(name)) this.#learnedAsked += 1;
      const answer = await this.#questions.ask(name);
      failures = isGone(answer) ? failures + 1 : 0;
      await this.#take(name, answer);
    }
  }

  /** Whether no learned name is asked for any more: then nothing is looked up for one either. */
  get #hasAskedEnough(): boolean {
    return this.#learnedAsked >= this.#questions.mostLearned;
  }

  /** The next name; those that DNS has for the address come last. Null: there is none. */
  async #next(): Promise<string | null> {
    const known = this.#nextKnown();
    if (known !== null || this.#hasReversed || this.#hasAskedEnough) return known;
    this.#hasReversed = true;
    this.#questions.learned.learn(this.#address, await this.#questions.reverse());
    return this.#nextKnown();
  }

  /** Those of the search first, then what was learned at the address, within the limit. */
  #nextKnown(): string | null {
    for (const name of this.#given) if (!this.#asked.has(name)) return name;
    const { learned, isExcluded } = this.#questions;
    if (this.#hasAskedEnough) return null;
    return learned.of(this.#address).find((name) => !this.#asked.has(name) && !isExcluded(name)) ?? null;
  }

  /** A name counts where the leaf covers it, or is another than the one that is shown without a name. */
  async #take(name: string, answer: Answer): Promise<void> {
    const group = this.#groupOf(answer);
    if (!group) return;
    if (group === this.#usual && !(await this.#questions.leaves.covers(group.leaf, name))) return;
    if (group.names.length < maxNames) group.names.push(name);
    if (!this.groups.has(group.leaf.fingerprint256)) await this.#keep(group);
  }

  #groupOf(answer: Answer): LeafGroup | null {
    const leaf = answer.kind === 'shown' ? this.#questions.leaves.read(answer.chain) : null;
    if (answer.kind !== 'shown' || !leaf) return null;
    return this.groups.get(leaf.fingerprint256) ?? { chain: answer.chain, leaf, names: [] };
  }

  /** Keeps a leaf, and learns from it what its address can be asked for. */
  async #keep(group: LeafGroup): Promise<void> {
    const { leaves, learned, others } = this.#questions;
    this.groups.set(group.leaf.fingerprint256, group);
    learned.learn(this.#address, namesToAsk(group.leaf, maxNames));
    for (const name of others)
      if (await leaves.covers(group.leaf, name)) learned.learn(this.#address, [name]);
  }
}
