import { execFileSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { makeCa } from '../../../support/pki.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';
import { namesOf } from './read.ts';

const folder = temporaryFolder();
afterAll(() => folder[Symbol.dispose]());
const program = '/usr/bin/kubectl';
const kubectl = (...args: string[]) =>
  execFileSync(program, args, {
    env: { ...process.env, HOME: folder.path, KUBECONFIG: folder.file('config') },
    stdio: ['ignore', 'pipe', 'ignore'],
  }).toString();

const meta = (name: string) => ({ metadata: { name, namespace: 'shop' } });
const list = (...items: object[]) => JSON.stringify({ apiVersion: 'v1', kind: 'List', items });

describe('manifests of Kubernetes', () => {
  it('give the hosts of an Ingress with TLS, and those of rules that they cover', async () => {
    const { names, places } = await namesOf(
      'auto',
      `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: a}
spec:
  tls:
    - hosts: [a.example.test, "*.w.example.test"]
      secretName: x
  rules:
    - host: a.example.test
    - host: one.w.example.test
    - host: deep.two.w.example.test
    - host: plain.example.test
status: {loadBalancer: {ingress: [{ip: 192.0.2.7}, {hostname: lb.example.test}]}}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: for-all}
spec: {tls: [{secretName: x}], rules: [{host: b.example.test}]}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: plain}
spec: {rules: [{host: c.example.test}]}
`,
    );
    expect(names).toEqual([
      'a.example.test:443 tls @192.0.2.7',
      '*.w.example.test:443 tls @192.0.2.7',
      'one.w.example.test:443 tls @192.0.2.7',
      'b.example.test:443 tls',
    ]);
    expect(places).toEqual(['given:6', 'given:6', 'given:10', 'given:18']);
  });

  it('give the hosts of Gateways, and of routes at the listeners that they name', async () => {
    const gateway = {
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind: 'Gateway',
      ...meta('web'),
      spec: {
        listeners: [
          { name: 'http', port: 80, protocol: 'HTTP', hostname: 'plain.example.test' },
          { name: 'https', port: 443, protocol: 'HTTPS', hostname: '*.example.test' },
          { name: 'tls', port: 8443, protocol: 'TLS', tls: { mode: 'Passthrough' } },
        ],
      },
      status: { addresses: [{ value: '192.0.2.9' }] },
    };
    const route = (kind: string, parent: object, ...hostnames: string[]) => ({
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind,
      ...meta('r'),
      spec: { parentRefs: [parent], hostnames },
    });
    const { names } = await namesOf(
      'auto',
      list(
        gateway,
        route('HTTPRoute', { name: 'web', sectionName: 'https' }, 'a.example.test'),
        route('HTTPRoute', { name: 'web', sectionName: 'http' }, 'b.example.test'),
        route('TLSRoute', { name: 'web', namespace: 'shop', port: 8443 }, 'c.example.test'),
        route('GRPCRoute', { name: 'elsewhere' }, 'd.example.test'),
      ),
    );
    expect(names).toEqual([
      '*.example.test:443 tls @192.0.2.9',
      'a.example.test:443 tls @192.0.2.9',
      'c.example.test:8443 tls @192.0.2.9',
      'd.example.test:443 tls',
    ]);
  });

  it('give the hosts of OpenShift, Istio, Traefik, Contour and cert-manager', async () => {
    const { names } = await namesOf(
      'auto',
      list(
        {
          apiVersion: 'route.openshift.io/v1',
          kind: 'Route',
          ...meta('a'),
          spec: { host: 'a.test', tls: { termination: 'edge' } },
        },
        { apiVersion: 'route.openshift.io/v1', kind: 'Route', ...meta('p'), spec: { host: 'plain.test' } },
        {
          apiVersion: 'networking.istio.io/v1',
          kind: 'Gateway',
          ...meta('i'),
          spec: {
            servers: [
              { port: { number: 80, protocol: 'HTTP' }, hosts: ['plain.test'], tls: { httpsRedirect: true } },
              { port: { number: 8443, protocol: 'HTTPS' }, hosts: ['shop/b.test', '*/c.test', '*'] },
            ],
          },
        },
        {
          apiVersion: 'traefik.io/v1alpha1',
          kind: 'IngressRoute',
          ...meta('t'),
          spec: {
            entryPoints: ['websecure'],
            routes: [{ match: 'Host(`d.test`) && Path(`/`)' }],
            tls: { domains: [{ main: 'e.test' }] },
          },
        },
        {
          apiVersion: 'projectcontour.io/v1',
          kind: 'HTTPProxy',
          ...meta('h'),
          spec: { virtualhost: { fqdn: 'f.test', tls: {} } },
        },
        {
          apiVersion: 'cert-manager.io/v1',
          kind: 'Certificate',
          ...meta('c'),
          spec: { dnsNames: ['g.test', '*.g.test'] },
        },
        { apiVersion: 'v1', kind: 'ConfigMap', ...meta('x'), data: { host: 'no.test' } },
      ),
    );
    expect(names).toEqual([
      'a.test:443 tls',
      'b.test:8443 tls',
      'c.test:8443 tls',
      'd.test:443 tls',
      'e.test:443 tls',
      'f.test:443 tls',
      'g.test',
      '*.g.test',
    ]);
  });

  it.runIf(existsSync(program))(
    'are read as kubectl prints them: a Secret with a certificate, an Ingress',
    async () => {
      const leaf = makeCa().issue({ name: 's.example.test', sans: ['s.example.test', '*.s.example.test'] });
      writeFileSync(folder.file('a.pem'), leaf.pem);
      writeFileSync(folder.file('a.key'), leaf.key);
      const files = [`--cert=${folder.file('a.pem')}`, `--key=${folder.file('a.key')}`];
      for (const form of ['yaml', 'json']) {
        const dry = ['--dry-run=client', '-o', form];
        const secret = kubectl('create', 'secret', 'tls', 'web', ...files, ...dry);
        expect((await namesOf('auto', secret)).names).toEqual(['s.example.test', '*.s.example.test']);
        const rules = ['--rule=a.example.test/*=web:80,tls=x', '--rule=b.example.test/*=web:80'];
        const ingress = kubectl('create', 'ingress', 'web', ...rules, ...dry);
        expect((await namesOf('auto', ingress)).names).toEqual(['a.example.test:443 tls']);
      }
    },
  );

  it('end where a bound is met, or the text is broken, and say so', async () => {
    const { notes } = await namesOf('kubernetes', `apiVersion: v1\nkind: List\nitems: ${'['.repeat(20_000)}`);
    expect(notes).toEqual([expect.stringMatching(/nested too deeply|not valid YAML, JSON or TOML/)]);
    const secret = {
      apiVersion: 'v1',
      kind: 'Secret',
      type: 'kubernetes.io/tls',
      data: { 'tls.crt': 'AAAA' },
    };
    expect((await namesOf('auto', JSON.stringify(secret))).notes).toEqual([
      'given:1: The certificate of the Secret cannot be read.',
    ]);
    const { names } = await namesOf(
      'kubernetes',
      'apiVersion: v1\nkind: Route\nspec: {host: a.test, tls: {}}\n---\nb: [}\n',
    );
    expect(names).toEqual(['a.test:443 tls']);
  });
});

describe('a kubeconfig', () => {
  it.runIf(existsSync(program))('as kubectl writes it gives the API server of each cluster', async () => {
    const set = (...args: string[]) => kubectl('config', 'set-cluster', ...args);
    set('a', '--server=https://api.example.test:6443');
    set('b', '--server=https://192.0.2.7', '--tls-server-name=kube.example.test');
    set('c', '--server=http://127.0.0.1:8080');
    set('d', '--server=https://[2001:db8::7]:6443');
    const expected = [
      'api.example.test:6443 tls',
      'kube.example.test:443 tls @192.0.2.7',
      '2001:db8::7:6443 tls @2001:db8::7',
    ];
    for (const form of ['yaml', 'json']) {
      const { names, notes } = await namesOf('auto', kubectl('config', 'view', '-o', form));
      expect([names, notes]).toEqual([expected, []]);
    }
  });
});
