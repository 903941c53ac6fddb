import { readListenAddress } from '../listen-address.ts';
import type { FoundName, NameCollector, NameReader, NameText } from '../name-source.ts';
import { readNginx } from '../nginx/expand.ts';
import type { Directive } from '../nginx/parse.ts';

/**
 * Reads servers of nginx: `server_name` with each `listen … ssl` (ngx_http_core_module, ngx_stream_core_module, ngx_mail_core_module),
 * and the names by which `ssl_preread` chooses. Regular expressions, variables and `_` are no names.
 */
export const nginx: NameReader = {
  title: 'nginx configuration or output of nginx -T',
  gives:
    'The names of servers that listen with ssl, with address and port; includes are followed within the folder.',
  fits: (text) =>
    /^# configuration file \/?\S/m.test(text) ||
    (/\bserver\s?\{/.test(text) && /\b(?:listen|server_name)\s[^;{}]{1,500};/.test(text)),
  async read(from, into) {
    const top = await readNginx(from, into);
    const blocks = (name: string) =>
      top.filter((one) => one.name === name).flatMap(({ block }) => block ?? []);
    // A file of conf.d has its servers at its top.
    for (const scope of [[...top, ...blocks('http')], blocks('stream'), blocks('mail')])
      readScope(scope, into);
  },
};

/** Reads the servers of one block, which hand down `server_name` and `ssl` to each. */
function readScope(scope: readonly Directive[], into: NameCollector): void {
  const servers = scope.filter(({ name, block }) => name === 'server' && block !== null);
  const inherited = scope.filter(({ block }) => block === null);
  for (const server of servers) readServer(server, inherited, into);
  const chosen = scope.filter(
    ({ name, args, block }) => name === 'map' && args[0] === '$ssl_preread_server_name' && block !== null,
  );
  if (chosen.length > 0) readPreread(servers, chosen, into);
}

interface Place {
  address: string | null;
  port: number | null;
  protocol: FoundName['protocol'];
}

function readServer(server: Directive, inherited: readonly Directive[], into: NameCollector): void {
  const own = server.block ?? [];
  const all = (name: string) => own.filter((directive) => directive.name === name);
  const one = (name: string) =>
    (all(name).at(-1) ?? inherited.findLast((given) => given.name === name))?.args[0];
  const isAllTls = one('ssl') === 'on';
  const starttls =
    one('starttls') === 'on' || one('starttls') === 'only' ? mailProtocol(one('protocol')) : null;
  const places = all('listen').flatMap(
    ({ args }) => placeOf(args, isAllTls, starttls, into, server.from) ?? [],
  );
  const names =
    all('server_name').length > 0
      ? all('server_name')
      : inherited.filter(({ name }) => name === 'server_name');
  for (const { args, line, from } of names)
    for (const name of args.flatMap(namesOf))
      for (const place of places) into.add({ name, ...place, line }, from);
}

function placeOf(
  args: readonly string[],
  isAllTls: boolean,
  starttls: Place['protocol'],
  into: NameCollector,
  from: NameText,
): Place | null {
  const [where = '', ...options] = args;
  // QUIC alone is HTTP/3 over UDP.
  const isTls = options.includes('ssl') || (isAllTls && !options.includes('quic'));
  if (!isTls && starttls === null) return null;
  const listen = readListenAddress(where);
  if (!listen) return null;
  if (where.includes('$')) into.note(`“listen ${where}” has a variable, which is not known here.`, from);
  return { address: listen.address, port: listen.port ?? 80, protocol: isTls ? 'tls' : starttls };
}

function mailProtocol(name: string | undefined): Place['protocol'] {
  return name === 'smtp' || name === 'imap' || name === 'pop3' ? name : null;
}

/** `.example.com` is the name and everything below it; `mail.*`, `~…`, `$hostname`, `_` and `""` name nothing that can be asked for. */
function namesOf(text: string): string[] {
  if (text === '' || text === '_' || text.startsWith('~') || text.includes('$') || text.endsWith('.*'))
    return [];
  return text.startsWith('.') ? [text.slice(1), `*${text}`] : [text];
}

/** Names that are passed on without TLS being ended: servers with `ssl_preread on` show the certificate of what is behind them. */
function readPreread(servers: readonly Directive[], maps: readonly Directive[], into: NameCollector): void {
  const places = servers
    .filter(({ block }) => block?.some(({ name, args }) => name === 'ssl_preread' && args[0] === 'on'))
    .flatMap(({ block }) => (block ?? []).filter(({ name }) => name === 'listen'))
    .flatMap(({ args }) => readListenAddress(args[0] ?? '') ?? []);
  for (const { block } of maps)
    for (const { name, line, from } of block ?? []) {
      if (name === 'default' || name === 'hostnames') continue;
      for (const one of namesOf(name))
        for (const place of places) into.add({ name: one, ...place, protocol: 'tls', line }, from);
    }
}
