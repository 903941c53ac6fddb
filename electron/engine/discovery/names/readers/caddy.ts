import { readCaddyJson } from '../caddy/adapted.ts';
import { type CaddyBlock, caddyBlocks } from '../caddy/blocks.ts';
import { type CaddyLine, caddyLines } from '../caddy/tokens.ts';
import { isPort, splitPort } from '../listen-address.ts';
import type { NameCollector, NameReader, NameText } from '../name-source.ts';

/** Reads the site addresses of a Caddyfile with the names of its `host` matchers, or what `caddy adapt` makes of it. */
export const caddy: NameReader = {
  title: 'Caddyfile or output of caddy adapt',
  gives: 'The addresses of sites with HTTPS, and the names of host matchers in them.',
  fits: (text) =>
    /^\s{0,80}\{\s{0,80}"(?:apps|admin|logging)"/.test(text) ||
    (text.split('\n').some(isSiteLine) && text.split('\n').some(isDirective)),
  async read(from, into) {
    if (/^\s*\{\s*"/.test(from.text.slice(0, 1_000))) readCaddyJson(from, into);
    else await new Caddyfile(into).read(from);
  },
};

/** Whether a line opens the block of a site: at its beginning, and without what nginx or JSON have there. */
function isSiteLine(line: string): boolean {
  return /^[^\s#"]/.test(line) && line.trimEnd().endsWith(' {') && !/[;=]/.test(line);
}

const directives = new Set(
  'reverse_proxy respond file_server root tls import encode redir handle php_fastcgi log header abort'.split(
    ' ',
  ),
);

function isDirective(line: string): boolean {
  const [first = '', second] = line.trim().split(/\s+/, 2);
  return /^\s/.test(line) && (directives.has(first) || (first.startsWith('@') && second === 'host'));
}

/** One address of a site. */
interface Site {
  name: string | null;
  port: number;
}

class Caddyfile {
  readonly #into: NameCollector;
  #httpsPort = 443;
  #httpPort = 80;
  #isAutomatic = true;

  constructor(into: NameCollector) {
    this.#into = into;
  }

  async read(from: NameText): Promise<void> {
    const blocks = caddyBlocks(caddyLines(from.text));
    if (!blocks) {
      this.#into.note('The file ends in the middle of a block, or is nested too deeply.', from);
      return;
    }
    for (const block of blocks) await this.#readBlock(block, from);
  }

  async #readBlock({ head, line, body }: CaddyBlock, from: NameText): Promise<void> {
    const [first = ''] = head;
    if (head.length === 0) this.#readOptions(body);
    else if (first === 'import') await this.#import(head[1] ?? '', line, from);
    else if (!/^\(.*\)$/.test(first)) this.#readSite(head, line, body, from);
  }

  /** Global options: a block without a name, at the beginning. */
  #readOptions(body: readonly CaddyLine[]): void {
    for (const {
      words: [name, value = ''],
    } of body) {
      if (name === 'https_port' && isPort(value)) this.#httpsPort = Number(value);
      else if (name === 'http_port' && isPort(value)) this.#httpPort = Number(value);
      else if (name === 'auto_https' && value === 'off') this.#isAutomatic = false;
    }
  }

  /** A word without a path may be a snippet, which is no site. */
  async #import(pattern: string, line: number, from: NameText): Promise<void> {
    if (!/[./*]/.test(pattern)) return;
    const isOptional = pattern.includes('*');
    for (const text of await this.#into.include(pattern, from, line, { isOptional })) await this.read(text);
  }

  #readSite(head: readonly string[], line: number, body: readonly CaddyLine[], from: NameText): void {
    const hasTls = body.some(({ words }) => words[0] === 'tls');
    const addresses = head.flatMap((word) => word.split(',')).filter((word) => word !== '');
    const sites = addresses.flatMap((address) => this.#siteOf(address, hasTls, line, from) ?? []);
    for (const { name, port } of sites)
      if (name !== null) this.#into.add({ name, port, protocol: 'tls', line }, from);
    for (const own of body)
      for (const name of hostsOf(own.words))
        for (const { port } of sites) this.#into.add({ name, port, protocol: 'tls', line: own.line }, from);
  }

  /** `[scheme://]host[:port][/path]`; null where it is plain. */
  #siteOf(address: string, hasTls: boolean, line: number, from: NameText): Site | null {
    if (address.includes('{')) {
      this.#into.note(`“${address}” has a placeholder, which is not known here.`, from, line);
      return null;
    }
    const [, scheme = '', place = ''] = /^(?:(https?):\/\/)?([^/]*)/.exec(address) ?? [];
    const [host, given] = splitPort(place);
    const port = given === '' ? this.#httpsPort : Number(given);
    const isPlain = scheme === 'http' || (scheme === '' && given !== '' && port === this.#httpPort);
    if (isPlain || (scheme === '' && !this.#isAutomatic && !hasTls && port !== this.#httpsPort)) return null;
    if (scheme === '' && given === '' && !this.#isAutomatic && !hasTls) return null;
    return { name: host === '' || host === '*' ? null : host.replace(/^\[(.*)\]$/, '$1'), port };
  }
}

/** `@name host a b` and `host a b` within a matcher. */
function hostsOf([first = '', second, ...rest]: readonly string[]): string[] {
  if (first.startsWith('@') && second === 'host') return rest;
  return first === 'host' && second !== undefined ? [second, ...rest] : [];
}
