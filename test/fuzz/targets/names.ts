import { NameCollection } from '../../../electron/engine/discovery/names/collection.ts';
import type { NameReader } from '../../../electron/engine/discovery/names/name-source.ts';
import { nameReaders } from '../../../electron/engine/discovery/names/readers.ts';
import { mutate, noise, oneOf } from '../random.ts';
import type { FuzzTarget } from '../targets.ts';

/** A text of each format, short, so that a mutation is likely to break what matters. */
const originals: readonly [keyof typeof nameReaders, string][] = [
  [
    'nginx',
    'http { map $h $b { default "b}"; } server { listen 1.2.3.4:443 ssl; server_name a.test .b.test; include x/*.conf; } }',
  ],
  [
    'nginx',
    '# configuration file /n/nginx.conf:\ninclude c/*.conf;\n# configuration file /n/c/a.conf:\nserver { listen 443 ssl; server_name a.test; }\n',
  ],
  [
    'apache',
    `Define d a.test\n<VirtualHost *:443 [::1]:443>\nServerName \${d}\nServerAlias "*.b.test" \\\n c.test\nSSLEngine on\n</VirtualHost>\n`,
  ],
  [
    'apache',
    'VirtualHost configuration:\n*:443  is a NameVirtualHost\n  port 443 namevhost a.test (/x:1)\n    alias b.test\n',
  ],
  [
    'haproxy',
    'frontend a\n bind 1.2.3.4:443-445,[::]:443 ssl crt x\n use_backend b if { ssl_fc_sni -m end .a.test } || { req.ssl_sni -i b.test }\n',
  ],
  [
    'caddy',
    '{\n https_port 8443\n}\na.test, b.test {\n @x host c.test\n respond "}"\n}\n*.d.test:9443 {\n tls `x`\n}\n',
  ],
  [
    'kubeconfig',
    'apiVersion: v1\nkind: Config\nclusters: [{name: a, cluster: {server: "https://[::1]:6443", tls-server-name: a.test}}]\n',
  ],
  [
    'kubernetes',
    'apiVersion: v1\nkind: Ingress\nspec: {tls: [{hosts: [a.test]}], rules: [{host: a.test}]}\n---\nkind: Secret\ntype: kubernetes.io/tls\ndata: {tls.crt: AAAA}\n',
  ],
  ['traefik', '[http.routers.a]\nrule = "Host(`a.test`) && !Host(`b.test`)"\ntls = {}\n'],
  [
    'zone',
    `$ORIGIN a.test.\n$TTL 1h\n@ SOA ns x ( 1 2 3\n 4 5 )\nw\\.x A 1.2.3.4\n_imaps._tcp SRV 0 1 993 w\n$GENERATE 1-3 n\${0,2,x} A 1.1.1.$\n$INCLUDE x\n`,
  ],
  ['etc-hosts', '1.2.3.4 a.test b # c\nfe80::1%eth0 d.test\n'],
];

/** Reads configurations of other programs. None of them may throw, whatever is in them. */
export const names: FuzzTarget = {
  async run(random) {
    const [format, text] = oneOf(originals, random);
    const kind = random(10);
    const changed = kind === 0 ? noise(300, random) : mutate(Buffer.from(text), random);
    const given = kind === 1 ? text : changed.toString('utf8');
    const collection = new NameCollection(null, new AbortController().signal);
    const reader: NameReader = nameReaders[format];
    reader.fits(given);
    await reader.read({ file: 'given', text: given, depth: 0 }, collection);
    const read = collection.conclude();
    if (read.names.length > 0) return 'found';
    return read.notes.length > 0 ? 'noted' : 'nothing';
  },
  mustMeet: ['found', 'noted', 'nothing'],
};
