import { type ApacheLine, apacheLines } from '../apache/lines.ts';
import { ApacheVariables } from '../apache/variables.ts';
import { isPort, readListenAddress, splitPort } from '../listen-address.ts';
import type { NameCollector, NameReader, NameText } from '../name-source.ts';

/** Ports on which Apache is TLS as a rule, where a host does not say. */
const tlsPorts = new Set([443, 8443]);
/** Directives of one configuration, with everything that it includes. */
const maxLines = 200_000;

/** Reads virtual hosts of Apache httpd (core, mod_ssl): ServerName and ServerAlias at the ports of each, or the output of `apachectl -S`. */
export const apache: NameReader = {
  title: 'Apache configuration or output of apachectl -S',
  gives:
    'ServerName and ServerAlias of hosts with TLS, with address and port; includes are followed within the folder.',
  fits: (text) => isDump(text) || /^[ \t]{0,80}<VirtualHost\s/im.test(text),
  async read(from, into) {
    if (isDump(from.text)) readDump(from, into);
    else await new Configuration(into).read(from);
  },
};

/** A virtual host that is being read. */
interface Host {
  places: string[];
  names: { name: string; line: number; from: NameText }[];
  engine: string | null;
}

class Configuration {
  readonly #into: NameCollector;
  readonly #variables = new ApacheVariables();
  /** Ports that `Listen` says to be TLS's or plain. */
  readonly #listens = new Map<number, boolean>();
  readonly #hosts: Host[] = [];
  #host: Host | null = null;
  #engine: string | null = null;
  /** Within a macro, whose parameters are not known. */
  #isMacro = false;
  /** How many `<IfDefine>` are open within one whose lines are left out, it included. */
  #leftOut = 0;
  #lines = 0;

  constructor(into: NameCollector) {
    this.#into = into;
  }

  async read(from: NameText): Promise<void> {
    await this.#read(from);
    for (const host of this.#hosts) this.#add(host);
  }

  async #read(from: NameText): Promise<void> {
    for (const raw of apacheLines(from)) {
      this.#lines += 1;
      if (this.#lines > maxLines) {
        this.#tellOfTooMany(from, raw.line);
        return;
      }
      if (this.#isLeftOut(raw)) continue;
      const line = { ...raw, args: this.#expand(raw, from) };
      if (line.name === 'include' || line.name === 'includeoptional') await this.#include(line, from);
      else if (!this.#readSection(line, from)) this.#readDirective(line, from);
    }
  }

  #tellOfTooMany(from: NameText, line: number): void {
    if (this.#lines !== maxLines + 1) return;
    const most = maxLines.toLocaleString('en');
    this.#into.note(
      `With its includes there are more than ${most} directives: the rest is left out.`,
      from,
      line,
    );
  }

  #isLeftOut({ name, args }: ApacheLine): boolean {
    const isBegun = name === '<ifdefine';
    if (this.#leftOut === 0) {
      if (isBegun && this.#variables.isLeftOut(args[0] ?? '')) this.#leftOut = 1;
      return this.#leftOut > 0;
    }
    if (isBegun) this.#leftOut += 1;
    if (name === '</ifdefine') this.#leftOut -= 1;
    return true;
  }

  async #include({ name, args, line }: ApacheLine, from: NameText): Promise<void> {
    const options = { isOptional: name === 'includeoptional', takesFolders: true };
    for (const text of await this.#into.include(args[0] ?? '', from, line, options)) await this.#read(text);
  }

  /** A word that cannot be expanded within bounds is left out, and so names nothing. */
  #expand({ args, line }: ApacheLine, from: NameText): string[] {
    return args.flatMap((word) => {
      const expanded = this.#variables.expand(word);
      if (expanded.ok) return [expanded.text];
      this.#into.note(expanded.message, from, line);
      return [];
    });
  }

  /** @returns whether the line begins or ends a section */
  #readSection({ name, args, line }: ApacheLine, from: NameText): boolean {
    if (name === '<virtualhost') this.#host = { places: args, names: [], engine: null };
    else if (name === '</virtualhost') {
      if (this.#host && !this.#isMacro) this.#hosts.push(this.#host);
      this.#host = null;
    } else if (name === '<macro') {
      this.#isMacro = true;
      this.#into.note('Macros are not expanded: hosts defined by them are left out.', from, line);
    } else if (name === '</macro') this.#isMacro = false;
    else return name.startsWith('<');
    return true;
  }

  #readDirective({ name, args, line }: ApacheLine, from: NameText): void {
    const [first = ''] = args;
    if (name === 'define') this.#variables.set(first, args[1] ?? '');
    else if (name === 'undefine') this.#variables.set(first, null);
    else if (name === 'listen') this.#listen(first, args[1]);
    else if (name === 'sslengine') this.#setEngine(first.toLowerCase());
    else if (name === 'servername' || name === 'serveralias')
      this.#host?.names.push(...args.map((one) => ({ name: one, line, from })));
  }

