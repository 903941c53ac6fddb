import {
  type AddressRange,
  isInRange,
  looksLikeRange,
  normalAddress,
  readIpAddress,
  readRange,
} from '../../../shared/domain/discovery/address-range.ts';
import { isPrinterPort, onlyPrinters } from '../../../shared/domain/discovery/ports.ts';
import type { StarttlsProtocol } from '../../../shared/domain/starttls/protocols.ts';
import { wireName } from '../../../shared/domain/target.ts';
import { readAddressText } from '../../../shared/domain/target-text.ts';
import { spellingsOf } from './address-spellings.ts';

/** A host that a search names: a name, or an address with a zone or port. */
export interface NamedHost {
  host: string;
  /** The port that was written with it; null: those of the search. */
  port: number | null;
  /** Its address where a file binds the name to one; null: it is looked up. */
  address: string | null;
  /** Null: TLS from the first byte; undefined: what is usual on the port. */
  starttls?: StarttlsProtocol | null;
  /** Whether a person wrote it as an argument; left out: it comes from a file. */
  isTyped?: boolean;
}

/** What a search names, as it was understood. */
export interface Places {
  ranges: AddressRange[];
  hosts: NamedHost[];
  notes: string[];
  /** What was not understood, as sentences. */
  faults: string[];
}

/** Reads what a search is to look at: addresses, networks and ranges; host names; both with a port; URLs. */
export function readPlaces(texts: readonly string[]): Places {
  const places: Places = { ranges: [], hosts: [], notes: [], faults: [] };
  for (const text of texts) readPlace(text.trim(), places);
  return places;
}

function readPlace(text: string, { ranges, hosts, notes, faults }: Places): void {
  if (looksLikeRange(text)) {
    const read = readRange(text);
    if (!read.ok) faults.push(read.message);
    else {
      ranges.push(read.range);
      if (read.note !== null) notes.push(read.note);
    }
    return;
  }
  const name = normalAddress(text) ?? wireName(text);
  if (name !== null) {
    hosts.push({ host: name, port: null, address: null, isTyped: true });
    return;
  }
  const read = readAddressText(text);
  if (!read.ok) faults.push(read.message);
  else if (isPrinterPort(read.port)) faults.push(onlyPrinters([read.port]));
  else {
    const { port, starttls } = read;
    hosts.push({ host: hostText(read.host), port, address: null, starttls, isTyped: true });
  }
}

const hostText = (text: string) => normalAddress(text) ?? wireName(text) ?? text;

/** Returns a host from a file with its addresses in their normal spelling, so that exclusions and limits apply to it. */
export function normalHost(named: NamedHost): NamedHost {
  const { host, address } = named;
  return { ...named, host: hostText(host), address: address === null ? null : hostText(address) };
}

/** What a search leaves out. */
export interface Exclusions {
  ranges: AddressRange[];
  /** Names; every address that they have is left out too. */
  names: string[];
  /** The parts behind `*.`: names below them are neither looked up nor asked for. */
  domains: string[];
  ports: Set<number>;
  /** Hosts with a port. */
  endpoints: { host: string; port: number }[];
}

/** Reads what is left out: a range, a host, `host:port`, `:port`, `*.name`; and says what of it was not understood. */
export function readExclusions(texts: readonly string[]): { exclusions: Exclusions; faults: string[] } {
  const exclusions: Exclusions = { ranges: [], names: [], domains: [], ports: new Set(), endpoints: [] };
  const faults = texts.flatMap((text) => readExclusion(text.trim(), exclusions));
  return { exclusions, faults };
}

function readExclusion(text: string, { ranges, names, domains, ports, endpoints }: Exclusions): string[] {
  const port = /^:(\d{1,5})$/.exec(text)?.[1];
  if (port !== undefined) {
    ports.add(Number(port));
    return [];
  }
  const domain = text.startsWith('*.') ? wireName(text.slice(2)) : null;
  if (domain !== null) {
    domains.push(domain);
    return [];
  }
  const places = readPlaces([text]);
  ranges.push(...places.ranges);
  for (const { host, port: own } of places.hosts) {
    if (own === null) names.push(host);
    else endpoints.push({ host, port: own });
  }
  return places.faults;
}

/** Whether a name is left out. */
export function isNameExcluded({ names, domains }: Exclusions, name: string): boolean {
  return names.includes(name) || domains.some((domain) => name.endsWith(`.${domain}`));
}

/** Whether an address is left out, on every port. */
export function isAddressExcluded({ ranges }: Exclusions, address: string): boolean {
  return spellingsOf(address).some((one) => {
    const read = readIpAddress(one);
    return read !== null && ranges.some((range) => isInRange(range, read.family, read.value));
  });
}

/** Whether a set has an address under any of its spellings. */
export function hasAddress(set: ReadonlySet<string>, address: string): boolean {
  return set.size > 0 && spellingsOf(address).some((one) => set.has(one));
}
