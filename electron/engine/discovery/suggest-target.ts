import type { Target } from '../../../shared/schema/target.ts';
import type { SearchEndpoint } from './shuffled-pairs.ts';

/**
 * Returns what to watch for a certificate that was found: a name that leads to the address, so that the host is followed when it moves;
 * else the address, asked for by a name that the certificate covers.
 * @param covered names that it was shown for and covers
 * @param resolved names that lead to the address
 */
export function suggestTarget(
  { address, port, starttls }: SearchEndpoint,
  covered: readonly string[],
  resolved: readonly string[],
  coversAddress: boolean,
): Target {
  const host = covered.find((name) => resolved.includes(name));
  if (host !== undefined) return { host, port, servername: null, starttls };
  const servername = coversAddress ? null : (covered[0] ?? null);
  return { host: address, port, servername, starttls };
}
