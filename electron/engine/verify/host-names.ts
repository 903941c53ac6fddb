import { isIpv4, isIpv6, wireName } from '../../../shared/domain/target.ts';
import type { ParsedCertificate } from './certificate.ts';
import { isPresentedDnsName } from './path/dns-names.ts';

/**
 * Whether a certificate's subject alternative names cover a host (RFC 9525 §6): DNS names by label, a wildcard only as
 * the whole leftmost label and for one label, addresses by iPAddress alone and by value. The common name never counts.
 * @param host as the user wrote it: Unicode names and a trailing dot are fine
 */
export function coversHost({ details }: ParsedCertificate, host: string): boolean {
  const sans = details?.sans ?? [];
  const address = addressOf(host);
  if (address !== null) return sans.some((san) => san.kind === 'ip' && san.value.equals(address));
  const name = wireName(host)?.toLowerCase().replace(/\.$/, '');
  if (name === undefined) return false;
  return sans.some((san) => san.kind === 'dns' && coversName(san.value.toLowerCase(), name));
}

/** A name that is no host name covers nothing, nor does one with a trailing dot (BoringSSL, OpenSSL and Go alike). */
function coversName(san: string, name: string): boolean {
  if (!isPresentedDnsName(san)) return false;
  if (san === name) return true;
  // A wildcard stands for one label that is not empty, before at least two others, as browsers have it.
  return san.startsWith('*.') && san.slice(2) === name.slice(name.indexOf('.') + 1) && name.indexOf('.') > 0;
}

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