  /** `Listen [address:]port [protocol]`. */
  #listen(where: string, protocol: string | undefined): void {
    const port = readListenAddress(where)?.port ?? null;
    if (port !== null && protocol !== undefined) this.#listens.set(port, protocol.toLowerCase() === 'https');
  }

  #setEngine(value: string): void {
    if (this.#host) this.#host.engine = value;
    else this.#engine = value;
  }

  #add({ places, names, engine }: Host): void {
    for (const place of places) {
      const listen = readListenAddress(place.replace(/:\*$/, ''));
      if (!listen || !this.#isTls(engine ?? this.#engine, listen.port)) continue;
      for (const { name, line, from } of names) {
        const found = ofServerName(name);
        const port = listen.port ?? found.port;
        this.#into.add({ name: found.name, address: listen.address, port, protocol: 'tls', line }, from);
      }
    }
  }

  #isTls(engine: string | null, port: number | null): boolean {
    if (engine !== null) return engine === 'on' || engine === 'optional';
    return port !== null && (this.#listens.get(port) ?? tlsPorts.has(port));
  }
}

/** `ServerName [scheme://]name[:port]`. */
function ofServerName(text: string): { name: string; port: number | null } {
  const [name, port] = splitPort(text.replace(/^https?:\/\//i, ''));
  return { name, port: port === '' ? null : Number(port) };
}

function isDump(text: string): boolean {
  return /^VirtualHost configuration:/m.test(text);
}

/** What `apachectl -S` prints (httpd, vhost.c, dump_vhost_config): it does not tell which hosts have TLS. */
function readDump(from: NameText, into: NameCollector): void {
  let place: ReturnType<typeof readListenAddress> = null;
  for (const [index, raw] of from.text.split('\n').entries()) {
    const words = raw.trim().split(/\s+/);
    if (words[0]?.startsWith('ServerRoot:')) return;
    const begun = /^\s/.test(raw) ? null : /^(\S+):(?:\d+|\*)$/.exec(words[0] ?? '');
    if (begun) place = readListenAddress((words[0] ?? '').replace(/:\*$/, ''));
    const found = ofDumpLine(words, begun !== null);
    const port = found.port ?? place?.port ?? null;
    if (!place || found.name === undefined || port === 80) continue;
    into.add({ name: found.name, address: place.address, port, line: index + 1 }, from);
  }
}

/** The name on a line of the dump: of a host alone at its address, of one of several, or another name of the one above. */
function ofDumpLine(
  words: readonly string[],
  isPlace: boolean,
): { name?: string | undefined; port?: number } {
  const [first, second, third, fourth] = words;
  if (isPlace) return second === 'is' ? {} : { name: second };
  if (first === 'default' || first === 'wild') return { name: third };
  if (first === 'alias') return { name: second };
  return first === 'port' && isPort(second ?? '') ? { name: fourth, port: Number(second) } : {};
}
