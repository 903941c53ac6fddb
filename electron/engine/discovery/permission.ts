import { BlockList } from 'node:net';
import { type NetworkInterfaceInfo, networkInterfaces } from 'node:os';
import { addressText, readIpAddress } from '../../../shared/domain/discovery/address-range.ts';

/**
 * Whether a search may connect to an address: `free` where it is private, `public` where a person must have said so, `never` where no one
 * can.
 */
export type Permission = 'free' | 'public' | 'never';

/**
 * Networks of the IANA special-purpose registries (RFC 6890) that reach no further than an organization: private use (RFC 1918, RFC 4193), shared
 * address space (RFC 6598), link-local (RFC 3927, RFC 4291 §2.5.6), loopback.
 */
const freeNetworks = [
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
const neverNetworks = [
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

function listOf(networks: readonly string[]): BlockList {
  const list = new BlockList();
  for (const network of networks) {
    const [address = '', prefix] = network.split('/');
    list.addSubnet(address, Number(prefix), address.includes(':') ? 'ipv6' : 'ipv4');
  }
  return list;
}

const never = listOf(neverNetworks);

type Interfaces = NodeJS.Dict<Pick<NetworkInterfaceInfo, 'cidr' | 'internal' | 'family'>[]>;

/** Provider prefixes are shorter than a site's (RFC 6177): what an interface claims of less is not its own network. */
const leastOwnPrefix = 48;

/** Judges addresses. The machine's own IPv6 prefixes count as private: IPv6 has global addresses inside. */
export class Permissions {
  readonly #free: BlockList;

  constructor(interfaces: () => Interfaces = networkInterfaces) {
    const own = Object.values(interfaces()).flatMap((all) =>
      (all ?? []).flatMap(({ cidr, internal, family }) =>
        cidr !== null && !internal && family === 'IPv6' ? [cidr] : [],
      ),
    );
    const prefixes = own.filter((cidr) => Number(cidr.split('/')[1]) >= leastOwnPrefix);
    this.#free = listOf([...freeNetworks, ...prefixes]);
  }

  /** Judges an address by what it leads to: forms of IPv6 that carry an IPv4 address are judged by that. */
  of(address: string): Permission {
    const bare = address.split('%', 1)[0] ?? '';
    const read = readIpAddress(bare);
    if (!read) return 'never';
    const carried = read.family === 6 ? carriedIpv4(read.value) : null;
    const [text, family] =
      carried === null
        ? ([addressText(read.family, read.value), read.family === 6 ? 'ipv6' : 'ipv4'] as const)
        : ([addressText(4, carried), 'ipv4'] as const);
    if (never.check(text, family)) return 'never';
    return this.#free.check(text, family) ? 'free' : 'public';
  }
}

/**
 * The IPv4 address that an IPv6 address leads to; null where it carries none: 6to4 (RFC 3056 §2), NAT64's well-known prefix
 * (RFC 6052 §2.1), IPv4-compatible (RFC 4291 §2.5.5.1) and IPv4-translated (RFC 2765 §2.1). Mapped ones were read as IPv4.
 */
function carriedIpv4(value: bigint): bigint | null {
  const low = value & 0xffff_ffffn;
  if (value >> 112n === 0x2002n) return (value >> 80n) & 0xffff_ffffn;
  if (value >> 32n === 0x64_ff9bn << 64n) return low;
  if (value >> 32n === 0xffff_0000n) return low;
  return value >> 32n === 0n && value > 0xffffn ? low : null;
}
