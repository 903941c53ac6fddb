import { isIP } from 'node:net';
import { dnsNamesOfFile } from '../dns-names-of-file.ts';
import { at, itemsAt, type Located, textAt, textsAt } from '../structured/walk.ts';
import { ruleNames } from '../traefik-rule.ts';
import { readGateway, readIstioGateway, readRoute } from './gateways.ts';
import { addNames, type Manifest } from './manifest.ts';

/** How each kind of manifest is read. A new one is an entry here. */
export const manifestKinds: Readonly<Record<string, (manifest: Manifest) => void>> = {
  Ingress: readIngress,
  Gateway: (manifest) =>
    (textAt(manifest.tree, 'apiVersion')?.value.includes('istio.io') ? readIstioGateway : readGateway)(
      manifest,
    ),
  HTTPRoute: readRoute,
  GRPCRoute: readRoute,
  TLSRoute: readRoute,
  /** OpenShift’s. */
  Route: (manifest) => {
    if (at(manifest.tree, 'spec', 'tls') !== null)
      addNames(manifest, textsAt(manifest.tree, 'spec', 'host'), 443);
  },
  /** cert-manager’s: it does not say where the certificate is used. */
  Certificate: (manifest) => {
    const names = [
      ...textsAt(manifest.tree, 'spec', 'dnsNames'),
      ...textsAt(manifest.tree, 'spec', 'commonName'),
    ];
    addNames(manifest, names, null);
  },
  IngressRoute: readIngressRoute,
  IngressRouteTCP: readIngressRoute,
  /** Contour’s. */
  HTTPProxy: (manifest) => {
    const host = at(manifest.tree, 'spec', 'virtualhost');
    if (at(host, 'tls') !== null) addNames(manifest, textsAt(host, 'fqdn'), 443);
  },
  Secret: readSecret,
};

/** The hosts of `tls`, and those of rules that they cover: a wildcard covers one label. */
function readIngress(manifest: Manifest): void {
  const entries = itemsAt(manifest.tree, 'spec', 'tls');
  if (entries.length === 0) return;
  const hosts = entries.flatMap((one) => textsAt(one, 'hosts'));
  const rules = itemsAt(manifest.tree, 'spec', 'rules').flatMap((one) => textsAt(one, 'host'));
  // An entry without hosts is for all of them (networking/v1 IngressTLS).
  const isForAll = entries.some((one) => textsAt(one, 'hosts').length === 0);
  const covered = isForAll ? rules : rules.filter((rule) => hosts.some((host) => covers(host, rule)));
  const balancers = itemsAt(manifest.tree, 'status', 'loadBalancer', 'ingress');
  const addresses = balancers
    .flatMap((one) => textAt(one, 'ip')?.value ?? [])
    .filter((one) => isIP(one) !== 0);
  addNames(manifest, [...hosts, ...covered], 443, addresses);
}

function covers({ value: host }: Located, { value: name }: Located): boolean {
  return host === name || (host.startsWith('*.') && name.slice(name.indexOf('.')) === host.slice(1));
}

/** Traefik’s: rules of its routes, where it has `tls`. */
function readIngressRoute(manifest: Manifest): void {
  const { tree } = manifest;
  if (
    at(tree, 'spec', 'tls') === null &&
    !textsAt(tree, 'spec', 'entryPoints').some(({ value }) => value === 'websecure')
  )
    return;
  const rules = itemsAt(tree, 'spec', 'routes').flatMap((route) => textsAt(route, 'match'));
  const names = rules.flatMap(({ value, line }) => ruleNames(value).map((name) => ({ value: name, line })));
  const domains = itemsAt(tree, 'spec', 'tls', 'domains').flatMap((one) => [
    ...textsAt(one, 'main'),
    ...textsAt(one, 'sans'),
  ]);
  addNames(manifest, [...names, ...domains], 443);
}

/** The names of the certificate of a kubernetes.io/tls: its key is not looked at. */
function readSecret(manifest: Manifest): void {
  const { tree, from, into } = manifest;
  if (textAt(tree, 'type')?.value !== 'kubernetes.io/tls') return;
  const data = textAt(tree, 'data', 'tls.crt');
  const given = textAt(tree, 'stringData', 'tls.crt');
  const bytes = given ? Buffer.from(given.value) : Buffer.from(data?.value ?? '', 'base64');
  const line = (given ?? data)?.line ?? 1;
  const names = dnsNamesOfFile(bytes);
  if (names === null) into.note('The certificate of the Secret cannot be read.', from, line);
  addNames(
    manifest,
    (names ?? []).map((value) => ({ value, line })),
    null,
  );
}
