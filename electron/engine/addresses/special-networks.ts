import { BlockList } from 'node:net';
import { addressText, readIpAddress } from '../../../shared/domain/discovery/address-range.ts';
import { carriedIpv4, impliedIpv4 } from './carried-ipv4.ts';

/**
 * Networks of the IANA special-purpose registries (RFC 6890) that reach no further than an organization: private use (RFC 1918, RFC 4193), shared
 * address space (RFC 6598), link-local (RFC 3927, RFC 4291 §2.5.6), loopback.
 */
export const freeNetworks = [
  '127.0.0.0/8',
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '100.64.0.0/10',
  '169.254.0.0/16',
  '::1/128',
  'fc00::/7',
  'fe80::/10',
];

/** What names no host: this network (RFC 1122 §3.2.1.3), multicast, reserved, broadcast; and the addresses at which clouds hand out credentials. */
export const neverNetworks = [
  '0.0.0.0/8',
  '224.0.0.0/4',
  '240.0.0.0/4',
  '::/128',
  'ff00::/8',
  // Metadata services: AWS (instances, ECS, EKS), Azure's wire server, Alibaba Cloud, Google Cloud.
  '169.254.169.254/32',
  '169.254.170.2/32',
  '169.254.170.23/32',
  '168.63.129.16/32',
  '100.100.100.200/32',
  'fd00:ec2::254/128',
  'fd00:ec2::23/128',
  'fd20:ce::254/128',
];

/** Makes a list that addresses are looked up in. @param networks as 10.0.0.0/8 */
export function networkList(networks: readonly string[]): BlockList {
  const list = new BlockList();
  for (const network of networks) {
    const [address = '', prefix] = network.split('/');
    list.addSubnet(address, Number(prefix), address.includes(':') ? 'ipv6' : 'ipv4');
  }
  return list;
}

/** A place that an address leads to. */
export type Destination = NonNullable<ReturnType<typeof readIpAddress>>;

/**
 * Returns what an address leads to: forms of IPv6 that carry an IPv4 address lead to that, and those that may lead to one to both. None for
 * a text that is no address.
 */
export function destinationsOf(address: string): Destination[] {
  const read = readIpAddress(address.split('%', 1)[0] ?? ''); // The zone of an address is no part of it.
  if (!read || read.family === 4) return read ? [read] : [];
  const asIpv4 = (value: bigint): Destination => ({ family: 4, value });
  const carried = carriedIpv4(read.value).map(asIpv4);
  return [...(carried.length > 0 ? carried : [read]), ...impliedIpv4(read.value).map(asIpv4)];
}

/** Tells whether a list has a place. */
export function isOfNetworks(list: BlockList, { family, value }: Destination): boolean {
  return list.check(addressText(family, value), family === 6 ? 'ipv6' : 'ipv4');
}

/** Link-local addresses (RFC 3927, RFC 4291 §2.5.6), behind which clouds keep their metadata, and what no one may connect to. */
const unsent = networkList([...neverNetworks, '169.254.0.0/16', 'fe80::/10']);

/** Tells whether alerts and heartbeats never go to an address: what answers there is meant for this machine alone. */
export function isForbiddenAddress(address: string): boolean {
  return destinationsOf(address).some((one) => isOfNetworks(unsent, one));
}
