import { BlockList, isIP } from 'node:net';
import { normalAddress } from '../../../../../shared/domain/discovery/address-range.ts';
import type { NameCollector, NameReader, NameText } from '../name-source.ts';

/** Addresses that belong to no other host: this one, none at all (lists of blocked names use it), and groups of hosts. */
const noHosts = new BlockList();
for (const [address, bits] of [
  ['0.0.0.0', 8],
  ['127.0.0.0', 8],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
] as const)
  noHosts.addSubnet(address, bits, 'ipv4');
noHosts.addSubnet('::', 127, 'ipv6');
noHosts.addSubnet('ff00::', 8, 'ipv6');

/** Reads a hosts file (hosts(5)): an address, then its name and its other names, up to a `#`. */
export const etcHosts: NameReader = {
  title: 'hosts file',
  gives: 'Each name with its address. Loopback and multicast addresses are skipped.',
  fits: (text) =>
    text.split('\n').some((line) => {
      const [address = '', name = ''] = line.trim().split(/\s+/);
      return isIP(address.split('%', 1)[0] ?? '') !== 0 && /^[^#:;]/.test(name);
    }),
  read(from, into) {
    for (const [index, raw] of from.text.split(/\r?\n/).entries()) {
      const [address, ...names] = (raw.split('#', 1)[0] ?? '').split(/\s+/).filter((word) => word !== '');
      if (address !== undefined) readLine({ address, names, line: index + 1 }, from, into);
    }
  },
};

function readLine(
  { address, names, line }: { address: string; names: readonly string[]; line: number },
  from: NameText,
  into: NameCollector,
): void {
  const bare = address.split('%', 1)[0] ?? '';
  const version = isIP(bare);
  if (version === 0) {
    into.note(`“${address}” is not an IP address.`, from, line);
    return;
  }
  if (noHosts.check(bare, version === 4 ? 'ipv4' : 'ipv6')) return;
  // A link-local address is none without its zone (RFC 4007 §11).
  const own = normalAddress(address) ?? bare;
  for (const name of names) into.add({ name, address: own, line }, from);
}
