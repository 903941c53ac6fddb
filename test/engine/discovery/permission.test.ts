import { describe, expect, it } from 'vitest';
import { Permissions } from '../../../electron/engine/discovery/permission.ts';

const own = { eth0: [{ cidr: '2001:db8:5::7/64', internal: false, family: 'IPv6' as const }] };
const permissions = new Permissions(() => own);

/** First and last addresses of networks of IANA's registries (IPv4 and IPv6 Special-Purpose Address Space), and their neighbours. */
describe('addresses that a search may connect to', () => {
  it.each([
    '127.0.0.1',
    '127.255.255.255',
    '10.0.0.0',
    '10.255.255.255',
    '172.16.0.0',
    '172.31.255.255',
    '192.168.0.0',
    '192.168.255.255',
    '100.64.0.0',
    '100.127.255.255',
    '169.254.0.1',
    '::1',
    'fc00::',
    'fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff',
    'fe80::1',
    'fe80::1%eth0',
    'febf::1',
    '::ffff:10.0.0.1',
    '::ffff:a00:1',
    '64:ff9b::10.0.0.1',
    '2002:a00:1::1',
    '::ffff:0:10.0.0.1',
    '::10.0.0.1',
    '2001:db8:5::ffff',
    'fe80::5efe:10.0.0.1',
    '2001:0:a00:1:8000:63bf:f5ff:fffe',
  ])('%s is free', (address) => expect(permissions.of(address)).toBe('free'));

  it.each([
    '9.255.255.255',
    '11.0.0.0',
    '172.15.255.255',
    '172.32.0.0',
    '192.167.255.255',
    '192.169.0.0',
    '100.63.255.255',
    '100.128.0.0',
    '126.255.255.255',
    '128.0.0.0',
    '169.253.255.255',
    '169.255.0.0',
    '192.0.0.1',
    '192.0.2.1',
    '198.18.0.1',
    '198.51.100.1',
    '203.0.113.1',
    '8.8.8.8',
    '::ffff:8.8.8.8',
    '64:ff9b::8.8.8.8',
    '64:ff9b:1::10.0.0.1',
    '2002:808:808::1',
    '::ffff:0:8.8.8.8',
    '::8.8.8.8',
    'fbff:ffff::1',
    'fec0::1',
    '2001:db8:6::1',
    // Teredo (RFC 4380 §4): server 65.54.227.120, client 192.0.2.45 with its bits inverted; then a public server with a private client.
    '2001:0:4136:e378:8000:63bf:3fff:fdd2',
    '2001:0:4136:e378:8000:63bf:f5ff:fffe',
    '2001:1::10.0.0.1',
    // ISATAP (RFC 5214 §6.1).
    'fe80::5efe:8.8.8.8',
    'fe80::200:5efe:8.8.8.8',
    '2001:db8:6::5efe:10.0.0.1',
    '2606:4700::1111',
  ])('%s is public', (address) => expect(permissions.of(address)).toBe('public'));

  it.each([
    '0.0.0.0',
    '0.255.255.255',
    '224.0.0.1',
    '239.255.255.255',
    '240.0.0.1',
    '255.255.255.255',
    '::',
    'ff02::1',
    '169.254.169.254',
    '::ffff:169.254.169.254',
    '64:ff9b::169.254.169.254',
    '2002:a9fe:a9fe::1',
    '100.100.100.200',
    '168.63.129.16',
    'fd00:ec2::254',
    '::ffff:0.0.0.0',
    '::169.254.169.254',
    '::ffff:0:169.254.169.254',
    '0:0:0:0:0:FFFF:A9FE:A9FE',
    '2001:0:4136:e378:8000:63bf:5601:5601',
    '2001:0:a9fe:a9fe:8000:63bf:f7f7:f7f7',
    'fe80::5efe:169.254.169.254',
    '64:ff9b:1::169.254.169.254',
    '64:ff9b:1:a9fe:a9:fe00::',
    'no address',
  ])('%s is never connected to', (address) => expect(permissions.of(address)).toBe('never'));

  it('takes no wide network of an interface for the machine’s own', () => {
    const wide = new Permissions(() => ({
      tun0: [{ cidr: '2001:db8::1/32', internal: false, family: 'IPv6' as const }],
    }));
    expect(wide.of('2001:db8::9')).toBe('public');
  });
});
