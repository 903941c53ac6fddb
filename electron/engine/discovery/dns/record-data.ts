import type { Answer } from 'dns-packet';

/** The types of records that give hosts, by the kind that a search names them. */
export const kindOfType: Readonly<Record<string, 'a' | 'mx' | 'srv' | 'tlsa' | 'svcb'>> = {
  ...{ A: 'a', AAAA: 'a', CNAME: 'a', MX: 'mx', SRV: 'srv', TLSA: 'tlsa', SVCB: 'svcb', HTTPS: 'svcb' },
};

/** Types that dns-packet knows by their numbers alone (RFC 9460 §14.1). */
const names: Readonly<Record<string, string>> = { UNKNOWN_64: 'SVCB', UNKNOWN_65: 'HTTPS' };

/** Returns the type of a record in capitals. */
export function typeOf({ type }: Answer): string {
  return names[type] ?? type;
}

/** Returns the data of a record as a zone file writes it; empty for types that name no host, and for what cannot be read. */
export function dataWords(record: Answer): string[] {
  const { data } = record as { data?: unknown }; // SAFETY: each field of it is checked below: the library decodes what a server sends.
  switch (typeOf(record)) {
    case 'A':
    case 'AAAA':
    case 'CNAME':
      return typeof data === 'string' ? [data] : [];
    case 'MX':
      return [field(data, 'preference'), dotted(field(data, 'exchange'))];
    case 'SRV':
      return [
        ...['priority', 'weight', 'port'].map((name) => field(data, name)),
        dotted(field(data, 'target')),
      ];
    case 'SVCB':
    case 'HTTPS':
      return Buffer.isBuffer(data) ? bindingWords(data) : [];
    default:
      return [];
  }
}

function field(data: unknown, name: string): string {
  if (typeof data !== 'object' || data === null) return '';
  const value: unknown = Reflect.get(data, name);
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

const dotted = (name: string) => (name.endsWith('.') ? name : `${name}.`);

/** The parameter `port` of a service binding (RFC 9460 §14.3.2). */
const portKey = 3;

/** Reads priority, target and parameters of a service binding, whose names are never compressed (RFC 9460 §2.2). Only the port is taken. */
function bindingWords(data: Buffer): string[] {
  let at = 2;
  while (at < data.length && data[at] !== 0) at += 1 + (data[at] ?? 0);
  at += 1;
  while (at + 4 <= data.length) {
    const [key, length] = [data.readUInt16BE(at), data.readUInt16BE(at + 2)];
    if (key === portKey && length === 2 && at + 6 <= data.length)
      return [`port=${data.readUInt16BE(at + 4)}`];
    at += 4 + length;
  }
  return [];
}
