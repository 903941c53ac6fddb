import { isIP } from 'node:net';
import { parseArgs } from 'node:util';
import { isIpv6, parseTarget, type StarttlsProtocol } from '../../../shared/schema/target.ts';
import { flagOption, textOption } from './command-options.ts';
import { type ImportItem, type ImportPlace, readJob } from './item.ts';

/** One plugin: the port that it asks, and how TLS begins. */
interface Plugin {
  /** null: it has to be named. */
  port: number | null;
  options: typeof options.http | typeof options.tcp | typeof options.smtp;
  /** Whether it speaks TLS without an option that asks for it. */
  isTls?: boolean;
}

/** What a job has words for, or what changes nothing for it. */
const common = {
  hostname: textOption('H'),
  port: textOption('p'),
  'use-ipv4': flagOption('4'),
  'use-ipv6': flagOption('6'),
  warning: textOption('w'),
  critical: textOption('c'),
  timeout: textOption('t'),
  verbose: flagOption('v'),
  'extra-opts': textOption(),
};

/** Options of the plugins, from their `--help` (https://www.monitoring-plugins.org/doc/man/). */
const options = {
  http: {
    ...common,
    'IP-address': textOption('I'),
    ssl: flagOption('S'),
    sni: flagOption(),
    certificate: textOption('C'),
    'continue-after-certificate': flagOption(),
    'client-cert': textOption('J'),
    'private-key': textOption('K'),
    'ca-cert': textOption(),
    'verify-cert': flagOption('D'),
    expect: textOption('e'),
    'header-string': textOption('d'),
    string: textOption('s'),
    url: textOption('u'),
    post: textOption('P'),
    method: textOption('j'),
    'no-body': flagOption('N'),
    'max-age': textOption('M'),
    'content-type': textOption('T'),
    linespan: flagOption('l'),
    regex: textOption('r'),
    ereg: textOption(),
    eregi: textOption('R'),
    'invert-regex': flagOption(),
    authorization: textOption('a'),
    'proxy-authorization': textOption('b'),
    useragent: textOption('A'),
    header: textOption('k'),
    'extended-perfdata': flagOption('E'),
    'show-body': flagOption('B'),
    link: flagOption('L'),
    onredirect: textOption('f'),
    'max-redirs': textOption(),
    pagesize: textOption('m'),
    'http-version': textOption(),
  },
  tcp: {
    ...common,
    ssl: flagOption('S'),
    sni: textOption(),
    certificate: textOption('D'),
    escape: flagOption('E'),
    send: textOption('s'),
    expect: textOption('e'),
    all: flagOption('A'),
    quit: textOption('q'),
    refuse: textOption('r'),
    mismatch: textOption('M'),
    jail: flagOption('j'),
    maxbytes: textOption('m'),
    delay: textOption('d'),
  },
  smtp: {
    ...common,
    starttls: flagOption('S'),
    ssl: flagOption('s'),
    tls: flagOption(),
    sni: flagOption(),
    certificate: textOption('D'),
    expect: textOption('e'),
    command: textOption('C'),
    response: textOption('R'),
    from: textOption('f'),
    fqdn: textOption('F'),
    authtype: textOption('A'),
    authuser: textOption('U'),
    authpass: textOption('P'),
    lmtp: flagOption('L'),
    'ignore-quit-failure': flagOption('q'),
  },
} as const;

const tcp = (port: number | null, isTls = false): Plugin => ({ port, options: options.tcp, isTls });

/** check_tcp goes by the name that it is called by (plugins/check_tcp.c, main). */
const plugins: Readonly<Record<string, Plugin>> = {
  check_http: { port: 443, options: options.http },
  check_curl: { port: 443, options: options.http },
  check_smtp: { port: 25, options: options.smtp },
  check_tcp: tcp(null),
  check_imap: tcp(143),
  check_simap: tcp(993, true),
  check_pop: tcp(110),
  check_spop: tcp(995, true),
  check_ssmtp: tcp(465, true),
  check_ftp: tcp(21),
  check_nntp: tcp(119),
  check_nntps: tcp(563, true),
  check_jabber: tcp(5222, true),
};

/** Names of the plugins whose command lines can be read. */
export const pluginNames: readonly string[] = Object.keys(plugins);

