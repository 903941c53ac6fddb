import { unwrapPasted } from './pasted-text.ts';
import { protocolEntries, type StarttlsProtocol } from './starttls/protocols.ts';
import { isIpv4, isIpv6, wireName } from './target.ts';
import { tlsSchemes } from './tls-services.ts';

/** What a typed or pasted address consists of, or the sentence that says what of it was not understood. */
export type AddressText =
  | { ok: true; host: string; port: number; starttls: StarttlsProtocol | null; note: string }
  | { ok: false; message: string };

interface Scheme {
  port: number;
  /** Undefined: what is usual on the port. */
  starttls: StarttlsProtocol | null | undefined;
}

/** URL schemes a person may paste. `tcp:` says nothing but that there is a port. */
const schemes: ReadonlyMap<string, Scheme> = new Map([
  ['tcp', { port: 443, starttls: undefined }],
  ['sqlserver', { port: 1433, starttls: 'mssql' }],
  ...['tls', 'ssl'].map((name): [string, Scheme] => [name, { port: 443, starttls: null }]),
  ...[...tlsSchemes].map(([name, port]): [string, Scheme] => [name, { port, starttls: null }]),
  ...protocolEntries.flatMap(([starttls, protocol]) =>
    Object.entries(protocol.schemes).map(([name, port]): [string, Scheme] => [name, { port, starttls }]),
  ),
]);

const starttlsByPort: ReadonlyMap<number, StarttlsProtocol> = new Map(
  protocolEntries.flatMap(([protocol, { ports }]) => ports.map((port) => [port, protocol] as const)),
);

/** Returns the STARTTLS protocol usual on a port, or null where TLS starts at once. */
export function guessStarttls(port: number): StarttlsProtocol | null {
  return starttlsByPort.get(port) ?? null;
}

const empty = 'Enter a host name or an IP address.';
const portRange = 'A port is a whole number from 1 to 65535.';
const refuse = (message: string): AddressText => ({ ok: false, message });
const quote = (text: string) => `“${text.length > 80 ? `${text.slice(0, 80)}…` : text}”`;

/** What comes before a URL in the connection strings of Java. */
const jdbc = /^jdbc:(?=[a-z0-9]{1,20}:\/\/)/i;

/** Schemes of addresses that name a domain whose SRV records name the hosts. */
const srvSchemes = new Set(['mongodb+srv', 'redis+srv', 'ldap+srv']);

/** Names of files that people keep certificates in; no top-level domain is called so. */
const fileName = /\.(pem|crt|cer|der|p12|pfx|p7b|p7c|jks|keystore|key|csr)$/i;

/**
 * Reads an address from what a person types or pastes: `host`, `host:port`, `host port`, `[IPv6]:port`, a bare IPv6 address, a URL; a path
 * behind it is ignored, and what follows a comma is a note, but for a number behind a host, which is its port. The STARTTLS protocol follows from the URL’s scheme, else from the port.
 */
