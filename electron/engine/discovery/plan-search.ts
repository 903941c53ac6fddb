import { isIP } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import {
  type AddressRange,
  addressText,
  maxAddresses,
  rangeSize,
} from '../../../shared/domain/discovery/address-range.ts';
import { isPrinterPort } from '../../../shared/domain/discovery/ports.ts';
import type { DiscoveryLimits, DiscoveryPlan } from '../../../shared/schema/discovery.ts';
import { count } from '../../../shared/text/words.ts';
import { Permissions } from './permission.ts';
import { publicAddressOf, refusePublic } from './public-bounds.ts';
import { isLeftOut, SearchPlaces } from './search-places.ts';
import {
  type Exclusions,
  isAddressExcluded,
  isNameExcluded,
  type NamedHost,
  normalHost,
  readExclusions,
  readPlaces,
} from './search-text.ts';

/** What a search is asked for. */
export interface SearchRequest {
  /** Addresses, networks, ranges, host names; each with a port or without. */
  places: readonly string[];
  ports: readonly number[];
  /** Printers' ports that were among them, and are left out. */
  printers?: readonly number[];
  exclude: readonly string[];
  /** Names to ask for at every address. */
  names: readonly string[];
  /** Hosts that were read from files, beside those of `places`. */
  hosts?: readonly NamedHost[];
  limits: DiscoveryLimits;
  /** Whether a person has said that public addresses may be searched. */
  mayScanPublic: boolean;
  /** Whether it runs by itself: then no host was typed by a person who is there, and every public address needs consent. */
  isUnattended?: boolean;
  /** Why some of its hosts are not known, as sentences of the files and domains that could not be read. */
  unread?: readonly string[];
  /** Whether more hosts come when it runs: then it may start with nothing to connect to yet. */
  hasMore?: boolean;
}

/** A search that may start, or why it may not (`plan.refused`). */
export interface PlannedSearch {
  plan: DiscoveryPlan;
  /** Addresses of the ranges, each once, in text. */
  addresses: readonly string[];
  /** Those that need consent, each once: of the ranges, and of the hosts whose address is known before a look-up. */
  publicAddresses: ReadonlySet<string>;
  hosts: readonly NamedHost[];
  ports: readonly number[];
  names: readonly string[];
  exclusions: Exclusions;
  limits: DiscoveryLimits;
  mayScanPublic: boolean;
  isUnattended: boolean;
}

/**
 * @param named how many ranges and hosts the search names
 * @param unread why there may be more: where there are none, that is the reason
 */
function nothingLeft(named: number, unread: readonly string[]): string[] {
  if (named > 0) return ['Nothing to connect to: everything is excluded.', ...unread];
  return unread.length > 0 ? [...unread] : ['Nothing to connect to: there are no hosts.'];
}

/** The most pairs of an address and a port of one search. */
export const maxConnections = 1_000_000;

/**
 * Counts what a search would do, and says why it may not start. Sends nothing: names are looked up when it runs, and judged by their
 * addresses then.
 */
export async function planSearch(
  request: SearchRequest,
  permissions = new Permissions(),
): Promise<PlannedSearch> {
  const { limits, mayScanPublic, isUnattended = false, hasMore = false, unread = [] } = request;
  const places = readPlaces(request.places);
  const { exclusions, faults } = readExclusions(request.exclude);
  const notes = [...places.notes];
  const refused = [...places.faults, ...faults];
  const ports = request.ports.filter((port) => !exclusions.ports.has(port) && !isPrinterPort(port));
  const typed = isUnattended ? places.hosts.map((host) => ({ ...host, isTyped: false })) : places.hosts;
  const named = distinct([...typed, ...(request.hosts ?? []).map(normalHost)]);
  const wanted = named.filter((one) => !isHostExcluded(exclusions, one));
  const isNever = (address: string | null) => address !== null && permissions.of(address) === 'never';
  const unreachable = wanted.filter((one) => isNever(fixedAddress(one)));
  const hosts = wanted.filter((one) => !isNever(fixedAddress(one)));
  const names = [...new Set(request.names)].filter((name) => !isNameExcluded(exclusions, name));
  const size = places.ranges.reduce((sum, range) => sum + rangeSize(range), 0n);
  const isTooWide = size > BigInt(maxAddresses);
  if (isTooWide)
    refused.push(
      `A search has at most ${maxAddresses.toLocaleString('en')} addresses; this one has ${size.toLocaleString('en')}.`,
    );
  const judged = isTooWide ? noAddresses() : await judgeAddresses(places.ranges, exclusions, permissions);
  const { addresses } = judged;
  const ofHosts = hosts.flatMap((host) => publicAddressOf(host, fixedAddress(host), permissions) ?? []);
  const publicAddresses = new Set([...judged.publicAddresses, ...ofHosts]);
  const skipped = judged.skipped + unreachable.filter(({ isTyped }) => !isTyped).length;
  if (skipped > 0)
    notes.push(`${count(skipped, 'address', 'addresses')} skipped: NotAfter never connects there.`);
  const printers = new Set([
    ...(request.printers ?? []),
    ...named.flatMap(({ port }) => (port !== null && isPrinterPort(port) ? [port] : [])),
  ]);
  if (printers.size > 0)
    notes.push(`Ports left out because printers print what they receive: ${[...printers].join(', ')}.`);
  if (publicAddresses.size > 0) refused.push(...refusePublic(publicAddresses.size, request));
  const leftOut = new Set(exclusions.endpoints.map(({ host, port }) => `${host}|${port}`));
  const connections = placesOf(hosts, ports, addresses).count(leftOut);
  if (connections > maxConnections)
    refused.push(
      `A run opens at most ${maxConnections.toLocaleString('en')} connections; this search needs ${connections.toLocaleString('en')}.`,
    );
  for (const { host, isTyped } of unreachable) if (isTyped) refused.push(`${host} is never connected to.`);
  if (connections === 0 && refused.length === 0 && !hasMore)
    refused.push([...nothingLeft(named.length + places.ranges.length, unread), ...notes].join(' '));
  const reachable = named.filter((one) => !isNever(fixedAddress(one)));
  const all = placesOf(reachable, request.ports, addresses).count(new Set());
  const plan: DiscoveryPlan = {
    addresses: addresses.length,
    hosts: hosts.length,
    ports: [...ports],
    connections,
    excluded: all + judged.excluded * request.ports.length - connections,
    publicAddresses: publicAddresses.size,
    seconds: Math.ceil(connections / limits.perSecond),
    notes,
    refused,
    sent: 0,
  };
  return {
    plan,
    addresses,
    publicAddresses,
    hosts,
    ports,
    names,
    exclusions,
    limits,
    mayScanPublic,
    isUnattended,
  };
}

