import { addressText, readIpAddress } from '../../../../shared/domain/discovery/address-range.ts';
import type { Found } from '../../../../shared/schema/discovery.ts';
import type { StoredFind } from './find-store.ts';

/** Complete runs in a row that must miss a find before it counts as vanished. */
export const missesToVanish = 2;
/** Addresses of one network that were there: with fewer, a majority that is missing says nothing about the network. */
const leastOfNetwork = 8;
/** Complete runs in a row for which a network that is silent as a whole counts as away. */
const maxRunsAway = 5;

/**
 * Returns which find of a place was found again; null: none. A find stays the same while its certificate or one of its names stays the
 * same, so that a renewal is no new find.
 * @param known the finds of the search at that address, port and protocol
 * @param run the run that found it
 */
export function findAgain(found: Found, known: readonly StoredFind[], run: number): StoredFind | null {
  const isSameLeaf = (one: StoredFind) => one.found.leaf?.fingerprint256 === found.leaf?.fingerprint256;
  const same = known.find(isSameLeaf);
  if (same) return same;
  // What this run has seen already is shown beside this one.
  const others = known.filter((one) => one.run !== run);
  const sharesName = ({ found: before }: StoredFind) =>
    before.names.some((name) => found.names.includes(name)) || sharesSan(before, found);
  return (
    others.find(sharesName) ??
    others.find(({ found: before }) => before.names.length === 0 && found.names.length === 0) ??
    known.find(({ found: before }) => before.leaf === null && before.state === 'needs-name') ??
    null
  );
}

function sharesSan({ leaf: before }: Found, { leaf }: Found): boolean {
  return before !== null && leaf !== null && before.sans.some((san) => leaf.sans.includes(san));
}

/** Whether what a place shows is another certificate than before. */
export function isChanged(before: Found, found: Found): boolean {
  return before.leaf?.fingerprint256 !== found.leaf?.fingerprint256;
}

/** What a complete run says of the finds that it did not see. */
export interface Absences {
  /** With one more run that missed them. */
  missed: StoredFind[];
  /** Those of them that count as vanished from now on. */
  vanished: StoredFind[];
  /** Networks of which too much is missing at once: nothing is concluded there. */
  away: string[];
}

/**
 * Judges the finds that a complete run did not see. Where more than half of the addresses of a network that were there last time are
 * missing at once, the network itself seems to be away: until some of it has answered in two runs, or for five runs if none of it does.
 * @param known every find of the search that the run could have seen
 * @param now milliseconds since the epoch
 * @param earlier ids of the complete runs before that one, the newest first
 */
export function judgeAbsences(
  known: readonly StoredFind[],
  run: number,
  now: number,
  earlier: readonly number[] = [],
): Absences {
  const there = known.filter(({ vanishedAt }) => vanishedAt === null);
  const missing = there.filter((one) => one.run !== run);
  const away = networksAway(there, run, earlier);
  const missed = missing
    .filter(({ found }) => !away.includes(networkOf(found.address)))
    .map((one) => {
      const times = one.missed + 1;
      return { ...one, missed: times, vanishedAt: times >= missesToVanish ? now : null };
    });
  return { missed, vanished: missed.filter(({ vanishedAt }) => vanishedAt !== null), away };
}

function networksAway(there: readonly StoredFind[], run: number, earlier: readonly number[]): string[] {
  const networks = new Map<string, Map<string, number>>();
  for (const { found, run: seenBy } of there) {
    const network = networkOf(found.address);
    const addresses = networks.get(network) ?? new Map<string, number>();
    const before = addresses.get(found.address);
    if (before !== run) addresses.set(found.address, seenBy === run ? run : Math.max(before ?? 0, seenBy));
    networks.set(network, addresses);
  }
  return [...networks].flatMap(([network, addresses]) =>
    isAway([...addresses.values()], run, earlier) ? [network] : [],
  );
}

/** @param seenBy the run that saw each address of the network last */
function isAway(seenBy: readonly number[], run: number, earlier: readonly number[]): boolean {
  if (seenBy.length < leastOfNetwork) return false;
  if (!seenBy.includes(run)) {
    const last = Math.max(...seenBy);
    return earlier.filter((one) => one > last).length < maxRunsAway;
  }
  const lastTime = seenBy.filter((one) => one === run || one >= (earlier[0] ?? 0));
  const gone = lastTime.filter((one) => one !== run).length;
  return lastTime.length >= leastOfNetwork && gone * 2 > lastTime.length;
}

/** The /24 of an IPv4 address, the /64 of an IPv6 address (RFC 4291 §2.5.4). */
function networkOf(address: string): string {
  const read = readIpAddress(address.split('%', 1)[0] ?? '');
  if (read?.family === 4) return `${address.slice(0, address.lastIndexOf('.'))}.0/24`;
  return read ? `${addressText(6, (read.value >> 64n) << 64n)}/64` : address;
}
