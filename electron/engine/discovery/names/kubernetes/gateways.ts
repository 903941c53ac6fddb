import { isIP } from 'node:net';
import type { Tree } from '../structured/tree.ts';
import { at, itemsAt, textAt, textsAt } from '../structured/walk.ts';
import { addNames, idOf, type Manifest } from './manifest.ts';

/** A listener of a Gateway with TLS. */
interface Listener {
  name: string;
  port: number;
  addresses: string[];
}

/** The addresses that a Gateway has, or is to have. */
function addressesOf(gateway: Tree): string[] {
  const all = [...itemsAt(gateway, 'status', 'addresses'), ...itemsAt(gateway, 'spec', 'addresses')];
  const values = all.flatMap((one) => textAt(one, 'value')?.value ?? []);
  return [...new Set(values.filter((value) => isIP(value) !== 0))];
}

function listenersOf(gateway: Tree): (Listener & { tree: Tree })[] {
  const addresses = addressesOf(gateway);
  return itemsAt(gateway, 'spec', 'listeners').flatMap((tree) => {
    const protocol = textAt(tree, 'protocol')?.value;
    const port = Number(textAt(tree, 'port')?.value);
    if (protocol !== 'HTTPS' && protocol !== 'TLS') return [];
    return [{ name: textAt(tree, 'name')?.value ?? '', port, addresses, tree }];
  });
}

/** A Gateway of the Gateway API (gateway.networking.k8s.io): the host names of its listeners with TLS. */
export function readGateway(manifest: Manifest): void {
  for (const { tree, port, addresses } of listenersOf(manifest.tree))
    addNames(manifest, textsAt(tree, 'hostname'), port, addresses);
}

/** HTTPRoute, GRPCRoute and TLSRoute: their host names at the listeners that they name; where the Gateway is elsewhere, at 443. */
export function readRoute(manifest: Manifest): void {
  const names = textsAt(manifest.tree, 'spec', 'hostnames');
  const own = textAt(manifest.tree, 'metadata', 'namespace')?.value ?? '';
  for (const parent of itemsAt(manifest.tree, 'spec', 'parentRefs')) {
    const id = `${textAt(parent, 'namespace')?.value ?? own}/${textAt(parent, 'name')?.value ?? ''}`;
    const gateway = manifest.all.find((one) => textAt(one, 'kind')?.value === 'Gateway' && idOf(one) === id);
    if (!gateway) {
      addNames(manifest, names, Number(textAt(parent, 'port')?.value ?? 443));
      continue;
    }
    const [section, port] = [textAt(parent, 'sectionName')?.value, textAt(parent, 'port')?.value];
    for (const listener of listenersOf(gateway)) {
      const isMeant =
        (section ?? listener.name) === listener.name && Number(port ?? listener.port) === listener.port;
      if (isMeant) addNames(manifest, names, listener.port, listener.addresses);
    }
  }
}

/** A Gateway of Istio (networking.istio.io): `hosts` of its servers with TLS, a namespace in front of each cut off. */
export function readIstioGateway(manifest: Manifest): void {
  for (const server of itemsAt(manifest.tree, 'spec', 'servers')) {
    const protocol = textAt(server, 'port', 'protocol')?.value ?? '';
    const isRedirect = textAt(server, 'tls', 'httpsRedirect')?.value === 'true';
    if (!/^(?:HTTPS|TLS)$/i.test(protocol) && (at(server, 'tls') === null || isRedirect)) continue;
    const hosts = textsAt(server, 'hosts').map(({ value, line }) => ({
      value: value.slice(value.indexOf('/') + 1),
      line,
    }));
    addNames(
      manifest,
      hosts.filter(({ value }) => value !== '*'),
      Number(textAt(server, 'port', 'number')?.value ?? 443),
    );
  }
}
