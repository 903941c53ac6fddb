import { isIP } from 'node:net';
import { type NetworkInterfaceInfo, networkInterfaces } from 'node:os';
import type { Connection } from '../../../shared/schema/connection.ts';
import { isIpv6, wireName } from '../../../shared/schema/target.ts';
import { errorCode } from '../error-code.ts';
import { rejectOnAbort } from '../reject-on-abort.ts';
import { type Address, systemLookups } from './name-lookups.ts';
import { UnreachableError } from './unreachable.ts';

export type { Address };

/**
 * Names to addresses, in the order in which they are to be tried. Given from outside so that tests own the names.
 * @param signal aborts once the answer is no longer needed
 */
export type Resolve = (host: string, signal?: AbortSignal) => Promise<Address[]>;

/** The operating system's resolver, for the whole process. */
export const systemResolver: Resolve = (host, signal) => systemLookups.find(host, signal);

/** Returns what a name resolves to as the connection has it: one address given, or those of one family. */
export function addressRule({ address, family }: Connection, resolve: Resolve): Resolve {
  if (address !== null) return async () => [{ address, family: isIpv6(address) ? 6 : 4 }];
  if (family === 'any') return resolve;
  const wanted = family === 'ipv6' ? 6 : 4;
  return async (name, signal) => {
    const addresses = (await resolve(name, signal)).filter((one) => one.family === wanted);
    if (addresses.length > 0) return addresses;
    throw new UnreachableError('dns', `The name ${name} has no IPv${wanted} address.`);
  };
}

/**
 * Finds the addresses of a host, each once.
 * @throws UnreachableError `dns` where there are none; the signal's reason where it aborts
 */
export async function findAddresses(host: string, resolve: Resolve, signal: AbortSignal): Promise<Address[]> {
  const family = isIP(host.split('%', 1)[0] ?? '');
  if (family !== 0) return [{ address: host, family: family === 6 ? 6 : 4 }];
  using aborted = rejectOnAbort(signal);
  const name = wireName(host);
  if (name === null) throw new UnreachableError('dns', `“${host}” is not a name that can be looked up.`);
  let addresses: Address[];
  try {
    addresses = await Promise.race([resolve(name, signal), aborted.promise]);
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof UnreachableError) throw error;
    throw new UnreachableError('dns', dnsSentence(host, error), { cause: error });
  }
  if (addresses.length === 0) throw new UnreachableError('dns', `The name ${host} has no address.`);
  return [...new Map(addresses.map((one) => [one.address, one])).values()];
}

function dnsSentence(host: string, error: unknown): string {
  const code = errorCode(error);
  if (code === 'ENOTFOUND' || code === 'ENODATA') return `The name ${host} is not known to the name server.`;
  if (code === 'EAI_AGAIN') return `The name server did not answer for ${host}. Is this machine online?`;
  return `The name ${host} could not be looked up (${code ?? 'unknown error'}).`;
}

type Interfaces = NodeJS.Dict<Pick<NetworkInterfaceInfo, 'address' | 'internal'>[]>;

const isLinkLocal = (address: string) => /^fe[89ab]/i.test(address);

/**
 * Returns whether this machine has an address from which another can be reached at all: of IPv6, a machine may have none but its own
 * loopback and what is valid on one link (RFC 4291 §2.5.6). IPv4 is taken to be there.
 */
export function canReach(
  { address, family }: Address,
  interfaces: () => Interfaces = networkInterfaces,
): boolean {
  if (family === 4) return true;
  const own = Object.values(interfaces()).flatMap((all) => all?.filter((one) => isIpv6(one.address)) ?? []);
  if (/^::1$/.test(address)) return own.some(({ internal }) => internal);
  if (isLinkLocal(address)) return own.some((one) => isLinkLocal(one.address));
  return (
    own.some((one) => !one.internal && !isLinkLocal(one.address)) ||
    own.some((one) => one.address === address)
  );
}
