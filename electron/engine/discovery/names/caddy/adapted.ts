import { readListenAddress } from '../listen-address.ts';
import type { NameCollector, NameText } from '../name-source.ts';
import { readTrees, type Tree } from '../structured/tree.ts';
import { at, fieldsAt, mapsIn, textAt, textsAt } from '../structured/walk.ts';

/** Reads Caddy's own JSON (`caddy adapt`, the admin API): the host matchers of the routes of each server. */
export function readCaddyJson(from: NameText, into: NameCollector): void {
  const { documents, fault } = readTrees(from.text);
  for (const document of documents) {
    const httpPort = textAt(document, 'apps', 'http', 'http_port')?.value ?? '80';
    for (const [, server] of fieldsAt(document, 'apps', 'http', 'servers'))
      readServer(server, httpPort, from, into);
  }
  if (fault) into.note(fault.sentence, from, fault.line);
}

function readServer(server: Tree, httpPort: string, from: NameText, into: NameCollector): void {
  const hasPolicies = at(server, 'tls_connection_policies') !== null;
  const isOff = textAt(server, 'automatic_https', 'disable')?.value === 'true' && !hasPolicies;
  if (isOff) return;
  const listens = textsAt(server, 'listen').flatMap(
    ({ value }) => readListenAddress(value.replace(/^tcp\//, '')) ?? [],
  );
  const tls = listens.filter(({ port }) => port !== null && String(port) !== httpPort);
  const routes = at(server, 'routes');
  for (const map of routes ? mapsIn(routes) : [])
    for (const { value, line } of textsAt(map, 'host'))
      for (const { address, port } of tls)
        into.add({ name: value, address, port, protocol: 'tls', line }, from);
}
