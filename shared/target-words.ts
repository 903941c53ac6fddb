import type { FileTarget, Target } from './target.ts';

/** What can be said of a target without a schema: the page draws its list with it, before it has read any. */

/** Whether the text is an IPv4 address in dotted form. */
export function isIpv4(text: string): boolean {
  const parts = text.split('.');
  return parts.length === 4 && parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255);
}

/** Whether the text is an IPv6 address without brackets (RFC 4291 §2.2); a zone (`%eth0`) may follow. */
export function isIpv6(text: string): boolean {
  const [address = '', zone] = text.split('%', 2);
  if (!address.includes(':') || !/^[0-9a-f:.]+$/i.test(address)) return false;
  if (zone !== undefined && !/^[\w.-]+$/.test(zone)) return false;
  try {
    return new URL(`https://[${address}]/`).hostname.length > 0;
  } catch {
    return false;
  }
}

export function isFileTarget(target: Target): target is FileTarget {
  return 'file' in target;
}

/** `host:port` as people write it, IPv6 addresses in brackets, the port left out where it is 443; a file by its path. */
export function formatTarget(target: Target): string {
  if (isFileTarget(target)) return target.file;
  const { host, port } = target;
  const name = isIpv6(host) ? `[${host}]` : host;
  return port === 443 ? name : `${name}:${port}`;
}
