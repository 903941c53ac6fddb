const low32 = (value: bigint) => value & 0xffff_ffffn;

/**
 * Forms of IPv6 addresses that mean an IPv4 address alone. Mapped ones (RFC 4291 §2.5.5.2) are read as IPv4 before.
 */
const carriers: readonly { has: (value: bigint) => boolean; read: (value: bigint) => bigint[] }[] = [
  // 6to4 (RFC 3056 §2).
  { has: (value) => value >> 112n === 0x2002n, read: (value) => [low32(value >> 80n)] },
  // NAT64's well-known prefix (RFC 6052 §2.1).
  { has: (value) => value >> 32n === 0x64_ff9bn << 64n, read: (value) => [low32(value)] },
  // IPv4-translated (RFC 2765 §2.1).
  { has: (value) => value >> 32n === 0xffff_0000n, read: (value) => [low32(value)] },
  // IPv4-compatible (RFC 4291 §2.5.5.1); the lowest are `::` and `::1`.
  { has: (value) => value >> 32n === 0n && value > 0xffffn, read: (value) => [low32(value)] },
  // Teredo (RFC 4380 §4): the server, by way of which a client is found, and the client with its bits inverted.
  {
    has: (value) => value >> 96n === 0x2001_0000n,
    read: (value) => [low32(value >> 64n), low32(value) ^ 0xffff_ffffn],
  },
];

/**
 * Returns the IPv4 addresses that an IPv6 address leads to, the one of the host last; none if it is an
 * ordinary address.
 */
export function carriedIpv4(value: bigint): bigint[] {
  return carriers.find(({ has }) => has(value))?.read(value) ?? [];
}

/**
 * Returns the IPv4 addresses that an ordinary IPv6 address may lead to, too: of ISATAP (RFC 5214 §6.1), and of a local prefix of
 * NAT64 (RFC 8215), in which RFC 6052 §2.2 has them at the end or behind 48 bits.
 */
export function impliedIpv4(value: bigint): bigint[] {
  const isIsatap = ((value >> 32n) & 0xfdff_ffffn) === 0x5efen;
  if (isIsatap) return [low32(value)];
  if (value >> 80n !== 0x64_ff9b_0001n) return [];
  const behind48 = ((value >> 64n) & 0xffffn) * 0x1_0000n + ((value >> 40n) & 0xffffn);
  return [low32(value), behind48].filter((one) => one > 0xff_ffffn);
}