/** Options that a job follows in another way, or that are of the plugin’s run alone: they need no note. */
const silent: ReadonlySet<string> = new Set([
  ...[
    'hostname',
    'IP-address',
    'port',
    'use-ipv4',
    'use-ipv6',
    'ssl',
    'tls',
    'starttls',
    'lmtp',
    'sni',
    'certificate',
    'fqdn',
  ],
  ...[
    'warning',
    'critical',
    'timeout',
    'verbose',
    'extended-perfdata',
    'link',
    'show-body',
    'jail',
    'escape',
  ],
  ...['continue-after-certificate', 'ignore-quit-failure'],
]);

/** Reads the arguments of one command line of a plugin. */
export function readPlugin(at: ImportPlace, name: string, given: readonly string[]): ImportItem {
  const plugin = plugins[name];
  if (!plugin) return { ...at, message: `${name} is not known here.` };
  // `-S1.2` and `--ssl=1.2+` limit the version; the value is optional, which parseArgs does not know.
  const args = given.map((word) => word.replace(/^-S[\d.]+\+?$/, '-S').replace(/^--ssl=.*$/, '--ssl'));
  const { values, tokens } = parseArgs({
    args,
    options: plugin.options,
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const value = (option: string): string | undefined => {
    const last = [values[option]].flat().at(-1);
    return typeof last === 'string' ? last.trim() : undefined;
  };
  const has = (option: string) => values[option] !== undefined;
  const isTls = plugin.isTls || ['ssl', 'tls', 'starttls', 'certificate'].some(has);
  if (!isTls) return { ...at, message: `${name} connects here without TLS, which shows no certificate.` };
  const place = placeOf(value);
  if ('message' in place) return { ...at, message: place.message };
  const port = value('port') ?? place.port ?? plugin.port;
  if (port === null) return { ...at, message: 'It names no port (-p).' };
  const parsed = parseTarget(isIpv6(place.host) ? `[${place.host}]` : place.host);
  if (!parsed.ok) return { ...at, message: parsed.message };
  const servername = value('sni') ?? place.servername;
  const job = {
    target: {
      ...parsed.target,
      port: Number(port),
      starttls: plugin.options === options.smtp ? startOf(has) : null,
      ...(servername === undefined || servername === place.host ? {} : { servername }),
    },
    thresholds: thresholdsOf(value('certificate')),
    connection: connectionOf(place, has, value),
  };
  const dropped = tokens.flatMap((token) =>
    token.kind === 'option' && !silent.has(token.name) ? [token.rawName] : [],
  );
  return readJob(at, job, dropped.length > 0 ? `Left out: ${[...new Set(dropped)].join(', ')}.` : undefined);
}

type Value = (option: string) => string | undefined;
type Has = (option: string) => boolean;

function connectionOf({ address }: Place, has: Has, value: Value): object {
  const family = has('use-ipv6') ? 'ipv6' : 'any';
  return {
    family: has('use-ipv4') ? 'ipv4' : family,
    ...(address === undefined ? {} : { address }),
    ...(has('fqdn') ? { ehloName: value('fqdn') } : {}),
  };
}

interface Place {
  host: string;
  port?: string;
  servername?: string;
  /** The address to connect to in place of the host's own. */
  address?: string;
}

/**
 * `-H` is a virtual host, which may have a port; `-I` the address to connect to (plugins/check_http.c). Of both, the name is what the
 * certificate has to be for.
 */
function placeOf(value: Value): Place | { message: string } {
  const [address, virtual] = [value('IP-address'), value('hostname')];
  const [, host = virtual, port] = /^([^:]+):(\d{1,5})$/.exec(virtual ?? '') ?? [];
  const named = { ...(port === undefined ? {} : { port }) };
  if (host === undefined)
    return address === undefined ? { message: 'It names no host (-H).' } : { host: address };
  if (address === undefined) return { host, ...named };
  return isIP(address) === 0 ? { host: address, servername: host, ...named } : { host, address, ...named };
}

/** check_smtp begins TLS by STARTTLS, also where it only looks at the certificate (-D); `--ssl` and `--tls` ask for it from the first byte. */
function startOf(has: Has): StarttlsProtocol | null {
  if ((has('ssl') || has('tls')) && !has('starttls')) return null;
  return has('lmtp') ? 'lmtp' : 'smtp';
}

/** `30,14`: warning and critical in days; `14`: a warning. */
function thresholdsOf(given: string | undefined): object {
  const [warning, critical] = (given ?? '').split(',').map((part) => part.trim());
  const days = (text: string | undefined) => (text ? { days: Number(text) } : null);
  return { warning: days(warning), critical: days(critical) };
}
