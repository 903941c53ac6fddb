import type { Found } from '../../../../shared/schema/discovery.ts';
import { isFileTarget, type Target } from '../../../../shared/schema/target.ts';

const keyOf = (host: string, port: number, servername: string | null) =>
  `${host}|${port}|${servername ?? ''}`;

/** Returns what a job watches, as text; null: a file. */
export function watchedKey(target: Target): string | null {
  return isFileTarget(target) ? null : keyOf(target.host, target.port, target.servername);
}

/**
 * Returns the targets by any of which a find is watched: what it suggests, and each of its names, as a host or as the server name at its
 * address.
 */
export function watchKeys({ address, port, names, suggested }: Found): string[] {
  const own = suggested ? watchedKey(suggested) : keyOf(address, port, null);
  const named = names.flatMap((name) => [keyOf(name, port, null), keyOf(address, port, name)]);
  return [...new Set([...(own === null ? [] : [own]), ...named])];
}
