import { isIP } from 'node:net';
import { isDeepStrictEqual } from 'node:util';
import { defaultDiscoveryLimits } from '../../../../shared/schema/discovery.ts';
import type { SavedSearch } from '../../../../shared/schema/saved-search.ts';
import { Permissions } from '../permission.ts';
import { planSearch } from '../plan-search.ts';

/** What decides where a search connects to: consent is for these as they were. */
const placeFields = ['targets', 'files', 'dns', 'watched', 'ports', 'exclude'] as const;

/** Whether an edit left alone where a search connects to. */
export function hasSamePlaces(before: SavedSearch, after: SavedSearch): boolean {
  return placeFields.every((field) => isDeepStrictEqual(before[field], after[field]));
}

/** Targets of a search by what a person has to know of them before they consent. */
export interface ConsentTargets {
  /** Ranges and addresses of which one is public at least. */
  publicOnes: string[];
  /** Names: they may lead to public addresses. */
  names: string[];
  /** How many others there are: private ones. */
  others: number;
}

/** Tells which targets of a search are public. Looks nothing up, sends nothing, and takes what cannot be judged for public. */
export async function sortTargets(
  targets: readonly string[],
  permissions = new Permissions(),
): Promise<ConsentTargets> {
  const sorted: ConsentTargets = { publicOnes: [], names: [], others: 0 };
  for (const target of targets) {
    const { plan, hosts, publicAddresses } = await planSearch(
      {
        places: [target],
        ports: [443],
        exclude: [],
        names: [],
        limits: defaultDiscoveryLimits,
        mayScanPublic: true,
        isUnattended: true,
      },
      permissions,
    );
    if (hosts.some(({ host }) => isIP(host.split('%', 1)[0] ?? '') === 0)) sorted.names.push(target);
    else if (publicAddresses.size > 0 || plan.refused.length > 0) sorted.publicOnes.push(target);
    else sorted.others += 1;
  }
  return sorted;
}
