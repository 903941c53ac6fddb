import { normalAddress } from '../../../shared/domain/discovery/address-range.ts';
import { isIpv4, isIpv6 } from '../../../shared/domain/target.ts';
import { errorCode } from '../error-code.ts';
import { printable } from '../printable.ts';
import { findAddresses, type Resolve } from '../probe/addresses.ts';
import { UnreachableError } from '../probe/unreachable.ts';
import { Permissions } from './permission.ts';
import { maxConnections, type PlannedSearch } from './plan-search.ts';
import { consentSentence, publicAddressOf, refusePublic } from './public-bounds.ts';
import { type LeftOutPairs, SearchPlaces } from './search-places.ts';
import { hasAddress, isAddressExcluded, type NamedHost } from './search-text.ts';
import type { SearchEndpoint } from './shuffled-pairs.ts';

/** Where a search connects to: everything is an address by now, and nothing that is learned later adds one. */
export interface ResolvedSearch {
  /** Those that are tried on every port. */
  addresses: readonly string[];
  ports: readonly number[];
  /** Hosts that were named with a port. */
  more: readonly SearchEndpoint[];
  /** Names that resolved to an address: asked for there. */
  namesOf: ReadonlyMap<string, readonly string[]>;
  leftOut: LeftOutPairs;
  /** How many pairs are connected to. */
  connections: number;
  /** Hosts that are not connected to, as sentences. */
  skipped: string[];
  /** Names that led to no address: what was found by them earlier may still be there. */
  unresolved: UnresolvedName[];
  /** Why the search may not go on, as sentences; empty: it may. */
  refused: string[];
}

/** A name of a search that led to no address. */
export interface UnresolvedName {
  host: string;
  /** Why, as a sentence. */
  sentence: string;
  /** Whether there was an answer: no such name. Else the look-up itself failed. */
  isUnknown: boolean;
}

/** How many names are looked up at once. */
const lookupsAtOnce = 8;

/**
 * Looks the hosts of a search up, once for the whole run, and judges them by their addresses: a name that leads to a public address needs consent as
 * the address does, one that leads to what is never connected to is skipped. A host that a person typed with its port needs no consent, as
 * for `check`. What is connected to afterwards is the address that was judged: no second answer of a name server can move it.
 * @throws the signal's reason where it aborts
 */
export async function resolveSearch(
  search: PlannedSearch,
  resolve: Resolve,
  signal: AbortSignal,
  permissions = new Permissions(),
): Promise<ResolvedSearch> {
  const lookUp = (host: string) => addressesOf(host, resolve, signal);
  const { names, endpoints } = search.exclusions;
  const leftOut = await each(names, lookUp);
  const pairs = await each(endpoints, ({ host }) => lookUp(host));
  const found = await each(search.hosts, async ({ host, address }) =>
    address === null ? lookUp(host) : [address],
  );
  const places = new HostPlaces(search, permissions, addressesIn(leftOut));
  for (const [index, { host, port }] of endpoints.entries()) places.leaveOut(host, pairs[index] ?? [], port);
  for (const [index, host] of names.entries()) places.leaveOut(host, leftOut[index] ?? [], null);
  for (const [index, named] of search.hosts.entries()) {
    const addresses = found[index] ?? [];
    if ('sentence' in addresses) places.noteUnresolved(addresses);
    else for (const address of addresses) places.add(named, address);
  }
  return places.finish();
}

/** Returns the addresses of a host, or why there are none. */
async function addressesOf(host: string, resolve: Resolve, signal: AbortSignal): Promise<Lookup> {
  try {
    const found = await findAddresses(host, resolve, signal);
    return [...new Set(found.map(({ address }) => normalAddress(address) ?? address))];
  } catch (error) {
    signal.throwIfAborted();
    const sentence = error instanceof Error ? error.message : `${printable(host)} cannot be resolved.`;
    return { host, sentence, isUnknown: isUnknownName(error) };
  }
}

type Lookup = readonly string[] | UnresolvedName;

