import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../../support/temporary-folder.ts';
import { namesOf, namesOfFile } from './read.ts';

const folder = temporaryFolder();
afterAll(() => folder[Symbol.dispose]());
const program = '/usr/bin/caddy';

mkdirSync(folder.file('sites'));
writeFileSync(
  folder.file('Caddyfile'),
  `{
	email admin@example.test
	https_port 8443
}

(common) {
	encode gzip
}

import sites/*.caddy

a.example.test, www.a.example.test {
	import common
	respond "} not the end" 200
}

http://plain.example.test {
	respond "plain"
}

https://b.example.test:9443,
c.example.test:9444 {
	tls internal
	reverse_proxy 127.0.0.1:1
}

*.w.example.test {
	tls internal
	@one host one.w.example.test
	handle @one {
		respond \`{"a": 1}\` # a comment }
	}
	@two {
		host two.w.example.test
		path /x
	}
	handle @two {
		abort
	}
}

d.example.test:80 {
	redir https://a.example.test
}

:9445 {
	respond "any"
}
`,
);
writeFileSync(folder.file('sites/e.caddy'), 'E.example.test {\n\trespond "e"\n}\n');

const expected = [
  'e.example.test:8443 tls',
  'a.example.test:8443 tls',
  'www.a.example.test:8443 tls',
  'b.example.test:9443 tls',
  'c.example.test:9444 tls',
  '*.w.example.test:8443 tls',
  'one.w.example.test:8443 tls',
  'two.w.example.test:8443 tls',
];

describe('a Caddyfile', () => {
  it('gives the addresses of sites with HTTPS, and the hosts of matchers', async () => {
    const { names, places, notes } = await namesOfFile('auto', folder.file('Caddyfile'));
    expect(names).toEqual(expected);
    expect(places[0]).toBe(`${folder.file('sites/e.caddy')}:1`);
    expect(notes).toEqual([]);
  });

  it.runIf(existsSync(program))('gives the same by what caddy adapt makes of it', async () => {
    const args = ['adapt', '--config', folder.file('Caddyfile'), '--adapter', 'caddyfile', '--pretty'];
    const env = { ...process.env, HOME: folder.path, XDG_CONFIG_HOME: folder.path };
    const json = execFileSync(program, args, { env, stdio: ['ignore', 'pipe', 'ignore'] }).toString();
    const { names, notes } = await namesOf('auto', json);
    expect(names.toSorted()).toEqual(expected.toSorted());
    expect(notes).toEqual([]);
  });

  it.each([
    [
      'one site without braces',
      'one.test\nreverse_proxy 127.0.0.1:1 {\n  lb_policy first\n}\n',
      ['one.test:443 tls'],
    ],
    ['one behind global options', '{\n debug\n}\none.test:8443\nfile_server\n', ['one.test:8443 tls']],
    [
      'automatic HTTPS that is off',
      '{\n auto_https off\n}\na.test {\n respond x\n}\nb.test {\n tls a b\n}\nhttps://c.test {\n respond x\n}\n',
      ['b.test:443 tls', 'c.test:443 tls'],
    ],
    ['an address, and a path', 'https://[2001:db8::7]:8443/x {\n respond x\n}\n', ['2001:db8::7:8443 tls']],
  ])('%s', async (_what, text, found) => {
    expect((await namesOf('caddy', text)).names).toEqual(found);
  });

  it('says what it does not know', async () => {
    const { names, notes } = await namesOf(
      'caddy',
      '{$DOMAIN}, ok.test {\n respond x\n}\nimport /etc/caddy/x\n',
    );
    expect(names).toEqual(['ok.test:443 tls']);
    expect(notes).toEqual([
      'given:1: “{$DOMAIN}” has a placeholder, which is not known here.',
      'given:4: /etc/caddy/x is not opened: the text was not read from a folder.',
    ]);
    expect((await namesOf('caddy', 'a.test {\n b {\n')).notes).toEqual([
      'given: The file ends in the middle of a block, or is nested too deeply.',
    ]);
  });
});
