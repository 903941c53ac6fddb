import { isIP } from 'node:net';

/** Where a program listens. */
export interface ListenAddress {
  /** Null: all addresses of the machine, or a name. */
  address: string | null;
  port: number | null;
}

/** Means all addresses. */
const everywhere: ReadonlySet<string> = new Set(['', '*', '0.0.0.0', '::', '_default_', 'localhost']);

/**
 * Reads `443`, `:443`, `*:443`, `192.0.2.7:443`, `[2001:db8::7]:443`, `192.0.2.7` as programs write them.
 * @returns null for what is no address of TCP: the path of a socket
 */
export function readListenAddress(text: string): ListenAddress | null {
  if (text.startsWith('unix') || text.startsWith('/') || text.startsWith('@')) return null;
  if (isPort(text)) return { address: null, port: Number(text) };
  const [host, port] = splitPort(text);
  const bare = host.startsWith('[') ? host.slice(1, -1).split('%', 1)[0] : host;
  const isAddress = isIP(bare ?? '') !== 0 && !everywhere.has(bare ?? '');
  return { address: isAddress ? (bare ?? null) : null, port: port === '' ? null : Number(port) };
}

/** Splits a host and its port, which is empty where there is none. An IPv6 address keeps its brackets. */
export function splitPort(text: string): [host: string, port: string] {
  const colon = text.lastIndexOf(':');
  if (colon < 0 || text.endsWith(']')) return [text, ''];
  const [host, port] = [text.slice(0, colon), text.slice(colon + 1)];
  // An address of IPv6 without brackets has no port.
  return isPort(port) && (host.startsWith('[') || !host.includes(':') || /^:*$/.test(host))
    ? [host, port]
    : [text, ''];
}

export function isPort(text: string): boolean {
  return /^\d{1,5}$/.test(text) && Number(text) >= 1 && Number(text) <= 65_535;
}
