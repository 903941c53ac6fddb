import { BlockList } from 'node:net';
import { type NetworkInterfaceInfo, networkInterfaces } from 'node:os';
import { addressText, readIpAddress } from '../../../shared/domain/discovery/address-range.ts';
import { carriedIpv4, impliedIpv4 } from './address-spellings.ts';

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

  /**
   * Judges an address by what it leads to: forms of IPv6 that carry an IPv4 address are judged by that, and those that may lead to one by the
   * stricter of both.
   */
  of(address: string): Permission {
    const read = readIpAddress(address.split('%', 1)[0] ?? '');
    if (!read) return 'never';
    if (read.family === 4) return this.#judge(4, read.value);
    const carried = carriedIpv4(read.value).map((value) => this.#judge(4, value));
    const own = carried.length > 0 ? carried : [this.#judge(6, read.value)];
    return strictest([...own, ...impliedIpv4(read.value).map((value) => this.#judge(4, value))]);
  }

  #judge(family: 4 | 6, value: bigint): Permission {
    const text = addressText(family, value);
    const kind = family === 6 ? 'ipv6' : 'ipv4';
    if (never.check(text, kind)) return 'never';
    return this.#free.check(text, kind) ? 'free' : 'public';
  }
}

const strictest = (all: readonly Permission[]): Permission =>
  (['never', 'public'] as const).find((one) => all.includes(one)) ?? 'free';
