import { describe, expect, it } from 'vitest';
import { NameSourceError } from '../../../../electron/engine/discovery/names/read-names.ts';
import { namesOf, namesOfFile } from './read.ts';

describe('a hosts file', () => {
  it('gives each name with its address, and passes over this host, groups of hosts and comments', async () => {
    const { names, notes } = await namesOf(
      'auto',
      [
        '127.0.0.1\tlocalhost',
        '127.0.1.1 pc.example.test pc',
        '::1     localhost ip6-localhost ip6-loopback',
        'ff02::1 ip6-allnodes',
        '0.0.0.0 ads.example.test',
        '# 10.0.0.9 old.example.test',
        '10.0.0.5\tWWW.Example.test www # the shop',
        'fe80::7%eth0 printer.example.test',
        '2001:db8::7 bücher.example.test.',
        '',
      ].join('\r\n'),
    );
    expect(names).toEqual([
      'www.example.test @10.0.0.5',
      'www @10.0.0.5',
      'printer.example.test @fe80::7%eth0',
      'xn--bcher-kva.example.test @2001:db8::7',
    ]);
    expect(notes).toEqual([]);
  });

  it('tells what it did not understand, with the line, and keeps the rest', async () => {
    const { names, places, notes } = await namesOf(
      'etc-hosts',
      '10.0.0.256 a.test\n10.0.0.1 good.test bad_/name _dmarc.test\n',
    );
    expect(names).toEqual(['good.test @10.0.0.1']);
    expect(places).toEqual(['given:2']);
    expect(notes).toEqual([
      'given:1: “10.0.0.256” is not an IP address.',
      '2 names left out: “bad_/name” (given:2) are not host names.',
    ]);
  });

  it('is read from its path: this machine’s own has no name that its loopback address alone has', async () => {
    const { names } = await namesOfFile('auto', '/etc/hosts');
    expect(names.filter((name) => name.startsWith('localhost'))).toEqual([]);
  });

  it('is bounded: 20,000 names, 50 notes, 10 MiB', async () => {
    const lines = Array.from({ length: 20_100 }, (_, index) => `10.1.0.1 n${index}.test`);
    const { names, notes } = await namesOf(
      'etc-hosts',
      [...lines, ...Array.from({ length: 60 }, (_, at) => `x${at} y`)].join('\n'),
    );
    expect(names).toHaveLength(20_000);
    expect(notes.slice(-2)).toEqual([
      '100 names left out: one source gives 20,000 at most.',
      '10 more notes left out.',
    ]);
    const pairs = await namesOf('etc-hosts', `10.1.0.1 ${'a.test '.repeat(1_000_001)}\n10.1.0.2 b.test`);
    expect(pairs.names).toEqual(['a.test @10.1.0.1']);
    expect(pairs.notes).toEqual(['given:1: Reading ends here, after 1,000,000 names.']);
    await expect(namesOf('etc-hosts', '#'.repeat(10 * 1024 * 1024 + 1))).rejects.toThrow(NameSourceError);
  });
});
