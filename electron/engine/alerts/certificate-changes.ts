import type { AlertCause, KnownLeaf } from '../../../shared/domain/alerts/kinds.ts';
import { compareIssue, usualLeadMs } from '../../../shared/domain/renewals.ts';
import type { Leaf } from './observation.ts';

/** How many are remembered: renewals are read off them, and a leaf that was seen before is no news, on a delivery network too. */
const maxLeaves = 48;

/** The leaves with this one among them; the same array where it was known. */
export function remember(leaves: readonly KnownLeaf[], leaf: Leaf, now: number): readonly KnownLeaf[] {
  const isKnown = leaves.some(({ fingerprint }) => fingerprint === leaf.fingerprint);
  return isKnown ? leaves : [...leaves, { ...leaf, firstSeenAt: now }].slice(-maxLeaves);
}

/** Whether a leaf was issued after every one before it: else it is another server's, or an older one put back. */
export function isIssuedLast(leaf: Leaf, before: readonly KnownLeaf[]): boolean {
  return before.every((one) => compareIssue(leaf, one) > 0);
}

/** Certificates of so short a life are replaced at any time, each with a new key. */
const shortLifetimeMs = 10 * 86_400_000;

/** A leaf that has this share of its lifetime or less to go may be replaced at any time: some renew 90 days every month. */
const renewableShare = 0.7;
const leadTolerance = 1.25;

/** Whether a leaf was replaced when a renewal of it could be expected. */
export function replacesInTime(replaced: KnownLeaf, leaves: readonly KnownLeaf[], now: number): boolean {
  const left = replaced.validTo - now;
  const usual = usualLeadMs(leaves);
  return (
    replaced.validTo - replaced.validFrom <= shortLifetimeMs ||
    left <= (replaced.validTo - replaced.validFrom) * renewableShare ||
    (usual !== null && left <= usual * leadTolerance)
  );
}

/** What is unexpected in a leaf that took another's place outside a renewal; null: nothing. */
export function changeOf(from: KnownLeaf, to: KnownLeaf): Extract<AlertCause, { kind: 'changed' }> | null {
  const isOtherIssuer = authorityOf(from.issuer) !== authorityOf(to.issuer);
  const isOtherKey = from.key !== null && to.key !== null && from.key !== to.key;
  return isOtherIssuer || isOtherKey ? { kind: 'changed', from, to, isOtherIssuer, isOtherKey } : null;
}

/** CAs change their intermediates often, and their names with them; the organisation stays. */
function authorityOf(issuer: string): string {
  return /(?:^|, )O=((?:\\.|[^,\\])*)/.exec(issuer)?.[1] ?? issuer;
}
