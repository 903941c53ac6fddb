import { isIpv4, isIpv6 } from '../target.ts';

/** Addresses of one family, from the first to the last, both counted. */
export interface AddressRange {
  family: 4 | 6;
  first: bigint;
  last: bigint;
}

/** A range as it was understood, with a sentence where it was taken otherwise than written; or why it is none. */
export type RangeText =
  | { ok: true; range: AddressRange; note: string | null }
  | { ok: false; message: string };

/** The most addresses that one search connects to. */
export const maxAddresses = 65_536;

const bitsOf = { 4: 32, 6: 128 } as const;
const mappedPrefix = 0xffffn << 32n;

/** Returns the number that an IPv4 or IPv6 address is (RFC 4291 §2.2), an IPv4-mapped one as IPv4; null for any other text, zones included. */
export function readIpAddress(text: string): { family: 4 | 6; value: bigint } | null {
  if (isIpv4(text)) return { family: 4, value: BigInt(`0x${text.split('.').map(hexByte).join('')}`) };
  if (text.includes('%') || !isIpv6(text)) return null;
  const [head = '', tail = ''] = new URL(`https://[${text}]/`).hostname.slice(1, -1).split('::');
  const groups = (part: string) => (part === '' ? [] : part.split(':'));
  const [before, behind] = [groups(head), groups(tail)];
  const zeros = Array.from({ length: 8 - before.length - behind.length }, () => '0');
  const hex = [...before, ...zeros, ...behind].map((group) => group.padStart(4, '0')).join('');
  const value = BigInt(`0x${hex}`);
  const isMapped = value >> 32n === mappedPrefix >> 32n;
  return isMapped ? { family: 4, value: value & 0xffff_ffffn } : { family: 6, value };
}

const hexByte = (part: string) => Number(part).toString(16).padStart(2, '0');

/** Writes an address as RFC 5952 has it. */
export function addressText(family: 4 | 6, value: bigint): string {
  if (family === 4) return [24n, 16n, 8n, 0n].map((shift) => String((value >> shift) & 0xffn)).join('.');
  const hex = value.toString(16).padStart(32, '0');
  return new URL(`https://[${hex.replace(/(....)(?!$)/g, '$1:')}]/`).hostname.slice(1, -1);
}

/** Networks whose addresses mean something only together with a zone: link-local and site-local (RFC 4007 §5, RFC 4291 §2.5.6, §2.5.7). */
const isZoned = (value: bigint) => value >> 119n === 0x1fdn;

/**
 * Returns the one spelling of an address, by which two texts can be compared: lower case and short (RFC 5952), without brackets, an
 * IPv4-mapped one as IPv4. A zone is kept if the address needs one.
 * @returns null for any other text
 */
export function normalAddress(text: string): string | null {
  const bare = withoutBrackets(text.trim());
  const [address = '', zone, more] = bare.split('%');
  const read = readIpAddress(address);
  if (!read || more !== undefined || (zone !== undefined && !isIpv6(bare))) return null;
  const normal = addressText(read.family, read.value);
  return zone !== undefined && read.family === 6 && isZoned(read.value) ? `${normal}%${zone}` : normal;
}

/** Returns how many addresses a range has. */
export function rangeSize({ first, last }: AddressRange): bigint {
  return last - first + 1n;
}

/** Whether an address, as a number, lies in a range. */
export function isInRange(range: AddressRange, family: 4 | 6, value: bigint): boolean {
  return range.family === family && value >= range.first && value <= range.last;
}

/** Whether a text is meant as addresses: one, a network `a/n`, or a range `a-b`. What is none is a host's name. */
export function looksLikeRange(text: string): boolean {
  const [first = ''] = text.split(/[/-]/, 1);
  return readIpAddress(withoutBrackets(first.trim())) !== null;
}

const withoutBrackets = (text: string) => /^\[(.*)\]$/.exec(text)?.[1] ?? text;

/**
 * Reads addresses as people write them: `10.0.0.0/24`, `10.0.0.5-20`, `10.0.0.5-10.0.1.9`, `2001:db8::/120`, or one address. An
 * address within a network means the network (`10.0.0.5/24`), which the note says.
 */
export function readRange(text: string): RangeText {
  const trimmed = text.trim();
  if (trimmed.includes('/')) return readNetwork(trimmed);
  if (trimmed.includes('-')) return readSpan(trimmed);
  const one = readIpAddress(withoutBrackets(trimmed));
  if (!one) return refuse(`“${cut(trimmed)}” is not an IP address or a range of them. Names go under hosts.`);
  return { ok: true, range: { family: one.family, first: one.value, last: one.value }, note: null };
}

function readNetwork(text: string): RangeText {
  const [addressPart = '', prefixPart = '', more] = text.split('/');
  const written = withoutBrackets(addressPart.trim());
  const address = readIpAddress(written);
  if (!address || more !== undefined)
    return refuse(`“${cut(text)}” is not a network: write an address, a slash and the length of the prefix.`);
  // An IPv4-mapped network counts its prefix over the whole 128 bits.
  const isMapped = address.family === 4 && written.includes(':');
  const { family } = address;
  const most = isMapped ? 128 : bitsOf[family];
  const prefix = /^\d{1,3}$/.test(prefixPart.trim()) ? Number(prefixPart) : Number.NaN;
  const least = isMapped ? 96 : 0;
  if (!(prefix >= least && prefix <= most))
    return refuse(`A prefix of an IPv${most === 32 ? 4 : 6} network is ${least} to ${most}.`);
  const free = BigInt(most - prefix);
  if (1n << free > BigInt(maxAddresses)) return refuse(tooWide(family));
  const first = (address.value >> free) << free;
  const range = { family, first, last: first + (1n << free) - 1n };
  const taken = `${addressText(family, first)}/${isMapped ? prefix - 96 : prefix}`;
  const note = first === address.value ? null : `${text} is taken as ${taken}.`;
  return { ok: true, range, note };
}

function readSpan(text: string): RangeText {
  const [from = '', to = '', more] = text.split('-').map((part) => withoutBrackets(part.trim()));
  const first = readIpAddress(from);
  const last = first && (readIpAddress(to) ?? lastByte(first, to));
  if (!first || !last || more !== undefined || first.family !== last.family)
    return refuse(
      `“${cut(text)}” is not a range: write its first and its last address, or the last number alone.`,
    );
  if (last.value < first.value)
    return refuse(`The range ${cut(text)} ends before it begins: write the lower address first.`);
  const range = { family: first.family, first: first.value, last: last.value };
  return rangeSize(range) > BigInt(maxAddresses)
    ? refuse(tooWide(first.family))
    : { ok: true, range, note: null };
}

/** `10.0.0.5-20`: the last number of the last address. */
function lastByte(first: { family: 4 | 6; value: bigint }, text: string) {
  if (first.family !== 4 || !/^\d{1,3}$/.test(text) || Number(text) > 255) return null;
  return { family: 4 as const, value: (first.value & ~0xffn) | BigInt(text) };
}

const refuse = (message: string): RangeText => ({ ok: false, message });
const cut = (text: string) => (text.length > 80 ? `${text.slice(0, 80)}…` : text);
const tooWide = (family: 4 | 6) =>
  `65,536 addresses at most; /${family === 4 ? 16 : 112} is the widest IPv${family} network.`;
