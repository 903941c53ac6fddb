import dns from 'node:dns';
import { isIP } from 'node:net';
import {
  type DnsRecordKind,
  dnsText,
  type NameServer,
  readNameServer,
} from '../../../../shared/domain/discovery/dns-source.ts';
import type { DnsSource } from '../../../../shared/schema/dns-source.ts';
import { type Address, canReach, findAddresses, type Resolve } from '../../probe/addresses.ts';
import { byTurns } from '../../probe/race.ts';
import { UnreachableError } from '../../probe/unreachable.ts';
import { runInWorker, WorkerMemoryError } from '../../worker.ts';
import type { NamesRead } from '../names/name-source.ts';
import { NameSourceError } from '../names/read-names.ts';
import { Permissions } from '../permission.ts';
import { consentSentence } from '../public-bounds.ts';
import { type Exclusions, isAddressExcluded, isNameExcluded, readExclusions } from '../search-text.ts';
import type { ServerAddress } from './dns-connection.ts';

/** What the thread is to do. */
export interface DnsTask {
  domain: string;
  kinds: readonly DnsRecordKind[];
  /** What notes call the source. */
  title: string;
  /** Where the zone is transferred from: the addresses of one name server; null: its records are looked up. */
  servers: readonly ServerAddress[] | null;
  /** Name servers of the system. */
  systemServers: readonly string[];
}

/** What the thread answers: names, and whether every look-up was answered; or what the name server did, without its name. */
export type DnsTaskResult = (NamesRead & { isWhole: boolean }) | { fault: string };

/** What a source is read under. */
export interface DnsReach {
  resolve: Resolve;
  /** Whether a person has said that public addresses may be searched. */
  mayReachPublic: boolean;
  /** Whether it runs by itself: then no person who is there has typed the name server. */
  isUnattended: boolean;
  /** What the search leaves out: its name servers too. */
  exclude: readonly string[];
  permissions?: Permissions;
}

/** A name server to which a saved search may not connect before a person has agreed. */
export class NameServerConsentError extends NameSourceError {
  override name = 'NameServerConsentError';
}

const maxMs = 60_000;
/** Enough memory for the largest zones. */
const maxMegabytes = 512;

/**
 * Reads the hosts of a domain from DNS in a worker thread: by transferring its zone from the name server that a person named, or by look-ups
 * at the name servers of the system. Connects to nothing else.
 * @throws NameServerConsentError; NameSourceError where nothing could be read; the signal's reason where it aborts
 */
export async function readDns(
  source: DnsSource,
  reach: DnsReach,
  signal: AbortSignal,
): Promise<NamesRead & { isWhole: boolean }> {
  const { domain, records: kinds, transfer } = source;
  const servers = transfer === null ? null : await findServers(source, transfer, reach, signal);
  const title = transfer === null ? `${domain} in DNS` : dnsText(source);
  const deadline = AbortSignal.timeout(maxMs);
  const task: DnsTask = { domain, kinds, title, servers, systemServers: dns.getServers() };
  const ending = AbortSignal.any([signal, deadline]);
  const options = { beside: import.meta.url, name: 'dns-worker', task, maxMegabytes, signal: ending };
  const fail = (what: string, cause?: unknown) => new NameSourceError(failure(source, what), { cause });
  let result: DnsTaskResult;
  try {
    result = await runInWorker(options, (read: DnsTaskResult) => read);
  } catch (error) {
    signal.throwIfAborted();
    if (deadline.aborted) throw fail(`takes more than ${maxMs / 1_000} seconds`, error);
    if (error instanceof WorkerMemoryError) throw fail('sends what takes too much memory to read', error);
    throw error;
  }
  if ('fault' in result) throw fail(result.fault);
  return result;
}

function failure({ domain, transfer }: DnsSource, what: string): string {
  return transfer === null
    ? `${domain} could not be looked up: the name server ${what}.`
    : `The zone ${domain} could not be transferred: the name server ${transfer} ${what}.`;
}

/**
 * Says why a search may not transfer zones from its name servers, as far as that is known without a look-up: where they are addresses. Sends
 * nothing.
 */
export function refuseServers(
  sources: readonly DnsSource[],
  reach: Pick<DnsReach, 'mayReachPublic' | 'isUnattended'>,
  permissions = new Permissions(),
): string[] {
  return sources.flatMap(({ transfer }) => {
    const server = transfer === null ? null : readNameServer(transfer);
    return (server && judge(server, server.host, reach, permissions)?.message) ?? [];
  });
}

/** @returns why a name server at an address may not be connected to; null: it may, or the text is no address */
function judge(
  { host }: NameServer,
  address: string,
  { mayReachPublic, isUnattended }: Pick<DnsReach, 'mayReachPublic' | 'isUnattended'>,
  permissions: Permissions,
): NameSourceError | null {
  if (isIP(address.split('%', 1)[0] ?? '') === 0) return null; // A name: it is judged by its address.
  const where = host === address ? host : `${host} (${address})`;
  const permission = permissions.of(address);
  if (permission === 'never') return new NameSourceError(`The name server ${where} is never connected to.`);
  if (permission === 'free' || mayReachPublic || !isUnattended) return null;
  return new NameServerConsentError(consentSentence(`The name server ${where} is public`, isUnattended));
}

/**
 * Finds the addresses of a name server that the search may connect to and that this machine can reach, in the order in which they are tried.
 * @throws NameSourceError, NameServerConsentError where there is none
 */
async function findServers(
  source: DnsSource,
  text: string,
  reach: DnsReach,
  signal: AbortSignal,
): Promise<ServerAddress[]> {
  const server = readNameServer(text);
  if (server === null) throw new NameSourceError(`“${text}” is not a name server.`);
  const { exclusions } = readExclusions(reach.exclude);
  let found: Address[];
  try {
    found = byTurns(await findAddresses(server.host, reach.resolve, signal));
  } catch (error) {
    if (!(error instanceof UnreachableError)) throw error;
    throw new NameSourceError(`The zone ${source.domain} could not be transferred. ${error.message}`, {
      cause: error,
    });
  }
  const reachable = found.filter((one) => canReach(one));
  const permissions = reach.permissions ?? new Permissions();
  const judged = (reachable.length > 0 ? reachable : found).map(({ address }) => ({
    address,
    refusal:
      judge(server, address, reach, permissions) ??
      (isExcluded(server, address, exclusions)
        ? new NameSourceError(failure(source, 'is excluded from the search'))
        : null),
  }));
  const allowed = judged.filter((one) => one.refusal === null);
  const refusals = judged.flatMap((one) => one.refusal ?? []);
  // Consent first: it is what a person can give.
  const shown = refusals.find((one) => one instanceof NameServerConsentError) ?? refusals[0];
  if (allowed.length === 0 && shown) throw shown;
  if (reachable.length === 0)
    throw new NameSourceError(failure(source, 'has only IPv6 addresses, and this machine has no IPv6'));
  return allowed.map(({ address }) => ({ address, port: server.port }));
}

function isExcluded({ host, port }: NameServer, address: string, exclusions: Exclusions): boolean {
  const isPair = exclusions.endpoints.some((one) => one.port === port && [host, address].includes(one.host));
  return (
    isPair ||
    exclusions.ports.has(port) ||
    isNameExcluded(exclusions, host) ||
    exclusions.names.includes(address) ||
    isAddressExcluded(exclusions, address)
  );
}
