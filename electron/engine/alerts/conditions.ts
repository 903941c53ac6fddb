import {
  type AlertCause,
  type AlertKind,
  alertKinds,
  type KnownLeaf,
} from '../../../shared/domain/alerts/kinds.ts';
import { expiryStage } from '../../../shared/domain/expiry.ts';
import { renewalOverdue } from '../../../shared/domain/renewals.ts';
import { isCounted } from '../../../shared/domain/severity.ts';
import type { AlertSeverity } from '../../../shared/schema/alert.ts';
import type { ResolvedRules } from '../../../shared/schema/alert-rules.ts';
import type { Problem } from '../../../shared/schema/check-result.ts';

/** Something that is true of a job now. */
export interface Condition {
  key: string;
  severity: AlertSeverity;
  cause: AlertCause;
  /** Since when it is true; null: that is not known from the facts. */
  since: number | null;
  /** How long it must have been true before anybody hears of it. */
  patienceMs: number;
  /** Whether the rules want it said. */
  isWanted: boolean;
  /** On the ladder of expiry: the leaf and the height; else null and 0. */
  leaf: string | null;
  rank: number;
}

/** How many failures in a row there must be, however long they take. */
const unreachableRun = 3;

type ExpiryKind = 'expiring' | 'renewal-overdue' | 'expired';

/** Whether a kind of alert is about the expiry of one certificate. */
export function isAboutExpiry(kind: AlertKind): kind is ExpiryKind {
  return alertKinds[kind].isAboutExpiry;
}

/** Whether the rules of a job want a kind of alert. */
export function isWanted(kind: AlertKind, alerts: ResolvedRules['alerts']): boolean {
  const { rule } = alertKinds[kind];
  return rule === null || alerts[rule];
}

/**
 * Where a leaf stands on the ladder of expiry: renewal overdue, below the warning threshold, below the critical one,
 * expired. Null: nowhere. One that is known to renew itself is not below the warning threshold before that is overdue.
 */
export function expiryCondition(
  leaf: KnownLeaf,
  leaves: readonly KnownLeaf[],
  { thresholds, alerts }: ResolvedRules,
  now: number,
  silencedLeaf: string | null,
): Condition | null {
  const stage = expiryStage(leaf, thresholds, now);
  const rung = (rank: number, name: string, kind: ExpiryKind): Condition => ({
    key: `${name}:${leaf.fingerprint}`,
    severity: rank >= 2 ? 'critical' : 'warning',
    cause: { kind, leaf, leaves },
    since: null,
    patienceMs: 0,
    isWanted: isWanted(kind, alerts) && silencedLeaf !== leaf.fingerprint,
    leaf: leaf.fingerprint,
    rank,
  });
  if (stage === 'expired') return rung(3, 'expired', 'expired');
  if (stage === 'critical') return rung(2, 'critical', 'expiring');
  const overdueAt = leaves.length < 2 ? null : renewalOverdue(leaves, thresholds);
  const isOverdue = overdueAt !== null && now >= overdueAt;
  if (stage === 'warning' && (overdueAt === null || isOverdue))
    return rung(1, 'warning', isOverdue ? 'renewal-overdue' : 'expiring');
  return isOverdue ? rung(0, 'overdue', 'renewal-overdue') : null;
}

/** What else is wrong with what a server shows; its expiry has its stages, and notes alert nobody. */
export function problemConditions(problems: readonly Problem[], { alerts }: ResolvedRules): Condition[] {
  return problems
    .filter(isCounted)
    .filter(({ code }) => code !== 'expired' && code !== 'expiring' && code !== 'unreachable')
    .map((problem) => ({
      key: `problem:${problem.code}`,
      severity: problem.severity,
      cause: { kind: 'problem', problem },
      since: null,
      patienceMs: 0,
      isWanted: isWanted('problem', alerts),
      leaf: null,
      rank: 0,
    }));
}

export function unreachableCondition(
  message: string,
  failing: { since: number; count: number },
  { alerts }: ResolvedRules,
): Condition {
  return {
    key: 'unreachable',
    severity: 'critical',
    cause: { kind: 'unreachable', message, ...failing },
    since: failing.since,
    patienceMs:
      failing.count < unreachableRun ? Number.POSITIVE_INFINITY : alerts.unreachableMinutes * 60_000,
    isWanted: isWanted('unreachable', alerts),
    leaf: null,
    rank: 0,
  };
}
