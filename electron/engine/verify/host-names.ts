import type { NameMatch } from '../../../shared/domain/problems/evidence.ts';
import { isIpv4, isIpv6, wireName } from '../../../shared/domain/target.ts';
import type { ParsedCertificate } from './certificate.ts';
import { isPresentedDnsName } from './path/dns-names.ts';
import type { GeneralName } from './x509/general-names.ts';

/** How a certificate's names cover a host: `wildcard` where only a name with a wildcard does. */
type Coverage = 'name' | 'wildcard' | 'none';

/**
 * Compares a certificate's subject alternative names with a host (RFC 9525 §6): DNS names by label, a wildcard only as
 * the whole leftmost label and for one label, addresses by iPAddress alone and by value. The common name never counts.
 * @param host as the user wrote it: Unicode names and a trailing dot are fine
 */
function coverageOf({ details }: ParsedCertificate, host: string): Coverage {
  const sans = details?.sans ?? [];
  const address = addressOf(host);
  if (address !== null)
    return sans.some((san) => san.kind === 'ip' && san.value.equals(address)) ? 'name' : 'none';
  const name = canonicalName(host);
  if (name === undefined) return 'none';
  const presented = presentedNames(sans);
  if (presented.has(name)) return 'name';
  // A wildcard matches one label that is not empty, before at least two others, as browsers have it.
  return name.indexOf('.') > 0 && presented.has(`*.${parentOf(name)}`) ? 'wildcard' : 'none';
}

/** The DNS names of certificates, as they are compared: most are asked about at each check. */
const presentedBySans = new WeakMap<readonly GeneralName[], ReadonlySet<string>>();

/** A name that is no host name covers nothing, nor does one with a trailing dot (OpenSSL and Go; Chrome drops the dot). */
function presentedNames(sans: readonly GeneralName[]): ReadonlySet<string> {
  const known = presentedBySans.get(sans);
  if (known) return known;
  const names = sans.flatMap((san) => (san.kind === 'dns' ? [san.value.toLowerCase()] : []));
  const presented = new Set(names.filter(isPresentedDnsName));
  presentedBySans.set(sans, presented);
  return presented;
}

/**
 * Says whether a certificate's names cover a host. Chrome takes no wildcard directly below a public suffix of ICANN's
 * part of the list: `*.co.uk` covers nothing, `*.github.io` does (net/cert/x509_certificate.cc, VerifyHostname).
 */
export async function matchHost(leaf: ParsedCertificate, host: string): Promise<NameMatch> {
  const coverage = coverageOf(leaf, host);
  if (coverage === 'name') return 'covered';
  if (coverage === 'none') return hasAddressAsName(leaf, host) ? 'address-as-name' : 'uncovered';
  const parent = parentOf(canonicalName(host) ?? '');
  // The list is large, and most wildcards are not asked about: it is loaded with the first.
  const { getPublicSuffix } = await import('tldts-icann');
  return getPublicSuffix(parent) === parent ? 'public-suffix' : 'covered';
}

/** Whether the host is an address that the certificate has as a DNS name, in whatever spelling. */
function hasAddressAsName({ details }: ParsedCertificate, host: string): boolean {
  const address = addressOf(host);
  return (
    address !== null &&
    (details?.sans ?? []).some((san) => san.kind === 'dns' && addressOf(san.value)?.equals(address))
  );
}

const canonicalName = (host: string) => wireName(host)?.toLowerCase().replace(/\.$/, '');
const parentOf = (name: string) => name.slice(name.indexOf('.') + 1);

/** The octets of an IP address; null where it is none. A zone (RFC 4007 §11) names an interface and does not count. */
function addressOf(text: string): Buffer | null {
  if (isIpv4(text)) return Buffer.from(text.split('.').map(Number));
  const bare = text.split('%', 1)[0] ?? '';
  if (!isIpv6(bare)) return null;
  const [head = '', tail = ''] = new URL(`https://[${bare}]/`).hostname.slice(1, -1).split('::');
  const groups = (part: string) => (part === '' ? [] : part.split(':'));
  const [first, last] = [groups(head), groups(tail)];
  const zeros = Array.from({ length: 8 - first.length - last.length }, () => '0');
  return Buffer.from([...first, ...zeros, ...last].map((group) => group.padStart(4, '0')).join(''), 'hex');
}
