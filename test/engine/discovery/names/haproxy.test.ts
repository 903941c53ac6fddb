import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { makeCa } from '../../../support/pki.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';
import { namesOf, namesOfFile } from './read.ts';

const folder = temporaryFolder();
afterAll(() => folder[Symbol.dispose]());
const program = '/usr/sbin/haproxy';

const ca = makeCa();
mkdirSync(folder.file('certs'));
const pem = (name: string, ...sans: string[]) => {
  const leaf = ca.issue({ name, sans: [name, ...sans] });
  writeFileSync(folder.file(`certs/${name}.pem`), leaf.key + leaf.pem + ca.pem);
};
pem('a.example.test', 'www.a.example.test');
pem('w.example.test', '*.w.example.test');
writeFileSync(
  folder.file('list'),
  `certs/a.example.test.pem [alpn h2 ssl-min-ver TLSv1.2] listed.example.test !not.example.test\n# a comment\ncerts/w.example.test.pem\n`,
);
writeFileSync(
  folder.file('haproxy.cfg'),
  `global
  crt-base ${folder.path}
defaults
  mode http
  timeout connect 1s
  timeout client 1s
  timeout server 1s
frontend web
  bind :18080
  bind 127.0.0.1:18443,[::1]:18443 ssl crt certs/a.example.test.pem alpn h2,http/1.1
  acl is_b hdr(host) -i b.example.test c.example.test # not d.example.test
  use_backend one if { ssl_fc_sni -m end .e.example.test }
  use_backend one if is_b
frontend folder
  bind *:18444 ssl crt certs
frontend list
  bind ipv4@127.0.0.1:18445-18446 ssl crt-list ${folder.path}/list
listen through
  mode tcp
  bind :18447
  tcp-request inspect-delay 1s
  use_backend one if { req.ssl_sni -i f.example.test } || { req_ssl_sni -m reg ^x }
  server s 127.0.0.1:1
backend one
  server s 127.0.0.1:1
`,
);

describe('a configuration of HAProxy', () => {
  it('gives the names of certificates, lists and rules at the binds of their frontend', async () => {
    const { names, notes } = await namesOfFile('auto', folder.file('haproxy.cfg'));
    const web = (name: string) => [`${name}:18443 tls @127.0.0.1`, `${name}:18443 tls @::1`];
    const all = ['a.example.test', 'www.a.example.test', 'w.example.test', '*.w.example.test'];
    expect(names).toEqual([
      ...[
        'a.example.test',
        'www.a.example.test',
        'b.example.test',
        'c.example.test',
        '*.e.example.test',
      ].flatMap(web),
      ...all.map((name) => `${name}:18444 tls`),
      ...['listed.example.test', 'w.example.test', '*.w.example.test'].flatMap((name) => [
        `${name}:18445 tls @127.0.0.1`,
        `${name}:18446 tls @127.0.0.1`,
      ]),
      'f.example.test:18447 tls',
    ]);
    expect(notes).toEqual([]);
  });

  it.runIf(existsSync(program))('that haproxy -c accepts', () => {
    const check = () => execFileSync(program, ['-c', '-f', folder.file('haproxy.cfg')], { stdio: 'ignore' });
    expect(check).not.toThrow();
  });

  it('says what it did not open and what has a variable', async () => {
    const { names, notes } = await namesOf(
      'haproxy',
      `frontend x\n bind "\${IP}:443" ssl crt /etc/ssl/private/x.pem\n bind unix@/x ssl\n bind :::8443 v4v6 ssl\n use_backend y if { ssl_fc_sni a.test }\n`,
    );
    expect(names).toEqual(['a.test:443 tls', 'a.test:8443 tls']);
    expect(notes).toEqual([
      `given:2: “bind \${IP}:443” has a variable, which is not known here.`,
      'given:2: /etc/ssl/private/x.pem is not opened: the text was not read from a folder.',
    ]);
  });
});