/** Where the search connects to as far as that is known without a look-up: a name counts as one address. */
function placesOf(
  hosts: readonly NamedHost[],
  ports: readonly number[],
  addresses: readonly string[],
): SearchPlaces {
  const places = new SearchPlaces(ports, addresses);
  for (const host of hosts) places.add(fixedAddress(host) ?? host.host, host.port, host.starttls);
  return places;
}

/** Each host once for each port, protocol and address. */
function distinct(hosts: readonly NamedHost[]): NamedHost[] {
  return [...new Map(hosts.map((one) => [JSON.stringify(one), one])).values()];
}

/** Addresses are judged so many at a time before others have their turn: 65,536 take a quarter of a second. */
const judgedAtOnce = 2_048;

/** Addresses of ranges, and how many of them are what. */
interface JudgedAddresses {
  addresses: string[];
  publicAddresses: string[];
  excluded: number;
  skipped: number;
}

const noAddresses = (): JudgedAddresses => ({ addresses: [], publicAddresses: [], excluded: 0, skipped: 0 });

/** Lists the addresses of ranges; those that are left out and those that are never connected to are counted. */
async function judgeAddresses(
  ranges: readonly AddressRange[],
  exclusions: Exclusions,
  permissions: Permissions,
): Promise<JudgedAddresses> {
  const judged = noAddresses();
  let seen = 0;
  for (const address of addressesOf(ranges)) {
    seen += 1;
    if (seen % judgedAtOnce === 0) await setImmediate();
    const permission = permissions.of(address);
    if (isAddressExcluded(exclusions, address)) judged.excluded += 1;
    else if (permission === 'never') judged.skipped += 1;
    else {
      if (permission === 'public') judged.publicAddresses.push(address);
      judged.addresses.push(address);
    }
  }
  return judged;
}

/** Every address of some ranges, each once. */
function* addressesOf(ranges: readonly AddressRange[]): Generator<string> {
  const seen = new Set<string>();
  for (const { family, first, last } of ranges) {
    for (let value = first; value <= last; value += 1n) {
      const address = addressText(family, value);
      if (!seen.has(address)) yield address;
      seen.add(address);
    }
  }
}

/** Returns the address that a host is connected to by, whatever the host is called; null: it has to be looked up. */
function fixedAddress({ host, address }: NamedHost): string | null {
  return address ?? (isIP(host.split('%', 1)[0] ?? '') === 0 ? null : host);
}

function isHostExcluded(exclusions: Exclusions, named: NamedHost): boolean {
  const { host, port } = named;
  const address = fixedAddress(named);
  if (isNameExcluded(exclusions, host)) return true;
  if (address !== null && isAddressExcluded(exclusions, address)) return true;
  if (port === null) return false;
  if (isPrinterPort(port) || exclusions.ports.has(port)) return true;
  const own = exclusions.endpoints.filter((one) => one.port === port);
  const leftOut = new Set(own.map((one) => `${one.host}|${port}`));
  return [host, address].some((one) => one !== null && isLeftOut(leftOut, { address: one, port }));
}
