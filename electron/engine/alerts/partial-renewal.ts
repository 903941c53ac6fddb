import type { CopyPlace } from '../../../shared/domain/alerts/copy-places.ts';
import type { KnownLeaf } from '../../../shared/domain/alerts/kinds.ts';
import { sooner } from '../../../shared/domain/sooner.ts';
import type { ResolvedRules } from '../../../shared/schema/alert-rules.ts';
import { type Condition, isWanted } from './conditions.ts';
import type { JobMemory, OpenAlert } from './job-memory.ts';
import type { LeafChange } from './leaf-change.ts';
import { type Raising, raise } from './raise.ts';

/** A renewal of a certificate that other jobs still show. Times in milliseconds since the epoch. */
export interface PartialRenewal {
  /** Fingerprint of the certificate before, and of the one that took its place. */
  from: string;
  to: string;
  /** When the new one was seen first. */
  at: number;
  /** Ids of the jobs that showed the old one at the last look, and that its alert names. */
  stale: readonly string[];
}

/** A job that shows one of the two certificates. */
export interface Copy {
  id: string;
  place: CopyPlace;
  /** When a check saw the certificate last, in milliseconds since the epoch; null: the host is unreachable, or it is not known. */
  seenAt: number | null;
  leaves: readonly KnownLeaf[];
  takesTurns: boolean;
  /**
   * Whether people want an alert about it: never about a host that is paused, or whose expiry is accepted, snoozed until renewal or not
   * alerted; `later`: when its maintenance window has ended.
   */
  isWanted: 'now' | 'later' | 'never';
}

/** Who shows which of the two. */
export interface Copies {
  self: Pick<Copy, 'place' | 'seenAt'> & { isPaused: boolean };
  stale: readonly Copy[];
  renewed: readonly Copy[];
  /** Whether the alert of another job says it already. */
  isOpenElsewhere: boolean;
  /** Whether a job that the alert names was deleted. */
  isAnyDeleted: boolean;
}

/** Finds the copies; null: storage cannot be read now. */
export type FindCopies = (renewal: PartialRenewal) => Copies | null;

export interface PartialVerdict {
  renewal: PartialRenewal | null;
  condition: Condition | null;
  /** Whether an open alert of it is still true. */
  isStillTrue: boolean;
  /** Whether every job that the alert named shows another certificate by now. */
  isDone: boolean;
  lookAgainAt: number | null;
}

const nothing: PartialVerdict = {
  renewal: null,
  condition: null,
  isStillTrue: false,
  isDone: false,
  lookAgainAt: null,
};

const dayMs = 86_400_000;
/** Roll-outs take this long, and the new certificate has to stay for it: on a delivery network another comes next. */
const rolloutMs = dayMs;
/** A certificate that was issued longer ago than this share of its lifetime was in use elsewhere: of the other half of a blue/green pair. */
const freshShare = 0.1;
/** A host that was renewed later than the others before is given so much more time than it took then. */
const lagTolerance = 1.25;

export const partialKey = (from: string) => `partly-renewed:${from}`;
export const isPartial = (key: string) => key.startsWith('partly-renewed:');

/** Returns the renewal whose copies are to be followed after a leaf was seen; null: none. */
export function renewalToFollow(
  { partial }: JobMemory,
  { replaced, isRenewal, takesTurns, seen }: LeafChange,
): PartialRenewal | null {
  if (takesTurns) return null;
  if (replaced && isRenewal && isSameService(replaced, seen) && isFresh(seen)) {
    const from = partial?.to === replaced.fingerprint ? partial.from : replaced.fingerprint;
    return { from, to: seen.fingerprint, at: seen.firstSeenAt, stale: [] };
  }
  return partial?.to === seen.fingerprint ? partial : null;
}

/** Whether a certificate can take another's place wherever that is: it has all of its names, and a key of its type. */
function isSameService(from: KnownLeaf, to: KnownLeaf): boolean {
  if (from.names === undefined || to.names === undefined || from.keyType !== to.keyType) return false;
  if (from.names === to.names) return true;
  if (from.names.startsWith('#') || to.names.startsWith('#')) return false;
  const names = new Set(to.names.split(' '));
  return from.names.split(' ').every((name) => names.has(name));
}

const isFresh = ({ validFrom, validTo, firstSeenAt }: KnownLeaf) =>
  firstSeenAt - validFrom <= dayMs + (validTo - validFrom) * freshShare;

