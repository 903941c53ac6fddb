import type { HostTarget } from '../../../shared/schema/target.ts';
import type { Clock } from '../clock.ts';
import type { Network } from './network.ts';

type Place = Pick<HostTarget, 'host' | 'port'>;

export interface ConnectivityOptions {
  clock: Clock;
  network: Network;
  /** Watched hosts, those that answered last first; read again for each look. */
  places: Iterable<Place>;
  /** Called when checks that need a network may run again, and when they may not any more. */
  onChange: () => void;
}

/** An answer of any host, so long ago, still speaks for the network. */
const freshMs = 2_000;
/** How many hosts are tried before the machine counts as offline. */
const maxTried = 5;
/** How long after sleep the network may take before the machine counts as offline, and how often it is looked for. */
const settlingMs = 30_000;
const settlingPauseMs = 2_000;
const offlinePauseMs = 15_000;

/**
 * Tells whether a host or this machine's own network is to blame when nothing answers. A host is blamed only while
 * something else answers, or an interface is up and there is nothing else to try.
 */
export class Connectivity {
  readonly #clock: Clock;
  readonly #network: Network;
  readonly #places: Iterable<Place>;
  readonly #onChange: () => void;
  #answeredAt = Number.NEGATIVE_INFINITY;
  #offlineSince: number | null = null;
  #settlingUntil: number | null = null;
  #look: Promise<boolean> | null = null;
  #cancelTimer: (() => void) | null = null;
  #isStopped = false;

  constructor({ clock, network, places, onChange }: ConnectivityOptions) {
    this.#clock = clock;
    this.#network = network;
    this.#places = places;
    this.#onChange = onChange;
  }

  /** Since when this machine is offline, in milliseconds since the epoch; null: it is not. */
  get offlineSince(): number | null {
    return this.#offlineSince;
  }

  /** Whether checks of other machines make sense now: not while offline, nor before the network is back after sleep. */
  get isUp(): boolean {
    return this.#offlineSince === null && this.#settlingUntil === null;
  }

  needsNetwork(host: string): boolean {
    return !this.#network.isLocal(host);
  }

  /** A host gave an answer: the network works. */
  noteAnswer(host: string): void {
    if (!this.needsNetwork(host)) return;
    this.#answeredAt = this.#clock.passed();
    this.#setUp();
  }

  /** Whether a host that did not answer is to blame for it. Where not, this machine counts as offline from now on. */
  async blames(place: Place): Promise<boolean> {
    if (!this.needsNetwork(place.host)) return true;
    if (!this.isUp) return false;
    if (this.#clock.passed() - this.#answeredAt < freshMs) return true;
    if (await this.#isReachable(place)) return true;
    this.#setOffline();
    return false;
  }

  /** After sleep, or where the network changed: checks wait until something answers. */
  wake(): void {
    if (this.#isStopped) return;
    this.#answeredAt = Number.NEGATIVE_INFINITY;
    this.#settlingUntil = this.#clock.passed() + settlingMs;
    void this.#watch();
  }

  stop(): void {
    this.#isStopped = true;
    this.#cancelTimer?.();
  }

  /** Looks until the network is there. */
  async #watch(): Promise<void> {
    this.#cancelTimer?.();
    if (await this.#isReachable()) {
      this.#setUp();
      return;
    }
    if (this.#isStopped || this.isUp) return;
    const isSettling = this.#settlingUntil !== null && this.#clock.passed() < this.#settlingUntil;
    if (!isSettling) this.#setOffline();
    this.#watchAfter(isSettling ? settlingPauseMs : offlinePauseMs);
  }

  #watchAfter(ms: number): void {
    this.#cancelTimer?.();
    this.#cancelTimer = this.#clock.after(ms, () => this.#watch());
  }

  /** One look at a time, whoever asks. */
  #isReachable(first?: Place): Promise<boolean> {
    this.#look ??= this.#tryPlaces(first).finally(() => {
      this.#look = null;
    });
    return this.#look;
  }

  async #tryPlaces(first?: Place): Promise<boolean> {
    const places = new Map<string, Place>();
    if (first) places.set(first.host, first);
    for (const place of this.#places) {
      if (places.size === maxTried) break;
      if (this.needsNetwork(place.host) && !places.has(place.host)) places.set(place.host, place);
    }
    if (places.size === 0) return true;
    const answers = [...places.values()].map(async (place) => {
      if (!(await this.#network.answers(place))) throw new Error('No answer.');
    });
    const hasAnswer = await Promise.any(answers).then(
      () => true,
      () => false,
    );
    if (hasAnswer) this.#answeredAt = this.#clock.passed();
    // One silent host alone says nothing about the network, as long as there is one.
    return hasAnswer || (places.size === 1 && this.#network.hasInterface());
  }

  #setUp(): void {
    if (this.isUp || this.#isStopped) return;
    this.#offlineSince = null;
    this.#settlingUntil = null;
    this.#cancelTimer?.();
    this.#onChange();
  }

  #setOffline(): void {
    if (this.#isStopped) return;
    this.#settlingUntil = null;
    if (this.#offlineSince !== null) return;
    this.#offlineSince = this.#clock.now();
    this.#watchAfter(offlinePauseMs);
    this.#onChange();
  }
}
