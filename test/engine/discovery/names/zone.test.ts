import { execFileSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../../support/temporary-folder.ts';
import { namesOf, namesOfFile } from './read.ts';

const folder = temporaryFolder();
afterAll(() => folder[Symbol.dispose]());
const program = '/usr/bin/named-checkzone';

writeFileSync(folder.file('sub.inc'), 'x A 192.0.2.30\n@ IN A 192.0.2.31\n');
writeFileSync(
  folder.file('db.example.test'),
  `$TTL 1h
@   IN SOA ns.example.test. admin.example.test. ( 2026112601 ; serial
        3600 900
        604800 86400 )
    IN NS ns
    IN MX 10 mail
ns  A 192.0.2.1
    AAAA 2001:db8::1
www 300 IN A 192.0.2.2 ; A 192.0.2.99
www IN 300 A 192.0.2.3
mail A 192.0.2.4
shop CNAME www
*.dev A 192.0.2.5
_imaps._tcp SRV 0 1 993 mail
_submission._tcp IN SRV 0 1 587 mail.example.test.
_pop3._tcp SRV 0 0 0 .
_xmpp-client._tcp SRV 0 1 5222 ( mail )
_sip._udp SRV 0 1 5060 mail
_443._tcp.www TLSA 3 1 1 ${'ab'.repeat(32)}
_25._tcp.mail TLSA 3 1 1 ${'cd'.repeat(32)}
@ HTTPS 1 . alpn=h2 port=8443
_8444._https.api HTTPS 1 www
api A 192.0.2.6
txt TXT "a ; b ( c" "$ORIGIN nowhere."
_dmarc TXT "v=DMARC1"
$INCLUDE sub.inc sub
$GENERATE 1-3 node\${0,2,d} A 192.0.2.1$
$ORIGIN deep.example.test.
y A 192.0.2.40
`,
);

describe('a zone', () => {
  const read = () => namesOfFile('auto', folder.file('db.example.test'));

  it('gives its hosts with their addresses, and its services at their ports', async () => {
    const { names, places, notes } = await read();
    expect(names).toEqual([
      'mail.example.test:25 smtp',
      'ns.example.test @192.0.2.1',
      'ns.example.test @2001:db8::1',
      'www.example.test @192.0.2.2',
      'www.example.test @192.0.2.3',
      'mail.example.test @192.0.2.4',
      'shop.example.test',
      '*.dev.example.test @192.0.2.5',
      'mail.example.test:993 tls',
      'mail.example.test:587 smtp',
      'mail.example.test:5222 xmpp',
      'example.test:5222 xmpp',
      'www.example.test:443 tls',
      'example.test:8443 tls',
      'api.example.test:8444 tls',
      'api.example.test @192.0.2.6',
      'x.sub.example.test @192.0.2.30',
      'sub.example.test @192.0.2.31',
      'node01.example.test @192.0.2.11',
      'node02.example.test @192.0.2.12',
      'node03.example.test @192.0.2.13',
      'y.deep.example.test @192.0.2.40',
    ]);
    expect(places.slice(16, 18)).toEqual([1, 2].map((line) => `${folder.file('sub.inc')}:${line}`));
    expect(notes).toEqual([]);
  });

  it.runIf(existsSync(program))('gives the same by what named-checkzone -D makes of it', async () => {
    const args = ['-D', '-o', '-', '-w', folder.path, 'example.test', folder.file('db.example.test')];
    const dump = execFileSync(program, args, { stdio: ['ignore', 'pipe', 'ignore'] }).toString();
    const { names, notes } = await namesOf('auto', dump);
    expect(names.toSorted()).toEqual((await read()).names.toSorted());
    expect(notes).toEqual([]);
  });

  it('without an origin leaves relative names out and says so; what is no host is counted', async () => {
    const { names, notes } = await namesOf(
      'zone',
      'www A 192.0.2.1\nmail A 192.0.2.2\nok.test. A 192.0.2.3\na\\.b.test. A 192.0.2.4\n\\098.test. A 192.0.2.5\nx.test. A 999.1.1.1\n$GENERATE x-y a A 1.1.1.1\n$INCLUDE /etc/passwd\n',
    );
    expect(names).toEqual(['ok.test @192.0.2.3', 'b.test @192.0.2.5']);
    expect(notes).toEqual([
      'given:7: “$GENERATE x-y” is not a range.',
      'given:8: /etc/passwd is not opened: the text was not read from a folder.',
      'given:1: 2 relative names are left out, since there is no $ORIGIN: name the file after its zone, or add $ORIGIN.',
      '1 name left out: “a b.test” (given:4) is not a host name.',
    ]);
  });

  it('ends where a parenthesis or a quotation does not', async () => {
    const { names } = await namesOf(
      'zone',
      `$ORIGIN t.\na A 192.0.2.1\nb TXT "open\nc A 192.0.2.2\nd TXT ( ${'x '.repeat(5_000)}\n`,
    );
    expect(names).toEqual(['a.t @192.0.2.1', 'c.t @192.0.2.2']);
  });

  it('is bounded: what it generates and includes, and how long its names may grow', async () => {
    const generate = (count: number) => '$GENERATE 1-1024 h$ A 192.0.2.1\n'.repeat(count);
    const { names, notes } = await namesOf('zone', `$ORIGIN t.\n${generate(300)}last A 192.0.2.1\n`);
    expect(names).toHaveLength(1_024);
    // 195 × (1 + 1,024) + 125 = 200,000, with $ORIGIN.
    expect(notes).toEqual(['given:197: The zone has more than 200,000 records: the rest is left out.']);
    const long = await namesOf(
      'zone',
      `$ORIGIN t.\n$GENERATE 1-1024 ${'$'.repeat(2_000)} A 192.0.2.1\n$GENERATE 1-4000000000 x$ A 192.0.2.1\nok A 192.0.2.1\n`,
    );
    expect(long.names).toEqual(['ok.t @192.0.2.1']);
    expect(long.notes).toEqual([
      'given:2: The record of $GENERATE is too long.',
      'given:3: “$GENERATE 1-4000000000” is not a range.',
    ]);
    const grown = await namesOf('zone', `$ORIGIN t.\n${'$ORIGIN a\n'.repeat(2_000)}x A 192.0.2.1\n`);
    expect(grown.names).toEqual([]);
  });

  it('includes itself ten times at most, and each time counts', async () => {
    using own = temporaryFolder();
    writeFileSync(own.file('db.loop.test'), 'a A 192.0.2.1\n$INCLUDE db.loop.test\n$INCLUDE db.loop.test\n');
    const { names, notes } = await namesOfFile('zone', own.file('db.loop.test'));
    expect(names).toEqual(['a.loop.test @192.0.2.1']);
    expect(notes.filter((note) => /10 levels|200 files/.test(note)).length).toBeGreaterThan(1);
  });
});
