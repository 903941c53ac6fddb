import type { AlertCause } from '../../../shared/domain/alerts/kinds.ts';
import type { AlertSeverity } from '../../../shared/schema/alert.ts';
import type { ResolvedRules } from '../../../shared/schema/alert-rules.ts';
import { maintenanceEnd } from '../../../shared/schema/time-window.ts';
import { type Condition, expiryLevels } from './conditions.ts';
import type { JobMemory, OpenAlert } from './job-memory.ts';

/** What was wrong, went, and came back within this time is not alerted again at once … */
export const relapseMs = 86_400_000;
/** … but when it has stayed for so long. */
const relapsePatienceMs = 2 * 3_600_000;

/** An alert that is new, or whose cause is worse or better than before. */
export interface Raised {
  key: string;
  severity: AlertSeverity;
  level: number;
  cause: AlertCause;
  /** Whether an open alert has its key, which grew worse. */
  isRise?: boolean;
}

export interface Raising {
  raised: Raised[];
  eased: Raised[];
  /** What is true and must last first, with the time since when it is. */
  pending: Record<string, number>;
  lookAgainAt: number | null;
}

/** Decides which of what is true is to be raised now, what has to last first, and what is less bad than it was. */
export function raise(
  past: JobMemory,
  open: readonly OpenAlert[],
  conditions: readonly Condition[],
  rules: ResolvedRules,
  now: number,
): Raising {
  const raising: Raising = { raised: [], eased: [], pending: {}, lookAgainAt: null };
  for (const condition of conditions) {
    const { key, severity, level, cause } = condition;
    const alert = open.find((one) => one.key === key);
    const isKnown = alert !== undefined && heardLevel(alert, level) >= levelToHear(alert, level);
    if (!isKnown && condition.isWanted) raiseOrWait(raising, condition, alert, { past, rules, now });
    if (isKnown && level < alert.level) raising.eased.push({ key, severity, level, cause });
  }
  return raising;
}

/** Raises a condition that has lasted long enough outside maintenance windows, and else notes when to look at it again. */
function raiseOrWait(
  raising: Raising,
  condition: Condition,
  alert: OpenAlert | undefined,
  { past, rules, now }: { past: JobMemory; rules: ResolvedRules; now: number },
): void {
  const { key, severity, level, cause } = condition;
  const trueSince = condition.since ?? past.pending[key] ?? now;
  // What grows worse was alerted before, and has lasted.
  const neededMs = alert ? 0 : patienceMs(condition, past);
  const quietUntil = maintenanceUntil(rules, now);
  if (quietUntil === null && now - trueSince >= neededMs) {
    const isRise = alert !== undefined;
    raising.raised.push({ key, severity, level, cause: causeToTell(cause, alert), isRise });
    return;
  }
  raising.pending[key] = trueSince;
  // A host that cannot be reached is checked again soon, and that check decides; of expiry people know by the first alert.
  const lasts = key.startsWith('problem:') ? trueSince + neededMs : now;
  const again = Math.max(quietUntil ?? 0, lasts);
  if (again > now) raising.lookAgainAt = Math.min(again, raising.lookAgainAt ?? Number.POSITIVE_INFINITY);
}

/** Returns how long a new condition must last before it is alerted, in milliseconds; longer for one that comes and goes. */
function patienceMs(condition: Condition, { ended, flap }: JobMemory): number {
  const comesAndGoes = condition.key in ended || (flap?.isUnstable && flap.keys.includes(condition.key));
  return Math.max(condition.patienceMs, comesAndGoes ? relapsePatienceMs : 0);
}

/** An overdue renewal is alerted once; after that, the alert is about the thresholds that it crosses. */
function causeToTell(cause: AlertCause, alert: OpenAlert | undefined): AlertCause {
  if (alert?.kind !== 'renewal-overdue' || cause.kind !== 'renewal-overdue') return cause;
  return { ...cause, kind: 'expiring' };
}

/** An alert that a person has dealt with is notified again when it grows worse, and not at each notification point. */
function levelToHear({ acknowledgedAt, snoozedUntil }: OpenAlert, level: number): number {
  return (acknowledgedAt ?? snoozedUntil) === null ? level : Math.floor(level);
}

/**
 * How bad what people heard, or are about to hear, was. A fall is not notified and does not count: what rises to where it was is
 * known. One that says “expired” counts for nothing once that is not so: a clock was wrong.
 */
function heardLevel(alert: OpenAlert, level: number): number {
  const heard = Math.max(alert.notifiedLevel ?? alert.level, alert.level);
  return heard === expiryLevels.expired && level < expiryLevels.expired ? -1 : heard;
}

/** An acknowledgment or snooze does not cover a higher severity. */
export const rise = { acknowledgedAt: null, snoozedUntil: null, reminders: 0, released: null } as const;

/** Returns when the maintenance windows that `now` lies in have all ended; null: it lies in none. */
export function maintenanceUntil({ alerts }: ResolvedRules, now: number): number | null {
  const ends = alerts.maintenance.map((window) => maintenanceEnd(window, now)).filter((end) => end !== null);
  return ends.length === 0 ? null : Math.max(...ends);
}

export function isInMaintenance(rules: ResolvedRules, now: number): boolean {
  return maintenanceUntil(rules, now) !== null;
}
