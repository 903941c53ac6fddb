import { isIP } from 'node:net';
import { isPort } from '../listen-address.ts';
import type { FoundName, NameCollector, NameText } from '../name-source.ts';
import { namedByDomain, serviceProtocol, tlsaProtocol } from './services.ts';

/** A DNS record, from a zone file or a name server. */
export interface ZoneRecord {
  /** A whole name, with its dot. */
  owner: string;
  /** In capitals. */
  type: string;
  /** Its data as a zone file writes it. */
  data: readonly string[];
  /** From 1: its line in a file, or its place in an answer. */
  line: number;
  from: NameText;
}

type Found = Partial<Pick<FoundName, 'address' | 'port' | 'protocol'>>;

/**
 * Gathers the hosts that a record names: those of A, AAAA and CNAME, and the services of MX, SRV (RFC 2782), TLSA (RFC 6698), SVCB and HTTPS
 * (RFC 9460) at their ports. Other types name none.
 * @param whole returns a name of the data as a whole name; null for a relative name without an origin
 */
export function addRecordNames(
  record: ZoneRecord,
  into: NameCollector,
  whole: (name: string) => string | null,
): void {
  const { type, data, owner, line, from } = record;
  const [first = ''] = data;
  // The names of services and of delegated keys are no hosts.
  const keep = (name: string, found: Found) => {
    if (!/(?:^|\.)_/.test(name)) into.add({ name: unescaped(name).replace(/\.$/, ''), ...found, line }, from);
  };
  // A target of `.` says that there is no such service (RFC 2782, RFC 7505).
  const keepTarget = (name: string | undefined, found: Found) => {
    const target = name === undefined || name === '.' ? null : whole(name);
    if (target !== null) keep(target, found);
  };
  if ((type === 'A' || type === 'AAAA') && isIP(first) !== 0) keep(owner, { address: first });
  else if (type === 'CNAME') keep(owner, {});
  else if (type === 'MX') keepTarget(data[1], { port: 25, protocol: 'smtp' });
  else if (type === 'SRV') addService(record, keep, keepTarget);
  else if (type === 'TLSA') addTlsa(record, keep);
  else if (type === 'SVCB' || type === 'HTTPS') addBinding(record, keep);
}

type Keep<Name> = (name: Name, found: Found) => void;

function addService(
  { owner, data }: ZoneRecord,
  keep: Keep<string>,
  keepTarget: Keep<string | undefined>,
): void {
  const [service = '', transport = '', ...domain] = owner.split('.');
  const [, , port = '', target] = data;
  const protocol = serviceProtocol(service);
  if (protocol === undefined || transport.toLowerCase() !== '_tcp' || !isPort(port) || target === '.') return;
  const found = { port: Number(port), protocol };
  keepTarget(target, found);
  if (namedByDomain.has(service.toLowerCase())) keep(domain.join('.'), found);
}

function addTlsa({ owner }: ZoneRecord, keep: Keep<string>): void {
  const [port = '', transport = '', ...domain] = owner.split('.');
  const number = port.slice(1);
  if (transport.toLowerCase() !== '_tcp' || !isPort(number)) return;
  keep(domain.join('.'), { port: Number(number), protocol: tlsaProtocol(Number(number)) });
}

/** `_8443._https.example.com HTTPS 1 . port=8444`: the certificate is that of the owner, wherever the target is (RFC 9460 §9). */
function addBinding({ owner, type, data }: ZoneRecord, keep: Keep<string>): void {
  const labels = owner.split('.');
  const prefixed = /^_\d+$/.test(labels[0] ?? '') ? Number(labels[0]?.slice(1)) : null;
  const name = labels.filter((label) => !label.startsWith('_')).join('.');
  const parameter = data.find((word) => word.startsWith('port='))?.slice(5) ?? '';
  const port = isPort(parameter) ? Number(parameter) : prefixed;
  if (type === 'HTTPS' || port !== null) keep(name, { port: port ?? 443, protocol: 'tls' });
}

/** `\046` is the character of that number, `\.` a dot within a label: no host has that, and a space says so. */
function unescaped(name: string): string {
  return name.replace(/\\(\d{3}|.)/g, (_, code: string) => {
    if (code.length === 3) return String.fromCharCode(Number(code) & 0xff);
    return code === '.' ? ' ' : code;
  });
}
