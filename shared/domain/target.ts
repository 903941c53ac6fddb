import type { FileTarget, Target } from '../schema/target.ts';

/** Facts of a target that need no schema, so that the page can draw its list before schemas load. */

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

/** `host:port` as people write it, IPv6 addresses in brackets, the port left out where it is 443; a file by its path, with the entry of it behind. */
export function formatTarget(target: Target): string {
  if (isFileTarget(target))
    return target.entry === undefined ? target.file : `${target.file} (${target.entry})`;
  const { host, port } = target;
  const name = isIpv6(host) ? `[${host}]` : host;
  return port === 443 ? name : `${name}:${port}`;
}

/** A label of up to 63 characters (RFC 1035 §2.3.4); underscores are used in names that are not hosts. */
const plainLabel = /^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/;
const plainLastLabel = /^[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/** Whether a name is on the wire what it is here: lower-case labels, the last of which begins with a letter, none an A-label. */
function isPlainName(name: string): boolean {
  if (name.length > 253) return false;
  const labels = name.split('.');
  const last = labels.pop() ?? '';
  const isPlain = (label: string, form: RegExp) => form.test(label) && !label.startsWith('xn--');
  return isPlain(last, plainLastLabel) && labels.every((label) => isPlain(label, plainLabel));
}

/**
 * The form of a host name that goes over the wire: lower case, internationalised labels as A-labels
 * (RFC 5890), no trailing dot. Addresses come back as they are. Null where the text is no host.
 */
export function wireName(host: string): string | null {
  if (isIpv4(host) || isIpv6(host)) return host;
  const name = host.replace(/\.$/, '');
  if (isPlainName(name)) return name;
  if (name === '' || /[\s/\\?#@:[\]%<>^|"'`{}]/.test(name)) return null;
  let ascii: string;
  try {
    ascii = new URL(`https://${name}/`).hostname;
  } catch {
    return null;
  }
  const labels = ascii.split('.');
  const fits =
    ascii.length <= 253 && labels.every((label) => /^[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?$/.test(label));
  // The URL parser reads "1" or "0x7f.1" as an IPv4 address: a name that turns into one was not a name.
  return fits && !isIpv4(ascii) ? ascii : null;
}
