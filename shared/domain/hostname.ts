import { isIpv4, isIpv6, wireName } from './target.ts';

/** An address in one spelling, so that `::1` and `0:0:0:0:0:0:0:1` are the same; null where it is none. */
function canonicalAddress(text: string): string | null {
  if (isIpv4(text)) return text;
  const bare = text.replace(/%.*$/, '');
  return isIpv6(bare) ? new URL(`https://[${bare}]/`).hostname : null;
}

/**
 * Whether a certificate's subject alternative names cover a host (RFC 9525 §6): DNS names by label, a wildcard
 * only as the whole leftmost label and for one label, addresses by value. The common name never counts.
 * @param host as the user wrote it: Unicode names and a trailing dot are fine
 */
export function namesCover(sans: readonly string[], host: string): boolean {
  const address = canonicalAddress(host);
  if (address !== null) return sans.some((san) => canonicalAddress(san) === address);
  const name = wireName(host);
  if (name === null) return false;
  return sans.some((san) => coversName(san.toLowerCase().replace(/\.$/, ''), name));
}

function coversName(san: string, name: string): boolean {
  if (san === name) return true;
  if (!san.startsWith('*.')) return false;
  const [, ...parents] = name.split('.');
  // A wildcard over a whole top-level domain is refused, as browsers do (RFC 6125 §7.2).
  return parents.length >= 2 && san.slice(2) === parents.join('.');
}
