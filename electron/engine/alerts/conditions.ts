import {
  type AlertCause,
  type AlertKind,
  alertKinds,
  type KnownLeaf,
} from '../../../shared/domain/alerts/kinds.ts';
import { expiryStage, passedPointMs, type ValidityTimes } from '../../../shared/domain/expiry.ts';
import { compareIssue, renewalOverdue } from '../../../shared/domain/renewals.ts';
import { isCounted } from '../../../shared/domain/severity.ts';
import type { AlertSeverity } from '../../../shared/schema/alert.ts';
import type { ResolvedRules } from '../../../shared/schema/alert-rules.ts';
import type { Problem } from '../../../shared/schema/check-result.ts';
import type { Threshold, Thresholds } from '../../../shared/schema/thresholds.ts';

/** Something that is true of a job now. */
export interface Condition {
  /** Names the cause, and stays the same while it grows worse or better. */
  key: string;
  severity: AlertSeverity;
  /** How bad it is: people are notified again when it rises. See `expiryLevels`; else 1 is a warning and 2 critical. */
  level: number;
  cause: AlertCause;
  /** Since when it is true; null: that is not known from the facts. */
  since: number | null;
  /** How long it must have been true before people are notified of it. */
  patienceMs: number;
  /** Whether the rules want it alerted. */
  isWanted: boolean;
}

/**
 * How near its end a certificate is, from a notification point above every threshold to expired. Between two levels, `pointLevel`
 * counts the notification points that were passed.
 */
export const expiryLevels = { early: -1, overdue: 0, warning: 1, critical: 2, expired: 3 } as const;

const dayMs = 86_400_000;

/**
 * Returns how far the notification points raise a level, from 0 (none was passed) to below 1. It depends on the point that was passed
 * last and on no other, so that a person may add and remove points while an alert is open.
 */
function pointLevel(times: ValidityTimes, points: readonly Threshold[], now: number): number {
  const passedMs = passedPointMs(times, points, now);
  return passedMs === null ? 0 : 1 / (2 + passedMs / dayMs);
}

/** The level of a severity, where a condition has no other. */
export const levelOf: Readonly<Record<AlertSeverity, number>> = { info: 0, warning: 1, critical: 2 };

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

/** What was observed of a job that shows a certificate. */
export interface ShownFacts {
  problems: readonly Problem[];
  /** Whether a certificate above the leaf has expired: worse than that it will. */
  hasChainEnded: boolean;
}

/** What was observed of a job that shows nothing. */
export interface SilenceFacts {
  /** Why, as a sentence. */
  message: string;
  /** Since when, and how many checks in a row. */
  failing: { since: number; count: number };
}

/** What the expiry of a leaf is judged by, beside the leaf. */
export interface ExpiryView {
  leaves: readonly KnownLeaf[];
  rules: ResolvedRules;
  /** Milliseconds since the epoch. */
  now: number;
  /** The leaf of whose expiry a person wants no more alerts. */
  silencedLeaf: string | null;
  /** Since when the host cannot be reached, so that a renewal could not be seen; null: it can. */
  unseenSince: number | null;
  /** Whether nothing was checked now: time has passed since the leaf was seen. */
  isRelook: boolean;
}

/** Certificates of so short a life that renew themselves may have been renewed since they were seen. */
const shortLifetimeMs = 10 * 86_400_000;

/**
 * Returns how near its end a leaf is: renewal overdue, below the warning threshold, below the critical one, expired, and past which
 * notification point; null: none of these. One that is known to renew itself is past nothing but its critical threshold before that is overdue, and whether it is
 * is unknown while the host is unreachable.
 */
