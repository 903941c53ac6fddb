import { existsSync } from 'node:fs';
import { readDnsText } from '../../../shared/domain/discovery/dns-source.ts';
import { type NameFormat, nameFormats } from '../../../shared/domain/discovery/name-formats.ts';
import { type DnsSource, dnsSourceSchema } from '../../../shared/schema/dns-source.ts';
import { isFileTarget, isIpv4, isIpv6, wireName } from '../../../shared/schema/target.ts';
import { readDns } from '../../engine/discovery/dns/read-dns.ts';
import { namedHosts } from '../../engine/discovery/names/named-hosts.ts';
import { NameSourceError, readNames } from '../../engine/discovery/names/read-names.ts';
import type { NamedHost } from '../../engine/discovery/search-text.ts';
import { readImport } from '../../engine/import/read-import.ts';
import { systemResolver } from '../../engine/probe/addresses.ts';
import { InputFileError } from '../../engine/probe/files/input-file.ts';
import { UsageError } from '../exit-status.ts';
import { inputName, readTextFile } from '../text-files.ts';

/** The most names that a search asks for everywhere. */
const maxNames = 1_000;

/** Reads `--names`: names with commas between, or files with one a line. @throws UsageError for what is no name */
export function readNameLists(lists: readonly string[]): string[] {
  const words = lists.flatMap((list) =>
    existsSync(list)
      ? readTextFile(list)
          .text.split(/\r?\n/)
          .map((line) => line.split('#', 1)[0] ?? '')
      : list.split(','),
  );
  const names = words.map((word) => word.trim()).filter((word) => word !== '');
  const wire = names.map((name) => {
    const read = wireName(name.toLowerCase());
    if (read === null || !/[a-z]/.test(read) || read.includes(':'))
      throw new UsageError(`--names: “${name.slice(0, 80)}” is not a host name.`);
    return read;
  });
  const all = [...new Set(wire)];
  if (all.length > maxNames) throw new UsageError(`--names: at most 1,000 names; there are ${all.length}.`);
  return all;
}

/** Reads `--dns` and `--dns-records`. @throws UsageError for what is no domain, name server or kind of records */
export function readDomains(texts: readonly string[], records: string | undefined): DnsSource[] {
  if (records !== undefined && texts.length === 0) throw new UsageError('--dns-records needs --dns.');
  const kinds = records?.split(',').map((kind) => kind.trim().toLowerCase());
  return texts.map((text) => {
    const read = dnsSourceSchema.safeParse({ ...readDnsText(text), ...(kinds ? { records: kinds } : {}) });
    if (read.success) return read.data;
    const [issue] = read.error.issues;
    throw new UsageError(`${issue?.path[0] === 'records' ? '--dns-records' : '--dns'}: ${issue?.message}`);
  });
}

/** Reads the hosts of domains from DNS, one after the other. @throws UsageError for a domain that cannot be read */
export async function readFromDns(
  domains: readonly DnsSource[],
  exclude: readonly string[],
  signal: AbortSignal,
): Promise<FromFiles> {
  const read: FromFiles = { hosts: [], notes: [] };
  // The person who typed a name server is there, as for a host that is typed with its port.
  const reach = { resolve: systemResolver, mayReachPublic: true, isUnattended: false, exclude };
  for (const domain of domains) {
    try {
      const found = await readDns(domain, reach, signal);
      read.hosts.push(...namedHosts(found));
      read.notes.push(...found.notes);
    } catch (error) {
      if (error instanceof NameSourceError) throw new UsageError(error.message, { cause: error });
      throw error;
    }
  }
  return read;
}

/** What `--from` and `--dns` give. */
interface FromFiles {
  hosts: NamedHost[];
  notes: string[];
}

/** A file of `--from`, in its format. */
export interface GivenSource {
  path: string;
  format: NameFormat | 'auto' | 'hosts';
  /** What standard input held, read already; undefined: the file is read when its turn comes. */
  text?: string;
}

const formats: readonly string[] = ['hosts', 'auto', ...nameFormats];

/** Reads an argument `FORMAT:FILE` of `--from`, and standard input where that is the file; the format may be left out. @throws UsageError */
export function readSource(source: string): GivenSource {
  const [, written = '', path = ''] = /^([a-z][a-z-]+):(.*)$/s.exec(source) ?? [undefined, 'auto', source];
  if (!formats.includes(written))
    throw new UsageError(`--from: the format is one of ${formats.join(', ')}; write FORMAT:FILE.`);
  // SAFETY: it is one of the formats, by the line before.
  const format = written as GivenSource['format'];
  return { path, format, ...(path === '-' ? { text: readTextFile('-').text } : {}) };
}

/** Reads the hosts of files. @throws UsageError for a file that cannot be read */
export async function readFromFiles(
  sources: readonly GivenSource[],
  signal: AbortSignal,
): Promise<FromFiles> {
  const read = await Promise.all(sources.map((source) => readFrom(source, signal)));
  return { hosts: read.flatMap(({ hosts }) => hosts), notes: read.flatMap(({ notes }) => notes) };
}

async function readFrom({ path, format, text }: GivenSource, signal: AbortSignal): Promise<FromFiles> {
  if (format === 'hosts') return readHosts(path, text);
  const given = text === undefined ? { file: path } : { file: 'standard input', text };
  try {
    const read = await readNames({ format, ...given }, signal);
    return { hosts: namedHosts(read), notes: read.notes };
  } catch (error) {
    if (error instanceof NameSourceError || error instanceof InputFileError)
      throw new UsageError(error.message, { cause: error });
    throw error;
  }
}

/** A list of hosts, in any form that can be imported. */
function readHosts(path: string, given?: string): FromFiles {
  const read = readImport(given ?? readTextFile(path).text);
  if ('message' in read) throw new UsageError(`${inputName(path)}: ${read.message}`);
  const hosts = read.items.flatMap((item): NamedHost[] => {
    if (!('job' in item) || isFileTarget(item.job.target)) return [];
    const { host, port, servername, starttls } = item.job.target;
    const place = { port, address: null, starttls };
    const named = { host: wireName(host) ?? host, ...place };
    // A server name is asked for at the address that it is written with.
    const isAddress = isIpv4(host) || isIpv6(host);
    return servername !== null && isAddress
      ? [named, { ...place, host: servername, address: host }]
      : [named];
  });
  const notes = read.items.flatMap((item) =>
    'message' in item ? [`${inputName(path)}:${item.line}: ${item.message}`] : [],
  );
  return { hosts, notes };
}
