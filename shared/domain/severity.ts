import type { AlertSeverity } from '../schema/alert.ts';
import type { Status } from '../schema/check-result.ts';
import type { JobStatus } from '../schema/job.ts';

/** From harmless to worst: `note` deviates from a standard and no mainstream client cares (docs/checks.md). */
export const severities = ['note', 'warning', 'critical'] as const;
export type Severity = (typeof severities)[number];

/** Severities that count in status, alerts and exit status. */
export type AlertingSeverity = Exclude<Severity, 'note'>;

/** Returns whether a problem counts in status, alerts and exit status: notes and accepted problems do not. */
export function isCounted<Rated extends { severity: Severity; accepted?: true | undefined }>(
  problem: Rated,
): problem is Rated & { severity: AlertingSeverity } {
  return problem.severity !== 'note' && problem.accepted !== true;
}

/** How bad each severity of an alert or a problem is: the higher, the worse. */
const severityRank: Readonly<Record<AlertSeverity | Severity, number>> = {
  info: 0,
  note: 0,
  warning: 1,
  critical: 2,
};

/** Compares two severities: negative where the first is worse, so that sorting puts the worst first. */
export function compareSeverity(one: AlertSeverity | Severity, other: AlertSeverity | Severity): number {
  return severityRank[other] - severityRank[one];
}

/** Returns the worst of some severities; `info` for none. */
export function worstSeverity(given: readonly AlertSeverity[]): AlertSeverity {
  return given.toSorted(compareSeverity)[0] ?? 'info';
}

/**
 * Exit status of `notafter check`, and how bad a result's status is: the higher, the worse. A host that cannot be reached is
 * worst here, since a script learns nothing about its certificate.
 */
export const statusRank: Readonly<Record<Status, number>> = {
  ok: 0,
  warning: 1,
  critical: 2,
  unreachable: 3,
};

/** Compares two statuses: negative where the first is worse, so that sorting puts the worst first. */
export function compareStatus(one: Status, other: Status): number {
  return statusRank[other] - statusRank[one];
}

/**
 * How soon a person should see to each status: the lower, the sooner. An unreachable host comes after expiring ones, other
 * than in `statusRank`: hosts come back by themselves, certificates do not.
 */
export const urgency: Readonly<Record<JobStatus, number>> = {
  critical: 0,
  warning: 1,
  unreachable: 2,
  pending: 3,
  ok: 3,
};