export function expiryCondition(leaf: KnownLeaf, view: ExpiryView): Condition | null {
  const { leaves, now, silencedLeaf, unseenSince } = view;
  const { thresholds, alerts } = view.rules;
  const stage = expiryStage(leaf, thresholds, now);
  const at = (level: number, kind: ExpiryKind): Condition => ({
    key: `expiry:${leaf.fingerprint}`,
    severity: level >= expiryLevels.critical ? 'critical' : 'warning',
    level,
    cause: { kind, leaf, leaves, unseenSince },
    since: null,
    patienceMs: 0,
    isWanted: isWanted(kind, alerts) && silencedLeaf !== leaf.fingerprint,
  });
  const point = pointLevel(leaf, alerts.notifyAt, now);
  const overdueAt = renewalDue(leaf, leaves, thresholds);
  const isShort = leaf.validTo - leaf.validFrom <= shortLifetimeMs;
  if (isShort && overdueAt !== null && (view.isRelook || unseenSince !== null)) return null;
  if (stage === 'expired') return at(expiryLevels.expired, 'expired');
  if (stage === 'critical') return at(expiryLevels.critical + point, 'expiring');
  if (overdueAt !== null) {
    if (unseenSince !== null || now < overdueAt) return null;
    const level = stage === 'warning' ? expiryLevels.warning : expiryLevels.overdue;
    return at(level + point, 'renewal-overdue');
  }
  if (stage === 'warning') return at(expiryLevels.warning + point, 'expiring');
  return point > 0 ? at(expiryLevels.early + point, 'expiring') : null;
}

/**
 * Returns when a leaf should have been renewed, in milliseconds since the epoch; null if earlier renewals do not tell, or if an
 * older leaf came back.
 */
function renewalDue(leaf: KnownLeaf, leaves: readonly KnownLeaf[], thresholds: Thresholds): number | null {
  const isNewest = leaves.every((one) => compareIssue(one, leaf) <= 0);
  return leaves.length < 2 || !isNewest ? null : renewalOverdue(leaves, thresholds);
}

/**
 * Returns what is wrong with a job that shows a certificate. A kind of alert that lasts is added here, as one more function of the list.
 * @param leaf the certificate that is shown, as it is known
 */
export function shownConditions(leaf: KnownLeaf, view: ExpiryView, shown: ShownFacts): Condition[] {
  return [expiryCondition(leaf, view), ...problemConditions(shown, view.rules)].filter((one) => one !== null);
}

/**
 * Returns what is wrong with a job that shows nothing: what was wrong stays as it is, but for what time alone decides. A kind of alert
 * about silence is added here.
 * @param leaf the certificate that was shown last; undefined: none ever was
 */
export function silentConditions(
  leaf: KnownLeaf | undefined,
  view: ExpiryView,
  silence: SilenceFacts,
): Condition[] {
  return [unreachableCondition(silence, view.rules), leaf ? expiryCondition(leaf, view) : null].filter(
    (one) => one !== null,
  );
}

/** What else is wrong with what a server shows; expiry is a separate condition, and notes raise no alert. */
export function problemConditions(
  { problems, hasChainEnded }: ShownFacts,
  { alerts }: ResolvedRules,
): Condition[] {
  return problems
    .filter(isCounted)
    .filter(({ code }) => code !== 'expired' && code !== 'expiring' && code !== 'unreachable')
    .map((problem) => ({
      key: `problem:${problem.code}`,
      severity: problem.severity,
      level:
        problem.code === 'intermediate-expiring' && hasChainEnded
          ? expiryLevels.expired
          : levelOf[problem.severity],
      cause: { kind: 'problem', problem },
      since: null,
      patienceMs: 0,
      isWanted: isWanted('problem', alerts),
    }));
}

function unreachableCondition({ message, failing }: SilenceFacts, { alerts }: ResolvedRules): Condition {
  return {
    key: 'unreachable',
    severity: 'critical',
    level: levelOf.critical,
    cause: { kind: 'unreachable', message, ...failing },
    since: failing.since,
    patienceMs:
      failing.count < unreachableRun ? Number.POSITIVE_INFINITY : alerts.unreachableMinutes * 60_000,
    isWanted: isWanted('unreachable', alerts),
  };
}

/** Returns the condition of a host that keeps changing between right and wrong. @param keys what comes and goes */
export function unstableCondition(
  flap: { keys: readonly string[]; turns: number; looks: number },
  { alerts }: ResolvedRules,
): Condition {
  const kindOf = (key: string) => (key === 'unreachable' ? 'unreachable' : 'problem');
  return {
    key: 'unstable',
    severity: 'warning',
    level: levelOf.warning,
    cause: {
      kind: 'unstable',
      keys: flap.keys,
      turns: Math.round(flap.turns),
      looks: Math.round(flap.looks),
    },
    since: null,
    patienceMs: 0,
    isWanted: flap.keys.some((key) => isWanted(kindOf(key), alerts)),
  };
}