export function readAddressText(pasted: string): AddressText {
  const bare = unwrapPasted(pasted);
  const text = bare.replace(jdbc, '');
  const several = hostsOfUrl(text);
  if (several)
    return refuse(`This address names ${several.length} hosts. Enter each by itself: ${several.join(', ')}.`);
  const [address = '', ...notes] = text.split(/[,;]/).map((part) => part.trim());
  // What follows in a connection string of Java are its properties.
  const note = text === bare ? notes.filter((part) => part !== '').join(', ') : '';
  if (address === '') return refuse(empty);
  // A row of a table without a header: the host, then its port.
  const [cell = '', ...others] = notes;
  const hasPort = /:\d{1,5}$/.test(address) && !isIpv6(address);
  const another = note === '' ? undefined : notes.find((part) => looksLikeHost(part, hasPort));
  if (another !== undefined)
    return refuse(`Enter one host per line: ${quote(address)}, then ${quote(another)}.`);
  if (note !== '' && isPort(cell) && (isIpv6(address) || /^(?:\[[^\]]*\]|[^\s:/[]+)$/.test(address)))
    return settle(address, cell, undefined, others.filter((part) => part !== '').join(', '));
  const url = urlOf(address);
  if (!url) return readAuthority(address, undefined, note);
  const { name, rest } = url;
  const scheme = schemes.get(name.toLowerCase());
  if (srvSchemes.has(name.toLowerCase()))
    return refuse(
      `${quote(`${name}://`)} names a domain, and its hosts are in DNS (SRV records): enter each with its port.`,
    );
  if (!scheme)
    return refuse(
      `NotAfter does not know addresses that begin with ${quote(`${name}://`)}: enter the host and its port.`,
    );
  // Of user and password in a URL nothing is kept.
  return readAuthority(rest.replace(/^[^/?#]*@/, ''), scheme, note);
}

/**
 * Returns the two parts of a URL, null where the text is none. Of a known scheme one slash or none is enough (`https:example.com`,
 * `sip:example.com`), unless a port follows: then it is a host of that name.
 */
function urlOf(address: string): { name: string; rest: string } | null {
  const [, name = '', slashes = '', rest = ''] = /^([a-z][a-z0-9+.-]*):(\/{0,2})(.*)$/i.exec(address) ?? [];
  if (name === '') return null;
  if (slashes === '//') return { name, rest };
  return schemes.has(name.toLowerCase()) && /^[^\d\s/]/.test(rest) ? { name, rest } : null;
}

/**
 * Returns the hosts of a URL that names several, each with its scheme, as connection strings of MongoDB, PostgreSQL and others do
 * (`mongodb://a,b:27018/db`); null for every other text. Of a user and password nothing is kept.
 */
function hostsOfUrl(text: string): string[] | null {
  const [, scheme = '', authority = ''] =
    /^([a-z][a-z0-9+.-]{0,20}):\/\/([^/?#\s]*)(?:[/?#]|$)/i.exec(text) ?? [];
  const hosts = authority.slice(authority.lastIndexOf('@') + 1).split(',');
  const isHost = (host: string) =>
    /^\[[\da-f:.]+\](?::\d+)?$/i.test(host) || wireName(host.replace(/:\d+$/, '')) !== null;
  return hosts.length > 1 && hosts.every(isHost) ? hosts.map((host) => `${scheme}://${host}`) : null;
}

/**
 * Whether a part of a note is another address, which would be lost as a note: a URL, an IP address, or a name of several parts, the last of which
 * begins with a letter, each with a port or without. A name of one part counts with a port alone, behind an address with one (`web1:8443,web2:8443`).
 */
function looksLikeHost(text: string, isBehindPort: boolean): boolean {
  const url = /^([a-z][a-z0-9+.-]{0,20}):\/\/\S/i.exec(text);
  if (url) return schemes.has((url[1] ?? '').toLowerCase());
  if (isIpv6(text)) return true;
  const [, host = '', port] =
    /^\[([^\]]*)\](?::(\d{1,5}))?$/.exec(text) ?? /^([^:\s]+)(?::(\d{1,5}))?$/.exec(text) ?? [];
  if (isIpv4(host) || isIpv6(host)) return true;
  const name = host.replace(/\.$/, '');
  if (!/^[a-z]/i.test(name.split('.').at(-1) ?? '') || wireName(name) === null) return false;
  return name.includes('.') || (isBehindPort && port !== undefined);
}

function readAuthority(text: string, scheme: Scheme | undefined, note: string): AddressText {
  const [authority = '', path] = splitPath(text);
  if (isIpv6(authority)) return settle(authority, undefined, scheme, note);
  const spaced = /^(\S+)\s+(\d+)$/.exec(authority);
  if (/^[\da-f:.]+$/i.test(authority) && authority.split(':').length > 2) return refuse(notAHost(authority));
  const [, host = '', port] =
    spaced?.map((part) => part.replace(/:$/, '')) ?? /^(\[[^\]]*\]|[^:]*)(?::(.*))?$/.exec(authority) ?? [];
  if (scheme === undefined) {
    const message = notUnderstood(authority, host, path);
    if (message !== null) return refuse(message);
  }
  return settle(host, port, scheme, note);
}

function splitPath(text: string): [authority: string, path: string | undefined] {
  const at = text.search(/[/?#\\]/);
  return at < 0 ? [text, undefined] : [text.slice(0, at).trim(), text.slice(at)];
}

/** Says what a text is that is no host; null where it may be one. */
function notUnderstood(authority: string, host: string, path: string | undefined): string | null {
  if (authority === '') return empty;
  const [, user, behind = ''] = /^([^@]*)@(.*)$/.exec(authority) ?? [];
  if (user !== undefined) {
    return `${quote(authority)} names a user, as an email address does: enter ${behind === '' ? 'the host' : behind} alone.`;
  }
  if (host.includes('*')) {
    const example = host.replaceAll('*', /^[\d.*]+$/.test(host) ? '1' : 'www');
    return `${quote(host)} is a wildcard and names no host: enter one of its hosts, such as ${example}.`;
  }
  const isWithoutDomain = !host.includes('.') && authority === host;
  if (path !== undefined && (isWithoutDomain || fileName.test(path))) {
    const written = `${authority}${path}`;
    return `${quote(written)} looks like a path: write ./${written.slice(0, 80)} for a certificate file.`;
  }
  if (fileName.test(host) && authority === host)
    return `${quote(host)} looks like a file: write ./${host.slice(0, 80)} for a certificate file.`;
  return null;
}

function settle(
  host: string,
  portText: string | undefined,
  scheme: Scheme | undefined,
  note: string,
): AddressText {
  if (host === '') return refuse(empty);
  const bare = /^\[.*\]$/.test(host) ? host.slice(1, -1) : host;
  if (wireName(bare) === null) return refuse(notAHost(host));
  if (portText !== undefined && !isPort(portText)) {
    const words =
      portText === '' ? 'The port behind the colon is missing.' : `${quote(portText)} is not a port.`;
    return refuse(`${words} ${portRange}`);
  }
  const port = portText === undefined ? (scheme?.port ?? 443) : Number(portText);
  const starttls = scheme?.starttls === undefined ? guessStarttls(port) : scheme.starttls;
  return { ok: true, host, port, starttls, note };
}

const isPort = (text: string) => /^\d{1,5}$/.test(text) && Number(text) >= 1 && Number(text) <= 65_535;

/** Returns the sentence for what is not a host, with what is wrong about it if known. */
export function notAHost(host: string): string {
  return `${quote(host)} is not a host name or an IP address${whyNot(host)}.`;
}

function whyNot(host: string): string {
  if (/\s/.test(host)) return ': it contains a space';
  if (/^[\d.]+$/.test(host)) return ': an IPv4 address has four numbers from 0 to 255';
  if (host.startsWith('[') || (host.includes(':') && !host.includes('.')))
    return ': an IPv6 address is written [2001:db8::7]';
  const labels = host.replace(/\.$/, '').split('.');
  if (labels.includes('')) return ': two dots follow each other, or it begins with one';
  if (labels.some((label) => label.startsWith('-') || label.endsWith('-')))
    return ': no part of a name begins or ends with “-”';
  if (labels.some((label) => label.length > 63)) return ': a part of a name has at most 63 characters';
  if (host.length > 253) return ': a name has at most 253 characters';
  const [odd] = /[^\p{L}\p{N}\p{M}._-]/u.exec(host) ?? [];
  return odd === undefined ? '' : `: it contains ${quote(odd)}`;
}
