import type { ResolvedRules } from '../../../shared/schema/alert-rules.ts';
import type { KeyedAlert } from './alert-store.ts';
import { isAboutExpiry } from './conditions.ts';
import { maintenanceUntil } from './raise.ts';

const dayMs = 86_400_000;
/** By default, reminders start this long before a certificate expires. */
const urgentMs = 3 * dayMs;
/** No reminder is sent this long before the certificate expires, since that is an alert itself. */
const lastWordMs = dayMs / 4;
/** Maximum number of reminders of one alert. */
const maxReminders = 7;

/**
 * Returns when to remind people of an alert, in milliseconds since the epoch; null: never. Alerts that are
 * acknowledged, snoozed or only warnings have no reminders.
 * @param validTo the end of the certificate that it is about; null: it is about none
 */
function reminderAt(
  alert: KeyedAlert,
  { alerts: { remindEveryDays } }: ResolvedRules,
  validTo: number | null,
): number | null {
  const { severity, notifiedAt, resolvedAt, acknowledgedAt, snoozedUntil, reminders, kind } = alert;
  if (severity !== 'critical' || notifiedAt === null || alert.notifiedLevel !== alert.level) return null;
  if (resolvedAt !== null || acknowledgedAt !== null || snoozedUntil !== null) return null;
  if (reminders >= maxReminders || remindEveryDays === 0) return null;
  if (remindEveryDays !== 'auto') return Date.parse(notifiedAt) + remindEveryDays * dayMs;
  if (!isAboutExpiry(kind) || validTo === null) return null;
  const dueAt = Math.max(Date.parse(notifiedAt) + dayMs, validTo - urgentMs);
  // Soon after, people are notified that it has expired.
  const isJustBefore = kind !== 'expired' && dueAt > validTo - lastWordMs;
  return isJustBefore ? null : dueAt;
}

/** An open alert, and what decides when people are reminded of it. */
interface Reminded {
  alert: KeyedAlert;
  rules: ResolvedRules;
  validTo: number | null;
}

/**
 * Decides of which open alerts people are to be reminded now, and when to ask again. In a maintenance window a reminder waits for
 * its end.
 * @returns `nextAt` in milliseconds since the epoch; infinity: not before something changes
 */
export function dueReminders(open: readonly Reminded[], now: number): { due: KeyedAlert[]; nextAt: number } {
  const times = open.map(({ alert, rules, validTo }) => {
    const at = reminderAt(alert, rules, validTo) ?? Number.POSITIVE_INFINITY;
    return { alert, at: at > now ? at : (maintenanceUntil(rules, now) ?? at) };
  });
  const coming = times.filter(({ at }) => at > now).map(({ at }) => at);
  return {
    due: times.filter(({ at }) => at <= now).map(({ alert }) => alert),
    nextAt: coming.reduce((least, at) => Math.min(least, at), Number.POSITIVE_INFINITY),
  };
}
