import { setImmediate } from 'node:timers/promises';
import type { DiscoveryLimits, DiscoveryProgress, Found } from '../../../shared/schema/discovery.ts';
import { askEndpoint, type EndpointReport, faultAt, type Questions } from './ask-endpoint.ts';
import { HostTurns, type Turn } from './host-turns.ts';
import type { LeafReader } from './leaf-reader.ts';
import { LearnedNames } from './learned-names.ts';
import { ConnectionPace } from './pace.ts';
import { type Answer, readEndpoint } from './read-endpoint.ts';
import type { ResolvedSearch } from './resolve-search.ts';
import type { ReverseLookup } from './reverse-names.ts';
import { isLeftOut, type LeftOutPairs } from './search-places.ts';
import { type Exclusions, isNameExcluded } from './search-text.ts';
import { type SearchEndpoint, ShuffledPairs } from './shuffled-pairs.ts';

export interface SearchRunOptions {
  search: ResolvedSearch;
  names: readonly string[];
  exclusions: Exclusions;
  limits: DiscoveryLimits;
  leaves: LeafReader;
  /** Decides the order: the same again for a run that goes on. */
  seed: number;
  /** How many pairs of that order an earlier run was done with. */
  from?: number;
  /** How far the earlier run had come. */
  before?: DiscoveryProgress;
  pace?: ConnectionPace;
  /** Called with each find as it comes, in no order; the same one again where a run goes on. */
  onFound: (found: Found) => void;
  /** Called after each pair. @param done how many pairs of the order are done without a gap: where to go on after a restart */
  onProgress?: (progress: DiscoveryProgress, done: number) => void;
  /** Whether something was found at a pair earlier: it is tried also where its host stays silent on other ports. */
  isExpected?: (endpoint: SearchEndpoint) => boolean;
  /** Looks up which names an address has, once for each that has an open port; left out: nothing is looked up. */
  reverse?: ReverseLookup | undefined;
  /** Called with each pair that this machine could not try: it had no route, or not the means. */
  onUntried?: (endpoint: SearchEndpoint) => void;
  /** Waits while the search must rest: checks are paused, the machine is offline. */
  rest?: (signal: AbortSignal) => Promise<void>;
  signal: AbortSignal;
}

/** Ports of a host that did not answer before the others are left. */
const silentAfter = 3;
/** Tried on every host: a firewall that drops all ports but one most often leaves this one open. */
const alwaysTried = 443;
/** Pairs that need no connection are passed over so many at a time before others have their turn. */
const skipsAtOnce = 256;

/**
 * Goes through all pairs of a search once: so many connections a second, so many at once, one for each host. Holds nothing of what it
 * has done but what is found: a network of any allowed size takes the same memory.
 */
export class SearchRun {
  readonly #options: SearchRunOptions;
  readonly #turns: HostTurns;
  readonly #pace: ConnectionPace;
  readonly #learned = new LearnedNames();
  readonly #reversed = new Map<string, Promise<readonly string[]>>();
  readonly #all: readonly string[];
  /** Pairs that were named as such. */
  readonly #named: ReadonlySet<string>;
  /** Addresses by how often they stayed silent; those that answered are not counted on. */
  readonly #silences = new Map<string, number>();
  readonly #up = new Set<string>();
  readonly #finished = new Set<number>();
  readonly #progress: DiscoveryProgress;
  #active = 0;
  readonly #faults: unknown[] = [];
  #done: number;
  #freed = Promise.withResolvers<void>();
  /** Endpoints that wanted a name, with how many names of their address were known by then. */
  readonly #wanting: { endpoint: SearchEndpoint; known: number }[] = [];
  #skips = 0;

