import type { StarttlsProtocol } from '../../../shared/schema/target.ts';
import type { Spoken } from './what-it-speaks.ts';

/** A port that said nothing in any protocol is asked in all of them again after so long … */
const silentMs = 6 * 3_600_000;
/** … and of so many ports it is remembered. */
const maxPorts = 1_000;

/** What was found of a port that speaks no TLS. */
interface Known {
  /** The protocol that it answered; `greeting`: it speaks first; null: it answered none. */
  by: StarttlsProtocol | 'greeting' | null;
  /** Milliseconds since some beginning. */
  at: number;
}

/**
 * Remembers what ports speak that speak no TLS, so that a host that hangs up is asked in every protocol once, and not at each of its checks:
 * afterwards in the one that it answered, or, where it answered none, not for six hours.
 */
export class SpokenPorts {
  readonly #known = new Map<string, Known>();
  readonly #now: () => number;

  /** @param now milliseconds since some beginning */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /**
   * Asks a port what it speaks.
   * @param all the protocols that it may speak
   * @param ask asks in some protocols, beside listening
   */
  async ask(
    place: string,
    all: readonly StarttlsProtocol[],
    ask: (protocols: readonly StarttlsProtocol[]) => Promise<Spoken | null>,
  ): Promise<string | null> {
    const known = this.#known.get(place);
    if (known?.by === null && this.#now() - known.at < silentMs) return null;
    const again = known?.by ? await ask(known.by === 'greeting' ? [] : [known.by]) : null;
    const spoken = again ?? (await ask(all));
    this.#known.delete(place);
    this.#known.set(place, { by: spoken && (spoken.by ?? 'greeting'), at: this.#now() });
    const [oldest] = this.#known.keys();
    if (this.#known.size > maxPorts && oldest !== undefined) this.#known.delete(oldest);
    return spoken?.sentence ?? null;
  }
}
