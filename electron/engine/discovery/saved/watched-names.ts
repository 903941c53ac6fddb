import { setImmediate } from 'node:timers/promises';
import type { Job } from '../../../../shared/schema/job.ts';
import { isFileTarget, isIpv4, isIpv6, wireName } from '../../../../shared/schema/target.ts';
import type { ResultDatabase } from '../../store/result-database.ts';

/** Names that one search takes from what is watched. */
const maxNames = 20_000;
/** Hosts that one query answers for, before others have their turn. */
const hostsAtOnce = 500;

/**
 * Returns the host names in the certificates of watched hosts, without wildcards. Of a host that does not answer now, those of the certificate
 * that it showed last: a search must not lose places because one server is down.
 * @throws the signal's reason where it aborts
 */
export async function watchedNames(
  jobs: Iterable<Job>,
  { history }: Pick<ResultDatabase, 'history'>,
  signal: AbortSignal,
): Promise<string[]> {
  const hosts = [...jobs].filter(({ target }) => !isFileTarget(target)).map(({ id }) => id);
  const names = new Set<string>();
  for (let from = 0; from < hosts.length && names.size < maxNames; from += hostsAtOnce) {
    if (from > 0) await setImmediate();
    signal.throwIfAborted();
    for (const san of history.lastSans(hosts.slice(from, from + hostsAtOnce)).flat()) {
      const name = wireName(san.toLowerCase());
      if (name !== null && !isIpv4(name) && !isIpv6(name)) names.add(name);
    }
  }
  return [...names].slice(0, maxNames);
}