/** What a job's conditions are judged by. */
interface Given {
  past: JobMemory;
  open: readonly OpenAlert[];
  rules: ResolvedRules;
  /** Milliseconds since the epoch. */
  now: number;
}

/** Decides whether a renewal is to be alerted because it has not reached every copy. */
export function partialRenewal(
  renewal: PartialRenewal | null,
  find: FindCopies,
  { past, open, rules, now }: Given,
): PartialVerdict {
  if (!renewal) return nothing;
  const copies = find(renewal);
  if (!copies) return { ...nothing, renewal, isStillTrue: true };
  // Servers that take turns are reported by their own dates.
  const all = copies.stale.filter(({ takesTurns }) => !takesTurns);
  if (all.length === 0) return { ...nothing, isDone: renewal.stale.length > 0 && !copies.isAnyDeleted };
  if (copies.renewed.some((copy) => isOfAnother(copy, renewal))) return nothing;
  const stale = all.filter((copy) => copy.isWanted !== 'never');
  // A host that is left out now may count again later.
  if (stale.length === 0 || copies.self.isPaused) return { ...nothing, renewal: { ...renewal, stale: [] } };
  const key = partialKey(renewal.from);
  const isOpen = open.some((alert) => alert.key === key);
  const ready = stale.filter((copy) => isLate(copy, renewal, past));
  const named = isOpen ? stale.filter(({ seenAt }) => seenAt === null || seenAt >= renewal.at) : ready;
  const isDue =
    ready.length > 0 && (copies.self.seenAt ?? 0) >= renewal.at + rolloutMs && !copies.isOpenElsewhere;
  const condition: Condition = {
    key,
    severity: 'warning',
    level: 1,
    cause: {
      kind: 'partly-renewed',
      renewed: [copies.self.place, ...copies.renewed.map(({ place }) => place)],
      stale: named.map(({ place }) => place),
      validTo: past.leaves.find(({ fingerprint }) => fingerprint === renewal.from)?.validTo ?? now,
    },
    since: renewal.at,
    patienceMs: isDue ? 0 : Number.POSITIVE_INFINITY,
    isWanted: isWanted('partly-renewed', rules.alerts),
  };
  const dueAt = renewal.at + rolloutMs;
  return {
    renewal: { ...renewal, stale: named.map(({ id }) => id) },
    condition,
    isStillTrue: true,
    isDone: false,
    lookAgainAt: !isOpen && dueAt > now ? dueAt : null,
  };
}

/** Raises what is true of a job, and updates the text of its open alert about copies when these have changed. */
export function raiseWithPartial(
  { condition, renewal, lookAgainAt }: PartialVerdict,
  conditions: readonly Condition[],
  { past, open, rules, now }: Given,
): Raising {
  const raising = raise(past, open, condition ? [...conditions, condition] : conditions, rules, now);
  const isOpen = open.some(({ key }) => key === condition?.key);
  const isOther = condition && isOpen && renewal?.stale.join() !== past.partial?.stale.join();
  return {
    ...raising,
    eased: isOther ? [...raising.eased, condition] : raising.eased,
    lookAgainAt: sooner(lookAgainAt, raising.lookAgainAt),
  };
}

/** Whether the new certificate came from a host that never had the old one: it renewed another certificate. */
function isOfAnother({ leaves }: Copy, { from, to, at }: PartialRenewal): boolean {
  const own = leaves.find(({ fingerprint }) => fingerprint === to);
  const hadOld = leaves.some(({ fingerprint }) => fingerprint === from);
  return own !== undefined && own.firstSeenAt < at && leaves.length > 1 && !hadOld;
}

/** Whether a copy showed the old certificate at a check so long after the renewal that it is no roll-out any more. */
function isLate(copy: Copy, { at }: PartialRenewal, past: JobMemory): boolean {
  const { seenAt, leaves } = copy;
  if (copy.isWanted !== 'now' || seenAt === null) return false;
  const lags = leaves.slice(1).flatMap(({ fingerprint, firstSeenAt }) => {
    const first = past.leaves.findIndex((leaf) => leaf.fingerprint === fingerprint);
    const known = first > 0 ? past.leaves[first] : undefined;
    return known ? [firstSeenAt - known.firstSeenAt] : [];
  });
  return seenAt >= at + Math.max(rolloutMs, ...lags.slice(-3).map((lag) => lag * lagTolerance));
}
