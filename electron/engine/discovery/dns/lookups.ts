import { Resolver } from 'node:dns/promises';
import type { DnsRecordKind } from '../../../../shared/domain/discovery/dns-source.ts';
import { errorCode } from '../../error-code.ts';
import { serviceNames } from '../names/zone/services.ts';
import type { DnsQuestion } from './dns-connection.ts';
import { DnsFault } from './dns-fault.ts';
import { type FoundRecord, TcpLookups } from './tcp-lookups.ts';

/** What looking a domain up gave. */
export interface Lookups {
  records: FoundRecord[];
  /** How many look-ups were not answered. */
  failures: number;
  /** What could not be asked for, as sentences. */
  notes: string[];
}

/** How long a name server has, and how often it is asked. */
const patience = { timeout: 2_000, tries: 2 };
const lookupsAtOnce = 4;
/** Ports at which TLSA records are looked up: web, mail, DNS over TLS, XMPP. Those of other ports are in a zone that can be transferred. */
const tlsaPorts = [443, 25, 465, 587, 993, 995, 853, 5269];
/** The type HTTPS (RFC 9460 §14.1), which dns-packet knows by its number. */
const httpsType = 'UNKNOWN_65';

type Ask = () => Promise<FoundRecord[]>;

/**
 * Looks the records of a domain up: its addresses, MX, and SRV of the services that NotAfter knows (RFC 2782) by the resolver of Node; TLSA and HTTPS,
 * which that does not have in every version, over TCP (RFC 7766 §5: every name server answers there).
 * @param servers those of the system, as `dns.getServers()` has them
 * @throws DnsFault where the name server answers nothing at all
 */
export async function lookUpDomain(
  domain: string,
  kinds: readonly DnsRecordKind[],
  servers: readonly string[],
): Promise<Lookups> {
  const resolver = new Resolver(patience);
  resolver.setServers(servers);
  const wants = (kind: DnsRecordKind) => kinds.includes(kind);
  const owner = `${domain}.`;
  const asks: Ask[] = [
    ...(wants('a') ? (['A', 'AAAA'] as const).map((type) => () => addresses(resolver, owner, type)) : []),
    ...(wants('mx') ? [() => mailServers(resolver, owner)] : []),
    ...(wants('srv')
      ? serviceNames.map((service) => () => services(resolver, `${service}._tcp.${owner}`))
      : []),
  ];
  const found: Lookups = { records: [], failures: 0, notes: [] };
  await askAll(asks, found);
  const questions: DnsQuestion[] = [
    ...(wants('tlsa')
      ? tlsaPorts.map((port) => ({ name: `_${port}._tcp.${domain}`, type: 'TLSA' as const }))
      : []),
    ...(wants('svcb') ? [{ name: domain, type: httpsType } as const] : []),
  ];
  await askOverTcp(questions, servers, found);
  return found;
}

async function addresses(resolver: Resolver, owner: string, type: 'A' | 'AAAA'): Promise<FoundRecord[]> {
  const all = await (type === 'A' ? resolver.resolve4(owner) : resolver.resolve6(owner));
  return all.map((address) => ({ owner, type, data: [address] }));
}

async function mailServers(resolver: Resolver, owner: string): Promise<FoundRecord[]> {
  const all = await resolver.resolveMx(owner);
  return all.map(({ priority, exchange }) => ({ owner, type: 'MX', data: [`${priority}`, `${exchange}.`] }));
}

async function services(resolver: Resolver, owner: string): Promise<FoundRecord[]> {
  const all = await resolver.resolveSrv(owner);
  return all.map(({ priority, weight, port, name }) => ({
    ...{ owner, type: 'SRV', data: [`${priority}`, `${weight}`, `${port}`, `${name}.`] },
  }));
}

/** There is no such name, or no such record of it. */
const isNone = (error: unknown) => ['ENOTFOUND', 'ENODATA'].includes(errorCode(error) ?? '');

/** The first alone: where it is not answered, nothing else is asked. @throws DnsFault */
async function askAll(asks: readonly Ask[], into: Lookups): Promise<void> {
  const take = async (ask: Ask | undefined): Promise<unknown> => {
    try {
      into.records.push(...((await ask?.()) ?? []));
      return null;
    } catch (error) {
      if (isNone(error)) return null;
      into.failures += 1;
      return error;
    }
  };
  const [first, ...others] = asks;
  const failed = await take(first);
  if (failed !== null)
    throw new DnsFault(`did not answer (${errorCode(failed) ?? 'unknown error'})`, { cause: failed });
  const worker = async () => {
    for (let ask = others.shift(); ask; ask = others.shift()) await take(ask);
  };
  await Promise.all(Array.from({ length: lookupsAtOnce }, worker));
}

/** One after the other. */
async function askOverTcp(
  questions: readonly DnsQuestion[],
  servers: readonly string[],
  into: Lookups,
): Promise<void> {
  if (questions.length === 0) return;
  let left = questions.length;
  try {
    using lookups = new TcpLookups(servers);
    for (const question of questions) {
      const found = await lookups.ask(question);
      left -= 1;
      if (found === null) into.failures += 1;
      else into.records.push(...found);
    }
  } catch (error) {
    if (!(error instanceof DnsFault)) throw error;
    into.failures += left;
    into.notes.push(`TLSA and HTTPS records were not all looked up: the name server ${error.message}.`);
  }
}
