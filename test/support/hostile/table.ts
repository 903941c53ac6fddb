import type { HostileBehaviour } from './behaviour.ts';
import { behaviours as certificates } from './certificates.ts';
import { behaviours as connections } from './connections.ts';
import { behaviours as keys } from './keys.ts';
import { behaviours as proxies } from './proxies.ts';
import { behaviours as records } from './records.ts';
import { behaviours as revocation } from './revocation.ts';
import { behaviours as starttls } from './starttls.ts';

/**
 * Every way in which a server of the tests is hostile, by what it does: one table for the specs of the check and for those of
 * what stands beside it. A new behaviour is an entry in one of the files beside this one.
 */
export const hostileBehaviours: Readonly<Record<string, HostileBehaviour>> = {
  ...connections,
  ...records,
  ...keys,
  ...certificates,
  ...starttls,
  ...proxies,
  ...revocation,
};
