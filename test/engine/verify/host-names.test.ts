import { describe, expect, it } from 'vitest';
import { ParsedCertificate } from '../../../electron/engine/verify/certificate.ts';
import { matchHost } from '../../../electron/engine/verify/host-names.ts';
import { oddExtension } from '../../support/odd-extensions.ts';
import { makeCa } from '../../support/pki.ts';

const ca = makeCa('Names Root');
const covers = (sans: string[], host: string) =>
  matchHost(new ParsedCertificate(ca.issue({ name: 'Names', sans }).der), host);

describe('a host is covered', () => {
  it.each([
    ['its name', ['a.example'], 'a.example'],
    ['its name in another case', ['A.Example'], 'a.EXAMPLE'],
    ['a name that the user ends with a dot', ['a.example'], 'a.example.'],
    ['a wildcard for one label', ['*.a.example'], 'b.a.example'],
    ['an internationalized name', ['xn--mnchen-3ya.example'], 'münchen.example'],
    ['an IPv4 address', ['192.0.2.7'], '192.0.2.7'],
    ['an IPv6 address in another spelling', ['2001:db8::1'], '2001:DB8:0:0::1'],
    ['an IPv6 address with a zone', ['fe80::1'], 'fe80::1%eth0'],
    ['an IPv6 address that ends in an IPv4 one', ['64:ff9b::c000:207'], '64:ff9b::192.0.2.7'],
    ['a wildcard below a private suffix', ['*.github.io'], 'a.github.io'],
    ['a wildcard below a name under an unknown top-level domain', ['*.corp.intranet'], 'a.corp.intranet'],
    ['its own name beside a wildcard below a public suffix', ['*.co.uk', 'a.co.uk'], 'a.co.uk'],
  ])('by %s', async (_, sans, host) => expect(await covers(sans, host)).toBe('covered'));
});

describe('a host is not covered', () => {
  it.each([
    ['a wildcard for two labels', ['*.example'], 'b.a.example'],
    ['a wildcard for the parent', ['*.a.example'], 'a.example'],
    ['a wildcard for a top-level domain', ['*.example'], 'a.example'],
    ['a wildcard within a label', ['b*.a.example'], 'bc.a.example'],
    ['a wildcard that is not the first label', ['b.*.example'], 'b.a.example'],
    ['a name that ends with a dot', ['a.example.'], 'a.example'],
    ['a name without alternative names', [], 'Names'],
    ['another address', ['192.0.2.8'], '192.0.2.7'],
  ])('by %s', async (_, sans, host) => expect(await covers(sans, host)).toBe('uncovered'));

  it.each(['co.uk', 'com.au', 'k12.ca.us', 'xn--55qx5d.cn'])(
    'by a wildcard directly below the public suffix %s',
    async (suffix) => expect(await covers([`*.${suffix}`], `a.${suffix}`)).toBe('public-suffix'),
  );

  it('by an address written as a DNS name (finding 02; RFC 9525 §6.1)', async () => {
    const address = Buffer.from('127.0.0.1');
    const san = Buffer.concat([Buffer.from([0x30, address.length + 2, 0x82, address.length]), address]);
    const { der } = ca.issue({ extensions: [oddExtension('2.5.29.17', san.toString('hex'))] });
    expect(await matchHost(new ParsedCertificate(der), '127.0.0.1')).toBe('address-as-name');
  });

  it('by an address of the other family with the same octets', async () => {
    expect(await covers(['::c000:207'], '192.0.2.7')).toBe('uncovered');
  });
});
