import { dnsText } from '../../../../shared/domain/discovery/dns-source.ts';
import { readPorts } from '../../../../shared/domain/discovery/ports.ts';
import type { DnsSource } from '../../../../shared/schema/dns-source.ts';
import type { NewSavedSearch } from '../../../../shared/schema/saved-search.ts';
import { wireName } from '../../../../shared/schema/target.ts';
import type { Resolve } from '../../probe/addresses.ts';
import { InputFileError } from '../../probe/files/input-file.ts';
import { type DnsReach, NameServerConsentError, readDns, refuseServers } from '../dns/read-dns.ts';
import { namedHosts } from '../names/named-hosts.ts';
import { NameSourceError, readNames } from '../names/read-names.ts';
import { type PlannedSearch, planSearch } from '../plan-search.ts';
import type { NamedHost } from '../search-text.ts';

/** What a saved search is planned with. */
export interface PlanParts {
  /** Returns the names in the certificates of watched hosts. @throws the signal's reason where it aborts */
  watchedNames: (signal: AbortSignal) => Promise<readonly string[]>;
  mayScanPublic: boolean;
}

/** Names to addresses, where a search runs: then its domains are read from DNS. Null: nothing is sent for the plan. */
type Running = { resolve: Resolve } | null;

type Fields = Pick<
  NewSavedSearch,
  'targets' | 'files' | 'dns' | 'watched' | 'names' | 'ports' | 'exclude' | 'limits'
>;

/**
 * Plans a saved search as it is now: its files are read again each time, and its domains where it runs. What cannot be read is named in the notes,
 * and the rest is searched. Connects to nothing but name servers, and to none for a plan alone.
 * @returns the plan, and whether a file or domain could not be read: then the search reaches less than it should
 * @throws the signal's reason where it aborts
 */
export async function planSavedSearch(
  search: Fields,
  { watchedNames, mayScanPublic }: PlanParts,
  running: Running,
  signal: AbortSignal,
): Promise<{ planned: PlannedSearch; notes: string[]; isPartial: boolean }> {
  const ports = readPorts(search.ports);
  const files = await Promise.all(search.files.map((file) => readFile(file, signal)));
  const reach = { mayReachPublic: mayScanPublic, isUnattended: true, exclude: search.exclude };
  const refusedServers = refuseServers(search.dns, reach);
  const domains: SourceRead[] = [];
  for (const source of refusedServers.length > 0 ? [] : search.dns)
    domains.push(running ? await readDomain(source, { ...reach, ...running }, signal) : laterRead(source));
  const read = [...files, ...domains];
  const watched = search.watched ? (await watchedNames(signal)).map(watchedHost) : [];
  const names = search.names.map((name) => wireName(name.toLowerCase()) ?? name);
  const refused = [...refusedServers, ...domains.flatMap(({ refusal }) => refusal ?? [])];
  const planned = await planSearch({
    places: search.targets,
    ports: ports.ok ? ports.ports : [],
    printers: ports.ok ? ports.printers : [],
    exclude: search.exclude,
    names,
    hosts: [...read.flatMap(({ hosts }) => hosts), ...watched],
    limits: search.limits,
    mayScanPublic,
    isUnattended: true,
    unread: read.filter(({ isRead }) => !isRead).flatMap((source) => source.notes),
    hasMore: refused.length > 0 || (running === null && search.dns.length > 0),
  });
  planned.plan.refused.push(...refused);
  return {
    planned,
    notes: read.flatMap(({ notes }) => notes),
    isPartial: read.some(({ isRead }) => !isRead),
  };
}

/** What a source of hosts gave. */
interface SourceRead {
  hosts: NamedHost[];
  notes: string[];
  /** Whether all of it could be read. */
  isRead: boolean;
  /** Why the search may not run before a person has agreed, as a sentence. */
  refusal?: string;
}

const laterRead = (source: DnsSource): SourceRead => ({
  hosts: [],
  notes: [`The hosts of ${dnsText(source)} are read from DNS when the search runs.`],
  isRead: true,
});

async function readDomain(source: DnsSource, reach: DnsReach, signal: AbortSignal): Promise<SourceRead> {
  try {
    const read = await readDns(source, reach, signal);
    return { hosts: namedHosts(read), notes: read.notes, isRead: read.isWhole };
  } catch (error) {
    if (error instanceof NameServerConsentError)
      return { hosts: [], notes: [], isRead: false, refusal: error.message };
    if (error instanceof NameSourceError) return { hosts: [], notes: [error.message], isRead: false };
    throw error;
  }
}

const watchedHost = (host: string): NamedHost => ({ host, port: null, address: null });

async function readFile(
  { format, path }: NewSavedSearch['files'][number],
  signal: AbortSignal,
): Promise<SourceRead> {
  try {
    const read = await readNames({ format, file: path }, signal);
    return { hosts: namedHosts(read), notes: read.notes, isRead: true };
  } catch (error) {
    if (!(error instanceof NameSourceError || error instanceof InputFileError)) throw error;
    return { hosts: [], notes: [error.message], isRead: false };
  }
}
