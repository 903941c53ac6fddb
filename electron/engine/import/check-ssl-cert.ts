import { parseArgs } from 'node:util';
import stringArgv from 'string-argv';
import { isIpv6, parseTarget } from '../../../shared/schema/target.ts';
import { hostsOnly, type ImportItem, type ImportPlace, place, readJob } from './item.ts';

const text = (short?: string) => ({
  type: 'string' as const,
  multiple: true as const,
  ...(short ? { short } : {}),
});
const flag = (short?: string) => ({ type: 'boolean' as const, ...(short ? { short } : {}) });

/** What of check_ssl_cert’s options a job can say: https://github.com/matteocorti/check_ssl_cert, help. */
const said = {
  host: text('H'),
  port: text('p'),
  protocol: text('P'),
  sni: text(),
  match: text('m'),
  cn: text('n'),
  warning: text('w'),
  critical: text('c'),
  resolve: text(),
  inetproto: text(),
  ipv4: flag('4'),
  ipv6: flag('6'),
  proxy: text(),
  file: text('f'),
};

/**
 * Options that take a value and that a job has no words for, or that name files of the computer they came from; every other option takes
 * none.
 */
const leftOut = {
  'check-ciphers': text(),
  'check-ssl-labs': text('L'),
  'check-ssl-labs-warn': text(),
  clientcert: text('C'),
  clientkey: text('K'),
  clientpass: text(),
  'curl-bin': text(),
  'curl-user-agent': text(),
  'custom-http-header': text(),
  date: text(),
  days: text(),
  'debug-file': text(),
  'dig-bin': text(),
  element: text(),
  email: text('e'),
  'file-bin': text(),
  fingerprint: text(),
  format: text(),
  'issuer-cert-cache': text(),
  issuer: text('i'),
  'long-output': text(),
  'nmap-bin': text(),
  'not-issued-by': text(),
  'not-valid-longer-than': text(),
  'ocsp-critical': text(),
  'ocsp-warning': text(),
  openssl: text(),
  org: text('o'),
  password: text(),
  precision: text(),
  'require-purpose': text(),
  'require-security-header': text(),
  'require-security-headers-path': text(),
  rootcert: text('r'),
  'rootcert-dir': text(),
  'rootcert-file': text(),
  serial: text(),
  'skip-element': text(),
  ssl: text('S'),
  temp: text(),
  timeout: text('t'),
  url: text('u'),
  'user-agent': text(),
  xmpphost: text(),
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

/** What splits a command into words takes longer than its length. */
const maxCommand = 8_000;

/** Reads command lines of check_ssl_cert, alone, in a crontab or after Nagios’ `command_line`. */
export function readCheckSslCert(input: string): ImportItem[] {
  const items: ImportItem[] = [];
  const lines = input.split(/\r?\n/);
  for (let index = 0; index < lines.length; index += 1) {
    const line = index + 1;
    const parts = [lines[index] ?? ''];
    while (parts.at(-1)?.endsWith('\\') && index + 1 < lines.length) {
      index += 1;
      parts.push(lines[index]?.trim() ?? '');
    }
    const command = parts.map((part, at) => (at < parts.length - 1 ? part.slice(0, -1) : part)).join(' ');
    const trimmed = command.trim();
    if (trimmed === '' || /^[#;]/.test(trimmed)) continue;
    if (trimmed.length > maxCommand) {
      items.push({
        ...place(line, trimmed),
        message: `A command line has at most ${maxCommand} characters.`,
      });
      continue;
    }
    const args = argumentsOf(trimmed);
    if (args) items.push(readCommand(place(line, trimmed), args));
    // Lines of a Nagios definition that stand around a command are no commands.
    else if (!/^(?:define\s|\}|[a-z_]+\s[^-]*$)/i.test(trimmed))
      items.push({ ...place(line, trimmed), message: 'This is no command line of check_ssl_cert.' });
  }
  return items;
}

/** What follows the command’s name; null where it is not called. A pipe, a redirection or another command ends it. */
function argumentsOf(command: string): string[] | null {
  const words = stringArgv(command);
  const start = words.findIndex((word) => /(^|[\\/$])check_ssl_cert(\.sh)?$/.test(word));
  if (start === -1) return null;
  const args = words.slice(start + 1);
  const end = args.findIndex((word) => /^(\||\|\||&&|;|&|\d?>{1,2}.*)$/.test(word));
  return end === -1 ? args : args.slice(0, end);
}

function readCommand(at: ImportPlace, args: string[]): ImportItem {
  if (args.some((word) => /\$[A-Z_0-9]+\$/.test(word)))
    return {
      ...at,
      message: 'It holds macros of Nagios ($…$), whose values stand elsewhere. Write them in.',
    };
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
