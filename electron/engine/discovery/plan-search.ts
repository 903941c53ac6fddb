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
import {
  type Exclusions,
  isAddressExcluded,
  isNameExcluded,
  type NamedHost,
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
}

/** A search that may start, or why it may not (`plan.refused`). */
export interface PlannedSearch {
  plan: DiscoveryPlan;
  /** Addresses of the ranges, each once, in text. */
  addresses: readonly string[];
  hosts: readonly NamedHost[];
  ports: readonly number[];
  names: readonly string[];
  exclusions: Exclusions;
  limits: DiscoveryLimits;
  mayScanPublic: boolean;
}

/** The most pairs of an address and a port of one search. */
export const maxConnections = 1_000_000;
/** Bounds of a search that reaches public addresses, whatever consent is given. */
const maxPublicAddresses = 1_024;
const maxPublicRate = 20;

/** What `--i-may-scan-this` and its kin are called where the sentence is read. */
export const consentSentence = (what: string) =>
  `${what}. Scanning public addresses needs your confirmation that you are allowed to (--i-may-scan-this).`;

/**
 * Counts what a search would do, and says why it may not start. Sends nothing: names are looked up when it runs, and judged by their
 * addresses then.
 */
export async function planSearch(
  request: SearchRequest,
  permissions = new Permissions(),
): Promise<PlannedSearch> {
  const { limits, mayScanPublic } = request;
  const places = readPlaces(request.places);
  const { exclusions, faults } = readExclusions(request.exclude);
  const notes = [...places.notes];
  const refused = [...places.faults, ...faults];
  const ports = request.ports.filter((port) => !exclusions.ports.has(port) && !isPrinterPort(port));
  const named = distinct([...places.hosts, ...(request.hosts ?? [])]);
  const hosts = named.filter(({ host, port }) => !isHostExcluded(exclusions, host, port));
  const names = [...new Set(request.names)].filter((name) => !isNameExcluded(exclusions, name));
  const size = places.ranges.reduce((sum, range) => sum + rangeSize(range), 0n);
  const isTooWide = size > BigInt(maxAddresses);
  if (isTooWide)
    refused.push(
      `A search has at most ${maxAddresses.toLocaleString('en')} addresses; this one has ${size.toLocaleString('en')}.`,
    );
  const judged = isTooWide ? noAddresses() : await judgeAddresses(places.ranges, exclusions, permissions);
  const { addresses, skipped } = judged;
  const publicHosts = hosts.filter(
    ({ host, port }) => port === null && isIP(host) !== 0 && permissions.of(host) === 'public',
  );
  const publicAddresses = judged.publicAddresses + publicHosts.length;
  if (skipped > 0)
    notes.push(`${count(skipped, 'address', 'addresses')} skipped: NotAfter never connects there.`);
  const printers = new Set([
    ...(request.printers ?? []),
    ...named.flatMap(({ port }) => (port !== null && isPrinterPort(port) ? [port] : [])),
  ]);
  if (printers.size > 0)
    notes.push(`Ports left out because printers print what they receive: ${[...printers].join(', ')}.`);
  if (publicAddresses > 0) refused.push(...refusePublic(publicAddresses, limits, mayScanPublic));
  const own = hosts.filter(({ port }) => port !== null).length;
  const all = (addresses.length + hosts.length - own) * ports.length + own;
  const at = exclusions.endpoints.filter(
    ({ host, port }) => ports.includes(port) && addresses.includes(host),
  );
  const connections = all - at.length;
  if (connections > maxConnections)
    refused.push(
      `A run opens at most ${maxConnections.toLocaleString('en')} connections; this search needs ${connections.toLocaleString('en')}.`,
    );
  const unreachable = hosts.filter(({ host }) => isIP(host) !== 0 && permissions.of(host) === 'never');
  for (const { host } of unreachable) refused.push(`${host} is never connected to.`);
  if (connections === 0 && refused.length === 0)
    refused.push(['Nothing to connect to: everything is excluded.', ...notes].join(' '));
  const excludedPairs =
    (judged.excluded + named.length - hosts.length) * request.ports.length +
    (addresses.length + hosts.length - own) * (request.ports.length - ports.length) +
    at.length;
  const plan: DiscoveryPlan = {
    addresses: addresses.length,
    hosts: hosts.length,
    ports: [...ports],
    connections,
    excluded: excludedPairs,
    publicAddresses,
    seconds: Math.ceil(connections / limits.perSecond),
    notes,
    refused,
    sent: 0,
  };
  return { plan, addresses, hosts, ports, names, exclusions, limits, mayScanPublic };
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
  publicAddresses: number;
  excluded: number;
  skipped: number;
}

const noAddresses = (): JudgedAddresses => ({ addresses: [], publicAddresses: 0, excluded: 0, skipped: 0 });

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
      if (permission === 'public') judged.publicAddresses += 1;
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

/** Returns why public addresses may not be searched, as sentences; none where they may. */
export function refusePublic(
  addresses: number,
  { perSecond }: DiscoveryLimits,
  mayScanPublic: boolean,
): string[] {
  if (!mayScanPublic) return [consentSentence(`${count(addresses, 'address is', 'addresses are')} public`)];
  const refused: string[] = [];
  if (addresses > maxPublicAddresses)
    refused.push(
      `A search has at most ${maxPublicAddresses.toLocaleString('en')} public addresses; this one has ${addresses.toLocaleString('en')}.`,
    );
  if (perSecond > maxPublicRate)
    refused.push(`A search of public addresses opens at most ${maxPublicRate} connections per second.`);
  return refused;
}

function isHostExcluded(exclusions: Exclusions, host: string, port: number | null): boolean {
  if (isNameExcluded(exclusions, host) || isAddressExcluded(exclusions, host)) return true;
  if (port !== null && (isPrinterPort(port) || exclusions.ports.has(port))) return true;
  return port !== null && exclusions.endpoints.some((one) => one.host === host && one.port === port);
}
