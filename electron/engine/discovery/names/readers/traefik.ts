import { isPort, readListenAddress } from '../listen-address.ts';
import type { NameCollector, NameReader, NameText } from '../name-source.ts';
import { readTrees, type Tree } from '../structured/tree.ts';
import { at, fieldsAt, type Located, mapsIn, textAt, textsAt } from '../structured/walk.ts';
import { ruleNames } from '../traefik-rule.ts';

/**
 * Reads Traefik: the rules of routers in files (YAML, TOML) and labels (Docker Compose, `docker inspect`), the domains of their `tls`,
 * entry points with their addresses, and the domains of an acme.json.
 */
export const traefik: NameReader = {
  title: 'Traefik configuration, labels or acme.json',
  gives:
    'The names of Host and HostSNI rules of routers with TLS, at the ports of their entry points, and of tls.domains.',
  fits: (text) =>
    /\btraefik\.(?:http|tcp)\.routers\./i.test(text) ||
    /\bHost(?:SNI)?\([`'"]/.test(text) ||
    (/"Certificates"/.test(text) && /"domain"/.test(text)),
  read(from, into) {
    const { documents, fault } = readTrees(from.text);
    const entryPoints = new EntryPoints();
    const routers = new Map<string, Router>();
    for (const document of documents) {
      entryPoints.read(document);
      readFile(document, routers);
      for (const map of mapsIn(document)) readMap(map, routers, from, into);
      for (const text of labelsIn(document)) {
        entryPoints.readOption(text.value);
        readLabel(text, routers);
      }
    }
    for (const router of routers.values()) addRouter(router, entryPoints, from, into);
    for (const domain of entryPoints.domains)
      into.add({ name: domain.name.value, port: domain.port, protocol: 'tls', line: domain.name.line }, from);
    if (fault) into.note(fault.sentence, from, fault.line);
  },
};

interface Router {
  rule: Located | null;
  hasTls: boolean;
  entryPoints: string[];
  domains: Located[];
}

const newRouter = (): Router => ({ rule: null, hasTls: false, entryPoints: [], domains: [] });

/** Ports of entry points by their usual names, where the static configuration is elsewhere. */
const usualPorts: Readonly<Record<string, number>> = { websecure: 443, https: 443, web: 80, http: 80 };

class EntryPoints {
  readonly #ports = new Map<string, number>();
  readonly #withTls = new Set<string>();
  readonly domains: { name: Located; port: number | null }[] = [];

  read(document: Tree): void {
    for (const [name, entry] of fieldsAt(document, 'entryPoints')) {
      this.#keep(name, textAt(entry, 'address')?.value ?? '');
      if (at(entry, 'http', 'tls') === null) continue;
      this.#withTls.add(name.toLowerCase());
      const domains = domainsOf(at(entry, 'http', 'tls'));
      this.domains.push(...domains.map((one) => ({ name: one, port: this.portOf(name) })));
    }
  }

  /** `--entrypoints.websecure.address=:443`, as it is given on the command line. */
  readOption(text: string): void {
    const [, name, key, value = ''] =
      /^--entrypoints\.([\w-]{1,100})\.(address|http\.tls)(?:=(.{1,200}))?$/i.exec(text) ?? [];
    if (name === undefined) return;
    if (key?.toLowerCase() === 'address') this.#keep(name, value);
    else if (value !== 'false') this.#withTls.add(name.toLowerCase());
  }

  portOf(name: string): number | null {
    return this.#ports.get(name.toLowerCase()) ?? usualPorts[name.toLowerCase()] ?? null;
  }

  hasTls(name: string): boolean {
    return this.#withTls.has(name.toLowerCase()) || this.portOf(name) === 443;
  }

  #keep(name: string, address: string): void {
    const port = readListenAddress(address.split('/', 1)[0] ?? '')?.port ?? null;
    if (port !== null && isPort(String(port))) this.#ports.set(name.toLowerCase(), port);
  }
}

/** Routers of a dynamic configuration. */
function readFile(document: Tree, routers: Map<string, Router>): void {
  for (const kind of ['http', 'tcp'])
    for (const [name, entry] of fieldsAt(document, kind, 'routers'))
      routers.set(`file ${kind} ${name}`, {
        rule: textAt(entry, 'rule'),
        hasTls: at(entry, 'tls') !== null && textAt(entry, 'tls')?.value !== 'false',
        entryPoints: textsAt(entry, 'entryPoints').map(({ value }) => value),
        domains: domainsOf(at(entry, 'tls')),
      });
}

function domainsOf(tls: Tree | null): Located[] {
  const domains = at(tls, 'domains');
  return domains?.kind === 'list'
    ? domains.items.flatMap((one) => [...textsAt(one, 'main'), ...textsAt(one, 'sans')])
    : [];
}

/** Labels as a map, and the entries of an acme.json. */
function readMap(
  map: Extract<Tree, { kind: 'map' }>,
  routers: Map<string, Router>,
  from: NameText,
  into: NameCollector,
): void {
  for (const [key, value] of map.fields)
    if (value.kind === 'text' && key.startsWith('traefik.'))
      readLabel({ value: `${key}=${value.value}`, line: value.line }, routers);
  if (!map.fields.has('certificate')) return;
  for (const { value, line } of [...textsAt(map, 'domain', 'main'), ...textsAt(map, 'domain', 'sans')])
    into.add({ name: value, port: 443, protocol: 'tls', line }, from);
}

/** Every text of a list: labels and options of a command. */
function* labelsIn(tree: Tree): Generator<Located> {
  if (tree.kind === 'map') for (const one of tree.fields.values()) yield* labelsIn(one);
  if (tree.kind !== 'list') return;
  for (const item of tree.items) {
    if (item.kind === 'text') yield { value: item.value, line: item.line };
    else yield* labelsIn(item);
  }
}

/** `traefik.http.routers.NAME.rule=…`; keys in any case. */
function readLabel({ value: label, line }: Located, routers: Map<string, Router>): void {
  const equals = label.indexOf('=');
  const [, kind, name, key = ''] =
    /^traefik\.(http|tcp)\.routers\.([^.=]{1,200})\.([\w.[\]]{1,200})$/i.exec(
      label.slice(0, Math.max(equals, 0)),
    ) ?? [];
  if (kind === undefined || name === undefined) return;
  const value = label.slice(equals + 1);
  const id = `label ${kind.toLowerCase()} ${name}`;
  const router = routers.get(id) ?? newRouter();
  routers.set(id, router);
  const field = key.toLowerCase();
  if (field === 'rule') router.rule = { value, line };
  else if (field === 'entrypoints') router.entryPoints.push(...value.split(',').map((one) => one.trim()));
  else if (field === 'tls') router.hasTls = value !== 'false';
  else if (field.startsWith('tls.')) {
    router.hasTls = true;
    if (/^tls\.domains\[\d+\]\.(?:main|sans)$/.test(field))
      router.domains.push(...value.split(',').map((one) => ({ value: one.trim(), line })));
  }
}

function addRouter(
  { rule, hasTls, entryPoints, domains }: Router,
  known: EntryPoints,
  from: NameText,
  into: NameCollector,
): void {
  const secure = hasTls ? entryPoints : entryPoints.filter((name) => known.hasTls(name));
  if (!hasTls && secure.length === 0) return;
  const ports = secure.length === 0 ? [443] : [...new Set(secure.map((name) => known.portOf(name)))];
  const names = [
    ...(rule ? ruleNames(rule.value).map((value) => ({ value, line: rule.line })) : []),
    ...domains,
  ];
  for (const { value: name, line } of names)
    for (const port of ports) into.add({ name, port, protocol: 'tls', line }, from);
}
