import { dnsNamesOfFile } from '../dns-names-of-file.ts';
import { isPort, readListenAddress } from '../listen-address.ts';
import type { NameCollector, NameReader, NameText } from '../name-source.ts';
import { quotedWords } from '../quoted-words.ts';

/** Ports that one `bind` may name by a range. */
const maxRange = 64;

/**
 * Reads frontends of HAProxy: the names of the certificates that a `bind … ssl` names by `crt` and `crt-list`, and those by which rules
 * choose (`ssl_fc_sni`, `req.ssl_sni`, `hdr(host)`) (HAProxy configuration manual, §5.1 and §7.3).
 */
export const haproxy: NameReader = {
  title: 'HAProxy configuration',
  gives:
    'The names of certificates and of rules by SNI or Host, with the addresses and ports of their frontend.',
  fits: (text) =>
    /^(?:frontend|listen|backend)[ \t]+\S/m.test(text) && /^[ \t]+(?:bind|server)[ \t]+\S/m.test(text),
  async read(from, into) {
    const proxy = new Proxies(from, into);
    for (const [index, raw] of from.text.split('\n').entries()) await proxy.read(wordsOf(raw), index + 1);
    proxy.end();
  },
};

interface Bind {
  address: string | null;
  port: number;
  isTls: boolean;
}

const sections = new Set([
  'global',
  'defaults',
  'frontend',
  'listen',
  'backend',
  'userlist',
  'peers',
  'resolvers',
  'mailers',
  'cache',
  'ring',
  'program',
  'http-errors',
  'crt-store',
]);

class Proxies {
  readonly #from: NameText;
  readonly #into: NameCollector;
  #crtBase = '';
  #section = '';
  #binds: Bind[] = [];
  #names: { name: string; line: number; isSni: boolean }[] = [];

  constructor(from: NameText, into: NameCollector) {
    this.#from = from;
    this.#into = into;
  }

  async read(words: readonly string[], line: number): Promise<void> {
    const [first = ''] = words;
    if (sections.has(first)) {
      this.end();
      this.#section = first;
    } else if (first === 'crt-base') this.#crtBase = words[1] ?? '';
    else if (this.#section === 'frontend' || this.#section === 'listen') {
      if (first === 'bind') await this.#bind(words.slice(1), line);
      else this.#rule(words, line);
    }
  }

  /** Gives what rules of a frontend name, now that its binds are known. */
  end(): void {
    for (const { name, line, isSni } of this.#names)
      for (const { address, port, isTls } of this.#binds)
        if (isTls || isSni) this.#into.add({ name, address, port, protocol: 'tls', line }, this.#from);
    this.#binds = [];
    this.#names = [];
  }

  async #bind([where = '', ...options]: readonly string[], line: number): Promise<void> {
    const isTls = options.includes('ssl');
    const binds = where.split(',').flatMap((one) => bindsOf(one).map((bind) => ({ ...bind, isTls })));
    if (where.includes('$'))
      this.#into.note(`“bind ${where}” has a variable, which is not known here.`, this.#from, line);
    this.#binds.push(...binds);
    if (!isTls) return;
    for (const [index, option] of options.entries()) {
      const path = options[index + 1] ?? '';
      if (option === 'crt') await this.#certificates(path, binds, line);
      else if (option === 'crt-list') await this.#list(path, binds, line);
    }
  }

  async #certificates(path: string, binds: readonly Bind[], line: number): Promise<void> {
    const options = { base: this.#crtBase, takesFolders: true };
    for (const text of await this.#into.include(path, this.#from, line, options)) {
      const names = dnsNamesOfFile(Buffer.from(text.text));
      if (names === null) this.#into.note(`${text.file} contains no readable certificate.`, this.#from, line);
      for (const name of names ?? []) this.#add(name, binds, line, this.#from);
    }
  }

  /** `certificate [options] name !name…`: without names those of the certificate count. */
  async #list(path: string, binds: readonly Bind[], line: number): Promise<void> {
    for (const text of await this.#into.include(path, this.#from, line, { base: this.#crtBase }))
      for (const [index, raw] of text.text.split('\n').entries()) {
        const [certificate, ...filters] = wordsOf(raw.replace(/\[[^[\]]*\]/, ' '));
        if (certificate === undefined) continue;
        const names = filters.filter((name) => !name.startsWith('!'));
        for (const name of names) this.#add(name, binds, index + 1, text);
        if (filters.length === 0) await this.#certificates(certificate, binds, line);
      }
  }

  #add(name: string, binds: readonly Bind[], line: number, from: NameText): void {
    for (const { address, port } of binds)
      this.#into.add({ name, address, port, protocol: 'tls', line }, from);
  }

  /** `acl x req.ssl_sni -i a.example`, `use_backend x if { ssl_fc_sni -m end .example }`. */
  #rule(words: readonly string[], line: number): void {
    for (const [index, word] of words.entries()) {
      // What passes through without TLS being ended here has it behind this port all the same.
      const isSni = /^req[._]ssl_sni(?:,|$)/.test(word);
      if (!isSni && !/^(?:ssl_fc_sni(?:_end)?(?:,|$)|(?:req\.)?hdr(?:_dom|_end)?\(host\))/i.test(word))
        continue;
      const { names, isEnd } = operandsOf(words.slice(index + 1));
      const isPattern = isEnd || word.includes('_end');
      for (const name of names)
        this.#names.push({ name: isPattern ? `*.${name.replace(/^\.+/, '')}` : name, line, isSni });
    }
  }
}

/** What a condition compares with, up to its end: flags are passed over, regular expressions and files left out. */
function operandsOf(words: readonly string[]): { names: string[]; isEnd: boolean } {
  const end = words.findIndex((word) => /^(?:\}|if|unless|or|\|\|)$/.test(word));
  const own = end === -1 ? words : words.slice(0, end);
  const names: string[] = [];
  let method = 'str';
  for (let at = 0; at < own.length; at += 1) {
    const word = own[at] ?? '';
    if (word === '-m') {
      at += 1;
      method = own[at] ?? '';
    } else if (word === '-f') return { names: [], isEnd: false };
    else if (!word.startsWith('-')) names.push(word);
  }
  const isEnd = method === 'end' || method === 'dom';
  return { names: method === 'str' || isEnd ? names : [], isEnd };
}

/** `ipv4@`, `[::]:443`, `:::443`, `*:8000-8010`. */
function bindsOf(text: string): Omit<Bind, 'isTls'>[] {
  const bare = text.replace(/^(?:ipv[46]|tcp[46]?)@/, '');
  const colon = bare.lastIndexOf(':');
  if (colon < 0 || /^[a-z]+@|^\//.test(bare)) return [];
  const [first = '', last = first] = bare.slice(colon + 1).split('-', 2);
  if (!isPort(first) || !isPort(last)) return [];
  const host = bare.slice(0, colon);
  const isBareIpv6 = host.includes(':') && !host.startsWith('[');
  const address = readListenAddress(isBareIpv6 ? `[${host}]` : host)?.address ?? null;
  const count = Math.min(Number(last) - Number(first) + 1, maxRange);
  return Array.from({ length: Math.max(count, 0) }, (_, index) => ({ address, port: Number(first) + index }));
}

/** Words of a line up to a comment. */
function wordsOf(line: string): string[] {
  return quotedWords(line, { escapes: true, comments: true });
}
