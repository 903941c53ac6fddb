import { isIP } from 'node:net';
import type { NameCollector, NameReader, NameText } from '../name-source.ts';
import { readTrees, type Tree } from '../structured/tree.ts';
import { itemsAt, textAt } from '../structured/walk.ts';

/** Reads the API servers of a kubeconfig (client-go, clientcmd/api/v1): `server`, and `tls-server-name` where the certificate has another name. */
export const kubeconfig: NameReader = {
  title: 'kubeconfig',
  gives: 'The API server of each cluster, by tls-server-name where it has one.',
  fits: (text) =>
    /\bclusters["']?\s?:/.test(text) &&
    /\bcurrent-context["']?\s?:|\bkind["']?\s?:\s?["']?Config\b/.test(text),
  read(from, into) {
    const { documents, fault } = readTrees(from.text);
    for (const document of documents)
      for (const entry of itemsAt(document, 'clusters')) readCluster(entry, from, into);
    if (fault) into.note(fault.sentence, from, fault.line);
  },
};

function readCluster(entry: Tree, from: NameText, into: NameCollector): void {
  const cluster = entry.kind === 'map' ? entry.fields.get('cluster') : undefined;
  const server = textAt(cluster, 'server');
  if (!server) return;
  const url = URL.canParse(server.value) ? new URL(server.value) : null;
  if (url === null) into.note(`“${server.value}” is not a URL.`, from, server.line);
  if (url?.protocol !== 'https:') return;
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  const own = textAt(cluster, 'tls-server-name');
  const address = isIP(host) === 0 ? null : host;
  const port = url.port === '' ? 443 : Number(url.port);
  into.add({ name: own?.value ?? host, port, protocol: 'tls', address, line: (own ?? server).line }, from);
}
