import { type NetworkInterfaceInfo, networkInterfaces } from 'node:os';
import { addressText, readRange } from '../../../shared/domain/discovery/address-range.ts';
import { Permissions } from './permission.ts';

type Interfaces = NodeJS.Dict<Pick<NetworkInterfaceInfo, 'address' | 'cidr' | 'family' | 'internal'>[]>;

/** Interfaces of containers and virtual machines: what is behind them runs on this machine. */
const virtual = /^(?:br-|cali|cni|docker|flannel|lxc|podman|vboxnet|veth|virbr|vmnet)/i;
/** Of a wider network the /24 around this machine is meant: a search of all of it would take hours. */
const widestPrefix = 22;
const narrowPrefix = 24;
/** Longer prefixes have no other host (RFC 3021). */
const longestPrefix = 30;
const maxNetworks = 3;

/**
 * Returns the private IPv4 networks that this machine is part of, as a search takes them: what a person most likely wants to search first. None
 * of link-local addresses (RFC 3927), which a machine gives itself where it has no network.
 */
export function ownNetworks(interfaces: () => Interfaces = networkInterfaces): string[] {
  const permissions = new Permissions(() => ({}));
  const networks = Object.entries(interfaces()).flatMap(([name, all]) =>
    virtual.test(name) ? [] : (all ?? []).flatMap((one) => networkOf(one, permissions)),
  );
  return [...new Set(networks)].slice(0, maxNetworks);
}

function networkOf(
  { address, cidr, family, internal }: NonNullable<Interfaces[string]>[number],
  permissions: Permissions,
): string[] {
  const prefix = Number(cidr?.split('/')[1] ?? Number.NaN);
  const isOffered =
    family === 'IPv4' && !internal && prefix <= longestPrefix && !address.startsWith('169.254.');
  if (!isOffered || permissions.of(address) !== 'free') return [];
  const used = prefix < widestPrefix ? narrowPrefix : prefix;
  const read = readRange(`${address}/${used}`);
  return read.ok ? [`${addressText(4, read.range.first)}/${used}`] : [];
}
