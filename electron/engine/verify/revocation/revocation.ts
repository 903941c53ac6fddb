import type { Revocation, RevocationSource, WhyUnproven } from '../../../../shared/schema/revocation.ts';

const nothing = { why: null, source: null, at: null, until: null, revokedAt: null, reason: null } as const;

/** Returns that nothing was asked, and why. */
export function notAsked(why: WhyUnproven): Revocation {
  return { ...nothing, state: 'not-asked', why };
}

/** Returns that an answer proves nothing, and why. */
export function unverifiable(why: WhyUnproven, source: RevocationSource | null): Revocation {
  return { ...nothing, state: 'unverifiable', why, source };
}

/** An answer proves nothing, with why. */
export class Unproven extends Error {
  override name = 'Unproven';
  readonly why: WhyUnproven;
  constructor(why: WhyUnproven) {
    super(why);
    this.why = why;
  }
}

/** Clocks differ a little: an answer may be this much younger than now, or past its end. */
const skewMs = 5 * 60_000;
/** An answer that does not say when the next one comes counts for so long, as in Firefox (mozpkix pkixocsp.cpp). */
export const holdsWithoutEndMs = 24 * 3_600_000;

/** @throws Unproven where an answer is of a time after `now`; both in milliseconds since the epoch */
export function expectBegun(thisUpdate: number, now: number): void {
  if (thisUpdate > now + skewMs) throw new Unproven('not-yet-valid');
}

/** @throws Unproven where an answer does not hold at `now`; all in milliseconds since the epoch */
export function expectCurrent(thisUpdate: number, nextUpdate: number | null, now: number): void {
  expectBegun(thisUpdate, now);
  if ((nextUpdate ?? thisUpdate + holdsWithoutEndMs) < now - skewMs) throw new Unproven('stale');
}

/** How much a state says: what is revoked by any proof is revoked. */
const weight: Record<Revocation['state'], number> = {
  revoked: 4,
  unknown: 3,
  good: 2,
  unverifiable: 1,
  'not-asked': 0,
};

/** Returns the one of two that says more; of equals the first. */
export function stronger(one: Revocation, other: Revocation): Revocation {
  return weight[other.state] > weight[one.state] ? other : one;
}
