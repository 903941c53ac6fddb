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
/** Hosts that are tried at a time, and how often others are before the machine counts as offline. */
const triedAtOnce = 2;
const maxRounds = 3;
/** How long after sleep the network may take before the machine counts as offline, and how often it is looked for. */
const settlingMs = 30_000;
const settlingPauseMs = 2_000;
/** Pauses between looks while offline; the last one holds on. */
const offlinePausesMs = [15_000, 30_000, 60_000];

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
  /** Hosts that did not answer since the network was there last: others are tried first. */
  readonly #silent = new Set<string>();
  /** Looks since this machine is offline. */
  #looks = 0;
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

  /** Whether checks of a host make sense now. */
  allows(host: string): boolean {
    return this.isUp || !this.needsNetwork(host);
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
    this.#watchAfter(isSettling ? settlingPauseMs : this.#offlinePauseMs());
  }

  #offlinePauseMs(): number {
    const pause = offlinePausesMs[this.#looks] ?? offlinePausesMs.at(-1) ?? 0;
    this.#looks += 1;
    return pause;
  }

  #watchAfter(ms: number): void {
    this.#cancelTimer?.();
    this.#cancelTimer = this.#clock.after(ms, () => this.#watch());
  }

  /** Runs one test at a time; concurrent callers share it. */
  #isReachable(first?: Place): Promise<boolean> {
    // While it is offline each look tries two hosts, and the next one others.
    this.#look ??= this.#tryPlaces(first, this.#offlineSince === null ? maxRounds : 1).finally(() => {
      this.#look = null;
    });
    return this.#look;
  }

  async #tryPlaces(first: Place | undefined, rounds: number): Promise<boolean> {
    // Once every host was tried, a look begins again.
    if (this.#nextPlaces().length === 0 && (!first || this.#silent.has(first.host))) this.#silent.clear();
    let places = this.#nextPlaces(first);
    if (places.length === 0) return true;
    for (let round = 0; round < rounds && places.length > 0; round += 1) {
      for (const { host } of places) this.#silent.add(host);
      if (await this.#haveAnswer(places)) {
        this.#answeredAt = this.#clock.passed();
        return true;
      }
      places = this.#nextPlaces();
    }
    // One silent host alone says nothing about the network, as long as there is one.
    return this.#remotePlaces(first, 2).length === 1 && this.#network.hasInterface();
  }

  /** The first, and hosts that were not tried yet. */
  #nextPlaces(first?: Place): Place[] {
    return this.#remotePlaces(first, triedAtOnce, (host) => !this.#silent.has(host));
  }

  /** Returns the first, and places of others that are reached over the network, one for each host. Reads no more than it returns. */
  #remotePlaces(
    first: Place | undefined,
    most: number,
    isWanted: (host: string) => boolean = () => true,
  ): Place[] {
    const remote = new Map<string, Place>(first ? [[first.host, first]] : []);
    for (const place of this.#places) {
      if (remote.size >= most) break;
      const { host } = place;
      if (!remote.has(host) && isWanted(host) && this.needsNetwork(host)) remote.set(host, place);
    }
    return [...remote.values()];
  }

  /** Whether any of some hosts answers. */
  #haveAnswer(places: readonly Place[]): Promise<boolean> {
    const answers = places.map(async (place) => {
      if (!(await this.#network.answers(place))) throw new Error('No answer.');
    });
    return Promise.any(answers).then(
      () => true,
      () => false,
    );
  }

  #setUp(): void {
    if (this.isUp || this.#isStopped) return;
    this.#offlineSince = null;
    this.#settlingUntil = null;
    this.#silent.clear();
    this.#looks = 0;
    this.#cancelTimer?.();
    this.#onChange();
  }

  #setOffline(): void {
    if (this.#isStopped) return;
    this.#settlingUntil = null;
    if (this.#offlineSince !== null) return;
    this.#offlineSince = this.#clock.now();
    this.#watchAfter(this.#offlinePauseMs());
    this.#onChange();
  }
}
