import { protocolEntries } from '../../../../../shared/domain/starttls/protocols.ts';
import { isTlsPort } from '../../../../../shared/domain/tls-services.ts';
import type { FoundName } from '../name-source.ts';

type Protocol = FoundName['protocol'];

/** Services of SRV records (IANA’s registry of service names; RFC 6186, RFC 8314, RFC 6120, RFC 7672) and how each begins TLS. */
const services: ReadonlyMap<string, Protocol> = new Map<string, Protocol>([
  ['_submission', 'smtp'],
  ['_submissions', 'tls'],
  ['_smtp', 'smtp'],
  ['_imap', 'imap'],
  ['_imaps', 'tls'],
  ['_pop3', 'pop3'],
  ['_pop3s', 'tls'],
  ['_sieve', 'sieve'],
  ['_xmpp-client', 'xmpp'],
  ['_xmpps-client', 'tls'],
  ['_xmpp-server', 'xmpp-server'],
  ['_xmpps-server', 'tls'],
  ['_ldap', 'ldap'],
  ['_ldaps', 'tls'],
  ['_gc', 'ldap'],
  ['_ftp', 'ftp'],
  ['_nntp', 'nntp'],
  ['_nntps', 'tls'],
  ['_postgresql', 'postgres'],
  ['_mysql', 'mysql'],
  ['_amqps', 'tls'],
  ['_secure-mqtt', 'tls'],
  ['_https', 'tls'],
  ['_caldavs', 'tls'],
  ['_carddavs', 'tls'],
  ['_autodiscover', 'tls'],
  ['_jmap', 'tls'],
  ['_matrix', 'tls'],
  ['_matrix-fed', 'tls'],
  ['_sips', 'tls'],
  ['_turns', 'tls'],
  ['_stuns', 'tls'],
  ['_radsec', 'tls'],
  ['_ircs', 'tls'],
  ['_ircs-u', 'tls'],
]);

/** The services that are known, as the first label of their names. */
export const serviceNames: readonly string[] = [...services.keys()];

/** Services whose certificates bear the name of the domain, not that of the server (RFC 6120 §13.7.1.2). */
export const namedByDomain: ReadonlySet<string> = new Set([
  '_xmpp-client',
  '_xmpps-client',
  '_xmpp-server',
  '_xmpps-server',
  '_matrix',
  '_matrix-fed',
]);

/** Returns how a service of an SRV record begins TLS; undefined for one without it, or that is not known. */
export function serviceProtocol(name: string): Protocol | undefined {
  return services.get(name.toLowerCase());
}

/** Returns how TLS begins on a port that a TLSA record names (RFC 7671, RFC 7672): there is TLS for certain. */
export function tlsaProtocol(port: number): Protocol {
  if (isTlsPort(port)) return 'tls';
  return protocolEntries.find(([, { ports }]) => ports.includes(port))?.[0] ?? 'tls';
}
