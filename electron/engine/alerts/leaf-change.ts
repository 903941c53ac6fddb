import { alertKinds, type KnownLeaf } from '../../../shared/domain/alerts/kinds.ts';
import type { ResolvedRules } from '../../../shared/schema/alert-rules.ts';
import { changeOf, isIssuedLast, remember, replacesInTime } from './certificate-changes.ts';
import { isAboutExpiry, isWanted } from './conditions.ts';
import type { JobMemory, OpenAlert } from './job-memory.ts';
import type { Leaf, Observation } from './observation.ts';

/** How the leaf that a server shows relates to the ones shown before. */
export interface LeafChange {
  /** The known leaves, this one among them, the oldest first. */
  leaves: readonly KnownLeaf[];
  /** The leaf shown now. */
  seen: KnownLeaf;
  /** The leaf that a new one took the place of; null: the leaf is not new, or the other is still shown beside it. */
  replaced: KnownLeaf | null;
  /** Whether something was wrong that a new certificate mends. */
  isRepair: boolean;
  /** Whether the leaf is a renewal of the one that it replaced. */
  isRenewal: boolean;
  /** Whether several servers answer under the name, each with a different certificate. */
  takesTurns: boolean;
}

/** Compares the leaf shown now with what is remembered. */
export function leafChange(
  past: JobMemory,
  open: readonly OpenAlert[],
  { at, leaf, shown }: Observation & { leaf: Leaf },
): LeafChange {
  const leaves = remember(past.leaves, leaf, at);
  const isNew = leaves !== past.leaves;
  const before = past.leaves.find(({ fingerprint }) => fingerprint === past.shown);
  const cameBack = !isNew && past.shown !== null && past.shown !== leaf.fingerprint;
  const replaced = isNew && before && !shown.includes(before.fingerprint) ? before : null;
  const isRepair = open.some(({ kind }) => alertKinds[kind].isMendedByRenewal);
  const isRenewal =
    replaced !== null &&
    isIssuedLast(leaf, past.leaves) &&
    (isRepair || replacesInTime(replaced, past.leaves, at));
  const seen = { ...leaf, firstSeenAt: at };
  return { leaves, seen, replaced, isRepair, isRenewal, takesTurns: past.takesTurns || cameBack };
}

/** Returns what is unexpected about a new leaf, if the rules want it alerted and no such alert is open; null: nothing. */
export function unexpectedChange(
  { replaced, seen, isRepair, isRenewal, takesTurns }: LeafChange,
  open: readonly OpenAlert[],
  { alerts }: ResolvedRules,
): ReturnType<typeof changeOf> {
  if (replaced === null || isRenewal || isRepair || takesTurns) return null;
  const isKnown = open.some(({ kind }) => kind === 'changed');
  return isKnown || !isWanted('changed', alerts) ? null : changeOf(replaced, seen);
}

/**
 * Returns the renewal to notify people of: of a leaf whose expiry they were notified of, or by another issuer; null: none.
 * @param notified alerts that have ended and that people were notified of
 */
export function renewalOf(
  { leaves, seen, replaced, isRenewal, takesTurns }: LeafChange,
  notified: readonly OpenAlert[],
  { alerts }: ResolvedRules,
): { from: KnownLeaf; to: KnownLeaf; isOtherIssuer: boolean } | null {
  const isReplaced = ({ fingerprint, validTo }: KnownLeaf) =>
    isRenewal ? fingerprint === replaced?.fingerprint : takesTurns && validTo < seen.validTo;
  const wasNotified = ({ fingerprint }: KnownLeaf) =>
    notified.some((alert) => isAboutExpiry(alert.kind) && leafOf(alert) === fingerprint);
  const renewed = leaves.find((leaf) => isReplaced(leaf) && wasNotified(leaf));
  const isOtherIssuer =
    isRenewal &&
    replaced !== null &&
    isWanted('changed', alerts) &&
    (changeOf(replaced, seen)?.isOtherIssuer ?? false);
  const from = renewed ?? (isOtherIssuer ? replaced : null);
  return from ? { from, to: seen, isOtherIssuer } : null;
}

/** Returns the fingerprint of the leaf that an alert is about, from its key. */
export function leafOf({ key }: Pick<OpenAlert, 'key'>): string {
  return key.slice(key.indexOf(':') + 1);
}
