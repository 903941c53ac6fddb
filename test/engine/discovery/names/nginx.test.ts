import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { makeCa } from '../../../support/pki.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';
import { namesOf, namesOfFile } from './read.ts';

const folder = temporaryFolder();
afterAll(() => folder[Symbol.dispose]());
const program = '/usr/sbin/nginx';

const leaf = makeCa().issue();
writeFileSync(folder.file('cert.pem'), leaf.pem);
writeFileSync(folder.file('key.pem'), leaf.key);
for (const name of ['conf.d', 'available', 'snippets', 'logs']) mkdirSync(folder.file(name));
writeFileSync(
  folder.file('nginx.conf'),
  `pid ${folder.path}/pid; # a comment with { and ;
error_log stderr;
events {}
http {
    access_log off;
    log_format x '{"a": "$request;"}';
    map $host $backend { default "b}"; a.example.test 'c'; }
    ssl_certificate ${folder.path}/cert.pem;
    ssl_certificate_key "${folder.path}/key.pem";
    include conf.d/*.conf;
    include nothing/*.conf;
    server { listen 8080; server_name plain.example.test; }
    server {
        listen 8443 ssl default_server; listen [::1]:8443 ssl;
        server_name _;
    }
    server {
        listen 127.0.0.1:8444 ssl;
        server_name a.example.test
                    www.a.example.test .b.example.test *.c.example.test
                    mail.* ~^(?<x>.+)\\.d\\.example\\.test$ "" $hostname;
        location ~ "^/x{2}$" { return 200 "}"; }
        if ($host = a.example.test) { return 301 https://$host$request_uri; }
    }
    server { include snippets/tls.conf; server_name e.example.test; }
    server { listen unix:/tmp/x.sock ssl; server_name socket.example.test; }
}
`,
);
writeFileSync(folder.file('snippets/tls.conf'), 'listen 8445 ssl;\nlisten 8081;\n');
writeFileSync(
  folder.file('available/site.conf'),
  'server {\n  listen 8446 ssl;\n  server_name Site.Example.Test;\n}\n',
);
symlinkSync('../available/site.conf', folder.file('conf.d/site.conf'));

const expected = [
  'site.example.test:8446 tls',
  'a.example.test:8444 tls @127.0.0.1',
  'www.a.example.test:8444 tls @127.0.0.1',
  'b.example.test:8444 tls @127.0.0.1',
  '*.b.example.test:8444 tls @127.0.0.1',
  '*.c.example.test:8444 tls @127.0.0.1',
  'e.example.test:8445 tls',
];

describe('a configuration of nginx', () => {
  it('gives the names of servers with ssl, with what it includes', async () => {
    const { names, places, notes } = await namesOfFile('auto', folder.file('nginx.conf'));
    expect(names).toEqual(expected);
    expect(places[0]).toBe(`${folder.file('conf.d/site.conf')}:3`);
    expect(notes).toEqual([]);
  });

  it.runIf(existsSync(program))(
    'gives the same by the output of nginx -T, without opening a file',
    async () => {
      const dump = execFileSync(program, ['-T', '-p', folder.path, '-c', folder.file('nginx.conf')], {
        stdio: ['ignore', 'pipe', 'ignore'],
      }).toString();
      const { names, places, notes } = await namesOf('auto', dump);
      expect(names).toEqual(expected);
      expect(places[0]).toBe(`${folder.file('conf.d/site.conf')}:3`);
      expect(notes).toEqual([]);
    },
  );

  it('has streams, mail and old directives, and passes over QUIC and Lua', async () => {
    const { names } = await namesOf(
      'nginx',
      `http { server { listen 443 quic; listen 443 ssl; server_name q.test; }
        server { ssl on; listen 9000; server_name old.test; access_by_lua_block { local s = "}" -- { "
          if x then y() end } }
        server { listen 444 quic; server_name udp.test; } }
      stream { map $ssl_preread_server_name $up { hostnames; default x; in.test y; .all.test z; ~^r w; }
        server { listen 10.0.0.7:443; ssl_preread on; proxy_pass $up; }
        server { listen 5671 ssl; server_name mq.test; } server { listen 1234; } }
      mail { server_name mail.test; server { listen 143; protocol imap; starttls on; }
        server { listen 993 ssl; protocol imap; } server { listen 25; protocol smtp; } }`,
    );
    expect(names).toEqual([
      'q.test:443 tls',
      'old.test:9000 tls',
      'mq.test:5671 tls',
      'in.test:443 tls @10.0.0.7',
      'all.test:443 tls @10.0.0.7',
      '*.all.test:443 tls @10.0.0.7',
      'mail.test:143 imap',
      'mail.test:993 tls',
    ]);
  });

  it('opens nothing outside of its folder, and says what it did not open', async () => {
    using other = temporaryFolder();
    writeFileSync(other.file('x.conf'), 'server { listen 443 ssl; server_name secret.test; }');
    symlinkSync(other.file('x.conf'), folder.file('conf.d/away.inc'));
    writeFileSync(
      folder.file('bad.conf'),
      `include ${other.path}/x.conf; include ../*/x.conf; include conf.d/away.inc; include gone.conf; include bad.conf;
      server { listen 443 ssl; server_name ok.test; }`,
    );
    const { names, notes } = await namesOfFile('nginx', folder.file('bad.conf'));
    expect(names).toEqual(['ok.test:443 tls']);
    const of = (text: string) => notes.filter((note) => note.includes(text)).length;
    expect([of('it is outside'), of('it points outside'), of('No file matches')]).toEqual([2, 1, 1]);
    expect(of('over 10 levels')).toBeGreaterThan(0);
  });

  it('is bounded by the output of nginx -T, too: files that include themselves, and many of them', async () => {
    const server = 'server { listen 443 ssl; server_name ok.test; }';
    const loop = `# configuration file /n.conf:\n${server}\n${'include /n.conf;\n'.repeat(1_000)}`;
    const { names, notes } = await namesOf('nginx', loop);
    expect(names).toEqual(['ok.test:443 tls']);
    const of = (text: string) => notes.filter((note) => note.includes(text)).length;
    expect(of('over 10 levels')).toBeGreaterThan(0);
    const files = Array.from(
      { length: 3_000 },
      (_, at) => `# configuration file /c/${at}.conf:\n# ${at}\n`,
    ).join('');
    const many = await namesOf(
      'nginx',
      `# configuration file /n.conf:\n${server} include /c/*.conf; include /c/*.conf; include /c/1.conf;\n${files}`,
    );
    expect(many.names).toEqual(['ok.test:443 tls']);
    expect(many.notes).toEqual([
      'given: Only the first 2,000 files of the output are read.',
      '/n.conf:1: An include is not followed: 2,000 files are included already.',
    ]);
  });

  it.each([
    ['server { listen 443 ssl; server_name a.test;', 'given: The file is truncated.'],
    ['server { listen 443 ssl } ', 'given:1: “listen” is not terminated.'],
    ['server {}\n}', 'given:2: A block ends that was not opened.'],
    ['server { server_name "a', 'given:1: A quoted string does not end.'],
    [`${'a {'.repeat(100)}`, 'given:1: The configuration is too large.'],
  ])('%s: is broken', async (text, note) => {
    expect((await namesOf('nginx', text)).notes).toEqual([note]);
  });
});
