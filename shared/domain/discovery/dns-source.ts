import { isIpv4, isIpv6, wireName } from '../target.ts';

/**
 * Kinds of DNS records that give hosts: addresses (with CNAME), mail servers, services (RFC 2782), ports with TLS for certain (RFC 6698), and service
 * bindings (RFC 9460).
 */
export const dnsRecordKinds = ['a', 'mx', 'srv', 'tlsa', 'svcb'] as const;
export type DnsRecordKind = (typeof dnsRecordKinds)[number];

/** A name server, by its name or address. */
export interface NameServer {
  /** Without brackets. */
  host: string;
  port: number;
}

const dnsPort = 53;

/** Reads a name server: a host or address, with a port or without. @returns null for what is none */
export function readNameServer(text: string): NameServer | null {
  if (isIpv6(text)) return { host: text.toLowerCase(), port: dnsPort };
  const [, inBrackets, plain = '', written] =
    /^(?:\[([^\]]{2,60})\]|([^:[\]]{1,260}))(?::(\d{1,5}))?$/.exec(text) ?? [];
  const port = written === undefined ? dnsPort : Number(written);
  if (port < 1 || port > 65_535) return null;
  if (inBrackets !== undefined) return isIpv6(inBrackets) ? { host: inBrackets.toLowerCase(), port } : null;
  const host = wireName(plain.toLowerCase());
  return host === null ? null : { host, port };
}

/** Reads a domain as it goes over the wire, without a dot at its end. @returns null for what is none */
export function readDomain(text: string): string | null {
  const name = wireName(text.toLowerCase());
  return name === null || isIpv4(name) || isIpv6(name) ? null : name.replace(/\.$/, '');
}

/** A domain, and the server that its zone is transferred from; null: its records are looked up. */
export interface DnsPlace {
  domain: string;
  transfer: string | null;
}

/** Reads `DOMAIN` or `DOMAIN@SERVER`. */
export function readDnsText(text: string): DnsPlace {
  const at = text.indexOf('@');
  if (at === -1) return { domain: text.trim(), transfer: null };
  return { domain: text.slice(0, at).trim(), transfer: text.slice(at + 1).trim() };
}

/** Writes what `readDnsText` reads. */
export function dnsText({ domain, transfer }: DnsPlace): string {
  return transfer === null ? domain : `${domain}@${transfer}`;
}
