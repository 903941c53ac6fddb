import { describe, expect, it } from 'vitest';
import { ownNetworks } from '../../../electron/engine/discovery/own-networks.ts';

const one = (cidr: string, more: { internal?: boolean; family?: 'IPv4' | 'IPv6' } = {}) => [
  { address: cidr.split('/')[0] ?? '', cidr, family: 'IPv4' as const, internal: false, ...more },
];

describe('the networks of this machine', () => {
  it('are the private ones that have other hosts, each once', () => {
    expect(
      ownNetworks(() => ({
        lo: one('127.0.0.1/8', { internal: true }),
        eth0: [...one('192.168.1.77/24'), ...one('fd00::2/64', { family: 'IPv6' })],
        wlan0: one('192.168.1.78/24'),
        tun0: one('10.8.0.6/32'),
        eth1: one('198.51.100.7/24'),
        eth2: one('169.254.3.4/16'),
        docker0: one('172.17.0.1/16'),
        'br-1a2b3c': one('172.18.0.1/16'),
        none: undefined,
      })),
    ).toEqual(['192.168.1.0/24']);
  });

  it.each([
    ['10.1.2.3/8', '10.1.2.0/24'],
    ['172.16.9.9/21', '172.16.9.0/24'],
    ['172.16.9.9/22', '172.16.8.0/22'],
    ['100.64.5.6/30', '100.64.5.4/30'],
  ])('are narrowed where they are wide: %s is offered as %s', (cidr, offered) =>
    expect(ownNetworks(() => ({ eth0: one(cidr) }))).toEqual([offered]),
  );

  it('are three at most', () => {
    const many = Object.fromEntries([1, 2, 3, 4].map((index) => [`eth${index}`, one(`10.0.${index}.1/24`)]));
    expect(ownNetworks(() => many)).toEqual(['10.0.1.0/24', '10.0.2.0/24', '10.0.3.0/24']);
  });
});