  constructor(options: SearchRunOptions) {
    this.#options = options;
    const { search, limits, seed, from = 0, before } = options;
    const pairs = new ShuffledPairs(search.addresses, search.ports, search.more, seed);
    this.#turns = new HostTurns(pairs, limits.perHost, from);
    this.#pace = options.pace ?? new ConnectionPace(limits.perSecond);
    this.#all = [...new Set([...search.namesOf.values()].flat())];
    this.#named = new Set(search.more.map(({ address, port }) => `${address}|${port}`));
    this.#done = from;
    this.#progress = {
      ...(before ?? { open: 0, tls: 0, connections: 0, silentHosts: 0, found: 0 }),
      planned: search.connections,
      tried: triedBefore(pairs, search.leftOut, from),
    };
  }

  get progress(): DiscoveryProgress {
    return { ...this.#progress };
  }

  /** Runs to the end. @throws the signal's reason where it aborts: every connection is closed by then */
  async run(): Promise<DiscoveryProgress> {
    const { signal, rest } = this.#options;
    while (!signal.aborted && this.#faults.length === 0) {
      if (rest) await rest(signal).catch(() => undefined); // Which it does for the signal alone.
      if (signal.aborted || !(await this.#step())) break;
    }
    while (this.#active > 0) await this.#freed.promise;
    signal.throwIfAborted();
    if (this.#faults.length > 0) throw this.#faults[0];
    await this.#askAgain();
    return this.progress;
  }

  /** Begins the next pair, or waits for one that runs. Returns false once nothing is left of either. */
  async #step(): Promise<boolean> {
    const next = this.#active < this.#options.limits.atOnce ? this.#turns.take() : null;
    if (next && this.#isSkipped(next.endpoint)) await this.#skip(next);
    else if (next) void this.#start(next);
    else if (this.#active > 0) await this.#freed.promise;
    else return false;
    return true;
  }

  async #start({ position, endpoint }: Turn): Promise<void> {
    this.#active += 1;
    try {
      await this.#visit(endpoint);
      this.#finish(position, endpoint);
    } catch (error) {
      this.#faults.push(error);
    } finally {
      this.#active -= 1;
      this.#turns.release(endpoint.address);
      const { resolve } = this.#freed;
      this.#freed = Promise.withResolvers();
      resolve();
    }
  }

  /** Another port of an address may have taught a name since. */
  async #askAgain(): Promise<void> {
    for (const { endpoint, known } of this.#wanting)
      if (this.#learned.of(endpoint.address).length > known) await this.#visit(endpoint, true);
  }

  async #skip({ position, endpoint }: Turn): Promise<void> {
    this.#turns.release(endpoint.address);
    this.#finish(position, endpoint);
    this.#skips += 1;
    if (this.#skips % skipsAtOnce === 0) await setImmediate();
  }

  async #visit(endpoint: SearchEndpoint, isAgain = false): Promise<void> {
    const { address } = endpoint;
    const { search, names, exclusions, limits, leaves, signal } = this.#options;
    const resolved = search.namesOf.get(address) ?? [];
    const questions: Questions = {
      ask: (name) => this.#ask(endpoint, name),
      leaves,
      learned: this.#learned,
      resolved,
      names,
      others: this.#all.filter((name) => !resolved.includes(name)),
      isExcluded: (name) => isNameExcluded(exclusions, name),
      reverse: () => this.#reverse(address),
      mostLearned: limits.namesPerEndpoint,
    };
    const report = await askEndpoint(endpoint, questions).catch((error: unknown): EndpointReport => {
      signal.throwIfAborted();
      return {
        isUp: true,
        isOpen: true,
        isTls: true,
        isSilent: false,
        isUntried: false,
        finds: [faultAt(endpoint, error)],
      };
    });
    const wantsName = report.finds.some(({ state }) => state === 'needs-name');
    if (isAgain) {
      if (!wantsName) this.#tell(report.finds);
      return;
    }
    if (wantsName) this.#wanting.push({ endpoint, known: this.#learned.of(address).length });
    this.#count(address, report);
    if (report.isUntried) this.#options.onUntried?.(endpoint);
    this.#tell(report.finds);
  }

  #reverse(address: string): Promise<readonly string[]> {
    const { reverse, signal } = this.#options;
    const names = this.#reversed.get(address) ?? reverse?.(address, signal) ?? Promise.resolve([]);
    if (reverse) this.#reversed.set(address, names);
    return names;
  }

  #ask(endpoint: SearchEndpoint, name: string | null): Promise<Answer> {
    const { limits, signal } = this.#options;
    const next = async (ending: AbortSignal) => {
      await this.#pace.next(ending);
      this.#progress.connections += 1;
    };
    return readEndpoint(endpoint, name, { next, limits, signal });
  }

  #count(address: string, { isUp, isOpen, isTls, isSilent }: EndpointReport): void {
    if (isUp) {
      this.#up.add(address);
      this.#silences.delete(address);
    } else if (isSilent && !this.#up.has(address)) {
      const times = (this.#silences.get(address) ?? 0) + 1;
      this.#silences.set(address, times);
      if (times === silentAfter) this.#progress.silentHosts += 1;
    }
    if (isOpen) this.#progress.open += 1;
    if (isTls) this.#progress.tls += 1;
  }

  #tell(finds: readonly Found[]): void {
    for (const found of finds) {
      this.#progress.found += 1;
      this.#options.onFound(found);
    }
  }

  /** Whether a pair is left out, or its host has stayed silent and nothing is expected there. */
  #isSkipped(endpoint: SearchEndpoint): boolean {
    if (isLeftOut(this.#options.search.leftOut, endpoint)) return true;
    const { address, port } = endpoint;
    if ((this.#silences.get(address) ?? 0) < silentAfter) return false;
    const isNamed = port === alwaysTried || this.#named.has(`${address}|${port}`);
    return !isNamed && !this.#options.isExpected?.(endpoint);
  }

  #finish(position: number, endpoint: SearchEndpoint): void {
    if (!isLeftOut(this.#options.search.leftOut, endpoint)) this.#progress.tried += 1;
    this.#finished.add(position);
    while (this.#finished.delete(this.#done)) this.#done += 1;
    this.#options.onProgress?.(this.progress, this.#done);
  }
}

/** How many of the pairs that an earlier run was done with were not left out. */
function triedBefore(pairs: ShuffledPairs, leftOut: LeftOutPairs, from: number): number {
  if (leftOut.size === 0) return from;
  let tried = 0;
  for (let position = 0; position < from; position += 1)
    if (!isLeftOut(leftOut, pairs.at(position))) tried += 1;
  return tried;
}
