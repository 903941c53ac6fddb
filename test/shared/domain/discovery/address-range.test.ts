import { BlockList } from 'node:net';
import { describe, expect, it } from 'vitest';
import {
  addressText,
  looksLikeRange,
  normalAddress,
  rangeSize,
  readIpAddress,
  readRange,
} from '../../../../shared/domain/discovery/address-range.ts';

const read = (text: string) => {
  const range = readRange(text);
  if (!range.ok) return range.message;
  const { family, first, last } = range.range;
  return [addressText(family, first), addressText(family, last), range.note];
};

describe('ranges of addresses', () => {
  it.each([
    ['10.0.0.0/24', '10.0.0.0', '10.0.0.255'],
    ['10.0.0.0/16', '10.0.0.0', '10.0.255.255'],
    ['10.0.0.7/32', '10.0.0.7', '10.0.0.7'],
    ['10.0.0.5-20', '10.0.0.5', '10.0.0.20'],
    ['10.0.0.5 - 10.0.1.9', '10.0.0.5', '10.0.1.9'],
    ['10.0.0.9', '10.0.0.9', '10.0.0.9'],
    ['2001:db8::/120', '2001:db8::', '2001:db8::ff'],
    ['[2001:db8::7]', '2001:db8::7', '2001:db8::7'],
    ['2001:db8::5-2001:db8::9', '2001:db8::5', '2001:db8::9'],
    ['::ffff:10.0.0.5', '10.0.0.5', '10.0.0.5'],
    ['::ffff:10.0.0.0/120', '10.0.0.0', '10.0.0.255'],
  ])('reads %s', (text, first, last) => {
    expect(read(text)).toEqual([first, last, null]);
  });

  it('takes an address within a network for the network, and says so', () => {
    expect(read('10.0.0.5/24')).toEqual(['10.0.0.0', '10.0.0.255', '10.0.0.5/24 is taken as 10.0.0.0/24.']);
  });

  it.each([
    ['10.0.0.0/33', 'A prefix of an IPv4 network is 0 to 32.'],
    ['2001:db8::/129', 'A prefix of an IPv6 network is 0 to 128.'],
    ['10.0.0.0/', 'A prefix of an IPv4 network is 0 to 32.'],
    ['10.0.0.0/15', '65,536 addresses at most; /16 is the widest IPv4 network.'],
    ['0.0.0.0/0', '65,536 addresses at most; /16 is the widest IPv4 network.'],
    ['::/64', '65,536 addresses at most; /112 is the widest IPv6 network.'],
    ['::/0', '65,536 addresses at most; /112 is the widest IPv6 network.'],
    ['10.0.0.9-5', 'The range 10.0.0.9-5 ends before it begins: write the lower address first.'],
    ['10.0.0.1-10.9.0.1', '65,536 addresses at most; /16 is the widest IPv4 network.'],
  ])('refuses %s', (text, sentence) => {
    expect(read(text)).toBe(sentence);
  });

  it.each(['10.0.0.0/24/8', '10.0.0.1-2-3', '10.0.0.1-::9', '10.0.0.1-300', '10.0.0.1-x', '10.0.0.256'])(
    'refuses %s with a sentence',
    (text) => expect(read(text)).toEqual(expect.any(String)),
  );

  it('knows addresses from names', () => {
    const texts = ['10.0.0.1', '10.0.0.0/24', '10.0.0.1-9', '::1', '[::1]', 'fe80::/120'];
    expect(texts.map(looksLikeRange)).toEqual(texts.map(() => true));
    const others = ['a-b.example', 'example.com', 'https://10.0.0.1/', '10.0.0.1:443', '[::1]:443', '1.2.3'];
    expect(others.map(looksLikeRange)).toEqual(others.map(() => false));
  });

  it('counts what node:net counts', () => {
    const list = new BlockList();
    list.addSubnet('2001:db8::1:0', 120, 'ipv6');
    const range = readRange('2001:db8::1:0/120');
    if (!range.ok) throw new Error(range.message);
    const { first, last } = range.range;
    expect(rangeSize(range.range)).toBe(256n);
    for (const value of [first, last]) expect(list.check(addressText(6, value), 'ipv6')).toBe(true);
    for (const value of [first - 1n, last + 1n])
      expect(list.check(addressText(6, value), 'ipv6')).toBe(false);
  });

  it('writes what it read (RFC 5952 §4)', () => {
    for (const text of ['2001:db8::1', '::1', '::', 'fe80::1:0:0:1', '203.0.113.7']) {
      const address = readIpAddress(text);
      expect(address && addressText(address.family, address.value)).toBe(text);
    }
  });
});

/** The examples of RFC 5952 §1 and §2: all of them name one address. */
describe('the normal spelling of an address', () => {
  it.each([
    '2001:db8:0:0:1:0:0:1',
    '2001:0db8:0:0:1:0:0:1',
    '2001:db8::1:0:0:1',
    '2001:db8::0:1:0:0:1',
    '2001:0db8::1:0:0:1',
    '2001:db8:0:0:1::1',
    '2001:db8:0000:0:1::1',
    '2001:DB8:0:0:1::1',
    '[2001:db8::1:0:0:1]',
    '2001:db8::1:0:0:1%eth0',
  ])('%s', (text) => expect(normalAddress(text)).toBe('2001:db8::1:0:0:1'));

  it.each([
    ['::ffff:127.0.0.1', '127.0.0.1'],
    ['::FFFF:7f00:1', '127.0.0.1'],
    ['0:0:0:0:0:ffff:127.0.0.1', '127.0.0.1'],
    ['[::1]', '::1'],
    ['::1%lo', '::1'],
    ['FE80:0::1%eth0', 'fe80::1%eth0'],
    ['10.0.0.1', '10.0.0.1'],
    ['web.corp', null],
    ['10.0.0.1%eth0', null],
    ['fe80::1%', null],
    ['fe80::1%a%b', null],
    ['010.0.0.1', null],
    ['', null],
  ])('%s is %s', (text, normal) => expect(normalAddress(text)).toBe(normal));
});
