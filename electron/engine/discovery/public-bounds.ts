import { consentNeeded } from '../../../shared/domain/discovery/consent.ts';
import type { DiscoveryLimits } from '../../../shared/schema/discovery.ts';
import { count } from '../../../shared/text/words.ts';
import type { Permissions } from './permission.ts';
import type { NamedHost } from './search-text.ts';

/** Bounds of a search that reaches public addresses, whatever consent is given. */
const maxPublicAddresses = 1_024;
const maxPublicRate = 20;

/**
 * Returns the sentence that asks for consent.
 * @param what the reason, without its full stop
 * @param isUnattended whether the search runs by itself, so that no command line can say so
 */
export const consentSentence = (what: string, isUnattended: boolean) =>
  isUnattended
    ? `${what}. ${consentNeeded}: in the desktop app, or by notafter serve --allow-public-ranges.`
    : `${what}. Scanning public addresses needs your confirmation that you are allowed to (--i-may-scan-this).`;

/**
 * Returns the address of a host if it counts as public, and so needs consent; null if not. A host that a person typed with a port
 * does not count, as for `check`; one from a file always does, with a port or without.
 * @param address the one that is connected to; null: not known yet
 */
export function publicAddressOf(
  { port, isTyped = false }: Pick<NamedHost, 'port' | 'isTyped'>,
  address: string | null,
  permissions: Permissions,
): string | null {
  if (address === null || (isTyped && port !== null)) return null;
  return permissions.of(address) === 'public' ? address : null;
}

/** What decides whether a search may reach public addresses. */
interface Consent {
  limits: DiscoveryLimits;
  mayScanPublic: boolean;
  isUnattended?: boolean | undefined;
}

/** Returns why public addresses may not be searched, as sentences; none if they may. */
export function refusePublic(
  addresses: number,
  { limits: { perSecond }, mayScanPublic, isUnattended = false }: Consent,
): string[] {
  if (!mayScanPublic)
    return [consentSentence(`${count(addresses, 'address is', 'addresses are')} public`, isUnattended)];
  const refused: string[] = [];
  if (addresses > maxPublicAddresses)
    refused.push(
      `A search has at most ${maxPublicAddresses.toLocaleString('en')} public addresses; this one has ${addresses.toLocaleString('en')}.`,
    );
  if (perSecond > maxPublicRate)
    refused.push(`A search of public addresses opens at most ${maxPublicRate} connections per second.`);
  return refused;
}
