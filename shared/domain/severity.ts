/** From harmless to worst: `note` deviates from a standard and no mainstream client cares (docs/checks.md). */
export const severities = ['note', 'warning', 'critical'] as const;
export type Severity = (typeof severities)[number];

/** Severities that count in status, alerts and exit status. */
export type AlertingSeverity = Exclude<Severity, 'note'>;

/** Returns whether a problem counts in status, alerts and exit status: notes do not. */
export function isCounted<Rated extends { severity: Severity }>(
  problem: Rated,
): problem is Rated & { severity: AlertingSeverity } {
  return problem.severity !== 'note';
}
