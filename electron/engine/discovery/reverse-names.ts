import dns from 'node:dns';
import { Resolver } from 'node:dns/promises';
import { isIpv4, isIpv6, wireName } from '../../../shared/domain/target.ts';
import { rejectOnAbort } from '../reject-on-abort.ts';

/**
 * Returns the names that DNS has for an address (PTR, RFC 1035 §3.5); none where there is none or no answer.
 * @throws the signal's reason where it aborts
 */
export type ReverseLookup = (address: string, signal: AbortSignal) => Promise<readonly string[]>;

/** A name server that says nothing for so long is not waited for: nothing depends on what it would say. */
const answerTimeoutMs = 2_000;
/** Names of one address: shared hosts have hundreds. */
const maxNames = 20;

/** Asks the name servers of the system. They learn which addresses are searched: only where a person wants it. */
export function reverseLookup(): ReverseLookup {
  const resolver = new Resolver({ timeout: answerTimeoutMs, tries: 2 });
  resolver.setServers(dns.getServers()); // A name import would keep those of the start.
  return async (address, signal) => {
    using aborted = rejectOnAbort(signal);
    try {
      const names = await Promise.race([resolver.reverse(address.split('%', 1)[0] ?? ''), aborted.promise]);
      return names.flatMap(nameOf).slice(0, maxNames);
    } catch {
      signal.throwIfAborted();
      return []; // Without a name there is one name fewer to ask for.
    }
  };
}

/** What a name server says is as little to be trusted as a certificate: only a host name counts. */
function nameOf(text: string): string[] {
  const name = wireName(text.toLowerCase().replace(/\.$/, ''));
  return name === null || isIpv4(name) || isIpv6(name) ? [] : [name];
}
