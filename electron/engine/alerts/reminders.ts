import type { ResolvedRules } from '../../../shared/schema/alert-rules.ts';
import type { KeyedAlert } from './alert-store.ts';
import { isAboutExpiry } from './conditions.ts';

const dayMs = 86_400_000;
/** Where nobody says otherwise, people are reminded of a certificate from so long before its end on. */
const urgentMs = 3 * dayMs;
/** Before the end itself is notified there is no reminder for so long. */
const lastWordMs = dayMs / 4;
/** Who has not acted by then will not by another word. */
const maxReminders = 7;

/**
 * Returns when people are to be reminded of an alert, in milliseconds since the epoch; null: they are not. Whoever acknowledged or
 * snoozed it, or whom it only warned, is not reminded.
 * @param validTo the end of the certificate that it is about; null: it is about none
 */
export function reminderAt(
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
