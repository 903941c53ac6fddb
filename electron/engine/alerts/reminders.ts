import type { KnownLeaf } from '../../../shared/domain/alerts/kinds.ts';
import { type ResolvedRules, resolveRules } from '../../../shared/schema/alert-rules.ts';
import type { KeyedAlert } from './alert-store.ts';
import type { AlerterOptions } from './alerter-options.ts';
import { isAboutExpiry } from './conditions.ts';
import { heldUntil } from './held-back.ts';
import { leafOf } from './leaf-change.ts';

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
  now: number,
): number | null {
  const { severity, notifiedAt, resolvedAt, acknowledgedAt, snoozedUntil, reminders, kind } = alert;
  if (severity !== 'critical' || notifiedAt === null || alert.notifiedLevel !== alert.level) return null;
  if (resolvedAt !== null || acknowledgedAt !== null || snoozedUntil !== null) return null;
  if (reminders >= maxReminders || remindEveryDays === 0) return null;
  if (remindEveryDays !== 'auto') return Date.parse(notifiedAt) + remindEveryDays * dayMs;
  if (!isAboutExpiry(kind) || validTo === null) return null;
  const dueAt = Math.max(Date.parse(notifiedAt) + dayMs, validTo - urgentMs);
  // Soon after, or already, people are notified that it has expired.
  const isJustBefore = kind !== 'expired' && Math.max(dueAt, now) > validTo - lastWordMs;
  return isJustBefore ? null : dueAt;
}

/** An open alert, and what decides when people are reminded of it. */
interface Reminded {
  alert: KeyedAlert;
  rules: ResolvedRules;
  validTo: number | null;
  /** Until when people are not notified of it; null: they are. */
  heldUntil(now: number): number | null;
}

/**
 * Decides of which open alerts people are to be reminded now, and when to ask again. In a maintenance window and a pause a reminder
 * waits for its end.
 * @returns `nextAt` in milliseconds since the epoch; infinity: not before something changes
 */
export function dueReminders(open: readonly Reminded[], now: number): { due: KeyedAlert[]; nextAt: number } {
  const times = open.map(({ alert, rules, validTo, heldUntil: held }) => {
    const at = reminderAt(alert, rules, validTo, now) ?? Number.POSITIVE_INFINITY;
    return { alert, at: at > now ? at : (held(now) ?? at) };
  });
  const coming = times.filter(({ at }) => at > now).map(({ at }) => at);
  return {
    due: times.filter(({ at }) => at <= now).map(({ alert }) => alert),
    nextAt: coming.reduce((least, at) => Math.min(least, at), Number.POSITIVE_INFINITY),
  };
}

/** Returns open alerts with what decides when people are reminded of them; those whose job is gone are left out. */
export function remindable(
  open: readonly KeyedAlert[],
  {
    jobs,
    rules,
    leavesOf,
  }: Pick<AlerterOptions, 'jobs' | 'rules'> & { leavesOf(jobId: string): readonly KnownLeaf[] },
): Parameters<typeof dueReminders>[0] {
  return open.flatMap((alert) => {
    const job = jobs.get(alert.jobId);
    if (!job) return [];
    const leaf = leavesOf(job.id).find(({ fingerprint }) => fingerprint === leafOf(alert));
    const held = (now: number) => heldUntil(alert, { jobs, rules }, now);
    const validTo = leaf?.validTo ?? null;
    return [{ alert, rules: resolveRules(job, rules.settings), validTo, heldUntil: held }];
  });
}
