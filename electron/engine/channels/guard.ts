import type { LookupFunction } from 'node:net';
import { isForbiddenAddress } from '../addresses/special-networks.ts';
import { type Resolve, systemResolver } from '../probe/addresses.ts';
import { sharedLookup } from '../probe/name-lookups.ts';
import { ChannelUnreachable } from './adapter.ts';

/** An address that nothing is sent to. */
class ForbiddenAddressError extends ChannelUnreachable {
  constructor() {
    super(
      'NotAfter sends nothing to this address: it is link-local, of a cloud’s metadata service, or names no single host.',
    );
  }
}

/** Refuses a host that is such an address itself; a name is looked up first. @throws ChannelUnreachable */
export function refuseForbidden(host: string): void {
  if (isForbiddenAddress(host)) throw new ForbiddenAddressError();
}

/** Looks names up for what connects by itself, and refuses those that lead to such an address. */
export const guardedLookup: LookupFunction = (name, options, callback) =>
  sharedLookup(name, options, (error, address, family) => {
    const found = Array.isArray(address) ? address.map((one) => one.address) : [address];
    if (!error && found.some(isForbiddenAddress)) callback(new ForbiddenAddressError(), [], 0);
    else callback(error, address, family);
  });

/** Returns a resolver that refuses names that lead to such an address. */
export function guardedResolver(resolve: Resolve = systemResolver): Resolve {
  return async (name, signal) => {
    const found = await resolve(name, signal);
    for (const { address } of found) refuseForbidden(address);
    return found;
  };
}