/** Whether the name server has answered that there is no such name or no address of it; getaddrinfo(3): EAI_NONAME and EAI_NODATA. */
function isUnknownName(error: unknown): boolean {
  if (!(error instanceof UnreachableError)) return false;
  if (error.cause === undefined) return true; // It is no name, or it has no address.
  return ['ENOTFOUND', 'ENODATA'].includes(errorCode(error.cause) ?? '');
}

const addressesIn = (answers: readonly Lookup[]) =>
  new Set(answers.flatMap((answer) => ('sentence' in answer ? [] : answer)));

/** Gathers where hosts lead to. */
class HostPlaces {
  readonly skipped = new Set<string>();
  readonly refused = new Set<string>();
  readonly unresolved: UnresolvedName[] = [];
  readonly #search: PlannedSearch;
  readonly #permissions: Permissions;
  readonly #leftOut: ReadonlySet<string>;
  readonly #pairsLeftOut = new Set<string>();
  readonly #places: SearchPlaces;
  readonly #namesOf = new Map<string, string[]>();
  readonly #public: Set<string>;

  constructor(search: PlannedSearch, permissions: Permissions, leftOut: ReadonlySet<string>) {
    this.#search = search;
    this.#permissions = permissions;
    this.#leftOut = leftOut;
    const addresses = search.addresses.filter((address) => !hasAddress(leftOut, address));
    this.#places = new SearchPlaces(search.ports, addresses);
    this.#public = new Set(search.publicAddresses);
  }

  add(named: NamedHost, address: string): void {
    const { host, port, starttls } = named;
    if (hasAddress(this.#leftOut, address) || isAddressExcluded(this.#search.exclusions, address)) return;
    if (this.#permissions.of(address) === 'never') {
      this.skipped.add(`${printable(host)} resolves to ${address}, which NotAfter never connects to.`);
      return;
    }
    const isName = !isIpv4(host) && !isIpv6(host);
    if (isName) this.#namesOf.set(address, [...(this.#namesOf.get(address) ?? []), host]);
    this.#places.add(address, port, starttls);
    if (publicAddressOf(named, address, this.#permissions) !== null) this.#notePublic(host, address);
  }

  /** Takes down what is left out. What cannot be looked up would be connected to: then the search does not start. */
  leaveOut(host: string, addresses: Lookup, port: number | null): void {
    if ('sentence' in addresses) this.refused.add(`The excluded host ${printable(host)} cannot be resolved.`);
    else if (port !== null) for (const address of addresses) this.#pairsLeftOut.add(`${address}|${port}`);
  }

  noteUnresolved(name: UnresolvedName): void {
    this.unresolved.push(name);
    this.skipped.add(name.sentence);
  }

  #notePublic(host: string, address: string): void {
    if (this.#public.has(address)) return;
    this.#public.add(address);
    const { mayScanPublic, isUnattended } = this.#search;
    const what = `${printable(host)} resolves to ${address}, which is public`;
    if (!mayScanPublic) this.refused.add(consentSentence(what, isUnattended));
  }

  finish(): ResolvedSearch {
    const { ports, mayScanPublic } = this.#search;
    if (this.#public.size > 0 && mayScanPublic)
      for (const sentence of refusePublic(this.#public.size, this.#search)) this.refused.add(sentence);
    const { addresses, more } = this.#places;
    const connections = this.#places.count(this.#pairsLeftOut);
    if (connections > maxConnections) this.refused.add(tooMany);
    return {
      addresses,
      ports,
      more,
      namesOf: this.#namesOf,
      leftOut: this.#pairsLeftOut,
      connections,
      skipped: [...this.skipped],
      unresolved: this.unresolved,
      refused: [...this.refused],
    };
  }
}

const tooMany = `A run opens at most ${maxConnections.toLocaleString('en')} connections: the hosts resolve to too many addresses.`;

/** Does something for each of many, some at a time; answers in their order. */
async function each<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  let next = 0;
  const worker = async () => {
    while (next < items.length) {
      const index = next;
      next += 1;
      // SAFETY: the index is below the length.
      results[index] = await work(items[index] as Item);
    }
  };
  await Promise.all(Array.from({ length: Math.min(lookupsAtOnce, items.length) }, worker));
  return results;
}
