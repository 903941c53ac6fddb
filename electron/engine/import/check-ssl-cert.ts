import { parseArgs } from 'node:util';
import { isIpv6, parseTarget } from '../../../shared/schema/target.ts';
import { flagOption, textOption } from './command-options.ts';
import { hostsOnly, type ImportItem, type ImportPlace, readJob } from './item.ts';

/** What of check_ssl_cert’s options a job can say: https://github.com/matteocorti/check_ssl_cert, help. */
const said = {
  host: textOption('H'),
  port: textOption('p'),
  protocol: textOption('P'),
  sni: textOption(),
  match: textOption('m'),
  cn: textOption('n'),
  warning: textOption('w'),
  critical: textOption('c'),
  resolve: textOption(),
  inetproto: textOption(),
  ipv4: flagOption('4'),
  ipv6: flagOption('6'),
  proxy: textOption(),
  file: textOption('f'),
};

/**
 * Options that take a value and that a job has no words for, or that name files of the computer they came from; every other option takes
 * none.
 */
const leftOut = {
  'check-ciphers': textOption(),
  'check-ssl-labs': textOption('L'),
  'check-ssl-labs-warn': textOption(),
  clientcert: textOption('C'),
  clientkey: textOption('K'),
  clientpass: textOption(),
  'curl-bin': textOption(),
  'curl-user-agent': textOption(),
  'custom-http-header': textOption(),
  date: textOption(),
  days: textOption(),
  'debug-file': textOption(),
  'dig-bin': textOption(),
  element: textOption(),
  email: textOption('e'),
  'file-bin': textOption(),
  fingerprint: textOption(),
  format: textOption(),
  'issuer-cert-cache': textOption(),
  issuer: textOption('i'),
  'long-output': textOption(),
  'nmap-bin': textOption(),
  'not-issued-by': textOption(),
  'not-valid-longer-than': textOption(),
  'ocsp-critical': textOption(),
  'ocsp-warning': textOption(),
  openssl: textOption(),
  org: textOption('o'),
  password: textOption(),
  precision: textOption(),
  'require-purpose': textOption(),
  'require-security-header': textOption(),
  'require-security-headers-path': textOption(),
  rootcert: textOption('r'),
  'rootcert-dir': textOption(),
  'rootcert-file': textOption(),
  serial: textOption(),
  'skip-element': textOption(),
  ssl: textOption('S'),
  temp: textOption(),
  timeout: textOption('t'),
  url: textOption('u'),
  'user-agent': textOption(),
  xmpphost: textOption(),
};

/** Options that NotAfter follows anyway, and that need no note. */
const silent = new Set([
  'timeout',
  'temp',
  'date',
  'openssl',
  'curl-bin',
  'dig-bin',
  'file-bin',
  'nmap-bin',
  'precision',
  'debug-file',
  'long-output',
  'format',
  'host-cn',
  'N',
  'altnames',
  'verbose',
  'v',
  'quiet',
  'q',
  'terse',
  'debug',
  'd',
  'no-perf',
  'ocsp',
]);

/** Its protocols that are called otherwise here; the others are the schemes of our addresses. */
const schemes: Readonly<Record<string, string>> = { h2: 'https' };

/** Reads the arguments of one command line of check_ssl_cert. */
export function readCheckSslCert(at: ImportPlace, args: string[]): ImportItem {
  const { values, tokens } = parseArgs({
    args,
    options: { ...said, ...leftOut },
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  // A value that was left away is read as true by parseArgs; it says nothing.
  const value = (name: keyof typeof said): string | undefined => {
    const given = values[name];
    const last = Array.isArray(given) ? given.at(-1) : given;
    return typeof last === 'string' ? last.trim() : undefined;
  };
  const dropped = tokens.flatMap((token) =>
    token.kind === 'option' && !(token.name in said) && !silent.has(token.name) ? [token.rawName] : [],
  );
  if (value('file') !== undefined) return { ...at, message: hostsOnly };
  // A password in a list of others is none of ours to send.
  const proxy = proxyUrl(value('proxy'));
  const left = [...new Set([...dropped, ...(proxy === null ? ['--proxy'] : [])])];
  const note = left.length > 0 ? `Left out: ${left.join(', ')}.` : undefined;
  const host = value('host');
  if (host === undefined) return { ...at, message: 'It names no host (-H).' };
  // Without -P it speaks HTTPS on every port.
  const protocol = value('protocol')?.toLowerCase() ?? 'https';
  const parsed = parseTarget(`${schemes[protocol] ?? protocol}://${isIpv6(host) ? `[${host}]` : host}`);
  if (!parsed.ok) return { ...at, message: parsed.message };
  const port = value('port');
  const servername = value('sni') ?? value('match') ?? value('cn');
  const target = {
    ...parsed.target,
    ...(port === undefined ? {} : { port: Number(port) }),
    ...(servername === undefined || servername === host ? {} : { servername }),
  };
  return readJob(
    at,
    {
      target,
      ...thresholds(value),
      connection: connection(value, values.ipv4 === true, values.ipv6 === true, proxy),
    },
    note,
  );
}

type Value = (name: keyof typeof said) => string | undefined;

function thresholds(value: Value): object {
  const days = (read: string | undefined) => (read === undefined ? null : { days: Number(read) });
  return { thresholds: { warning: days(value('warning')), critical: days(value('critical')) } };
}

/** @returns undefined where there is none, null where it holds a user or a password */
function proxyUrl(given: string | undefined): string | null | undefined {
  if (given === undefined) return undefined;
  if (given.includes('@')) return null;
  return /^[a-z0-9+]+:\/\//i.test(given) ? given : `http://${given}`;
}

function connection(
  value: Value,
  isIpv4Only: boolean,
  isIpv6Only: boolean,
  proxy: string | null | undefined,
): object {
  const only6 = isIpv6Only || value('inetproto') === '6' ? 'ipv6' : 'any';
  const family = isIpv4Only || value('inetproto') === '4' ? 'ipv4' : only6;
  const address = value('resolve')?.replace(/^\[|\]$/g, '');
  return { family, ...(address === undefined ? {} : { address }), ...(proxy ? { proxy } : {}) };
}
