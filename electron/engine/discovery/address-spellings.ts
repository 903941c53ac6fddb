import { addressText, readIpAddress } from '../../../shared/domain/discovery/address-range.ts';
import { carriedIpv4 } from '../addresses/carried-ipv4.ts';

/**
 * Returns the addresses under which a host can be named: the address itself, the one without its zone, and the IPv4 addresses that an IPv6
 * address leads to. An exclusion of any of them holds.
 * @param address in its normal spelling (`normalAddress`)
 */
export function spellingsOf(address: string): readonly [string, ...string[]] {
  if (!address.includes(':')) return [address];
  const [bare = ''] = address.split('%', 1);
  const read = readIpAddress(bare);
  const carried = read?.family === 6 ? carriedIpv4(read.value) : [];
  return [address, ...(bare === address ? [] : [bare]), ...carried.map((value) => addressText(4, value))];
}

/**
 * Returns the name of the host that an address belongs to: the same for all spellings of `spellingsOf`.
 * @param address in its normal spelling
 */
export const hostOfAddress = (address: string): string => spellingsOf(address).at(-1) ?? address;
