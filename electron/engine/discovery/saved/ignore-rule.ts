import { type Exclusions, isAddressExcluded, isNameExcluded, readExclusions } from '../search-text.ts';
import type { FindOutline } from './find-store.ts';

/** A rule that cannot be read, as a sentence. */
export class IgnoreRuleError extends Error {
  override name = 'IgnoreRuleError';
  readonly field = 'rule';
}

/**
 * Returns which finds a rule is about. It is written as the exclusions of a search: a range, a host, `HOST:PORT`, `:PORT` or `*.NAME`; a find fits by
 * its address or one of its names.
 * @throws IgnoreRuleError
 */
export function readIgnoreRule(rule: readonly string[]): (find: FindOutline) => boolean {
  const { exclusions, faults } = readExclusions(rule);
  if (faults.length > 0) throw new IgnoreRuleError(faults.join(' '));
  return (find) => fits(find, exclusions);
}

function fits({ address, port, names }: FindOutline, exclusions: Exclusions): boolean {
  const { ports, endpoints } = exclusions;
  const hosts = [address, ...names];
  return (
    ports.has(port) ||
    isAddressExcluded(exclusions, address) ||
    hosts.some((host) => isNameExcluded(exclusions, host)) ||
    endpoints.some((one) => one.port === port && hosts.includes(one.host))
  );
}
