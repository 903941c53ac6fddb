import type { BlockList } from 'node:net';
import { type NetworkInterfaceInfo, networkInterfaces } from 'node:os';
import {
  type Destination,
  destinationsOf,
  freeNetworks,
  isOfNetworks,
  networkList,
  neverNetworks,
} from '../addresses/special-networks.ts';

/**
 * Whether a search may connect to an address: `free` where it is private, `public` where a person must have said so, `never` where no one
 * can.
 */
export type Permission = 'free' | 'public' | 'never';

const never = networkList(neverNetworks);

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
    this.#free = networkList([...freeNetworks, ...prefixes]);
  }

  /**
   * Judges an address by what it leads to: forms of IPv6 that carry an IPv4 address are judged by that, and those that may lead to one by the
   * stricter of both.
   */
  of(address: string): Permission {
    const all = destinationsOf(address);
    return all.length === 0 ? 'never' : strictest(all.map((one) => this.#judge(one)));
  }

  #judge(destination: Destination): Permission {
    if (isOfNetworks(never, destination)) return 'never';
    return isOfNetworks(this.#free, destination) ? 'free' : 'public';
  }
}

const strictest = (all: readonly Permission[]): Permission =>
  (['never', 'public'] as const).find((one) => all.includes(one)) ?? 'free';
