import type { NotificationConstructorOptions } from 'electron';
import { compareKinds } from '../../../shared/domain/alerts/kinds.ts';
import { compareSeverity, worstSeverity } from '../../../shared/domain/severity.ts';
import type { Alert, AlertSeverity, Digest } from '../../../shared/schema/alert.ts';

/** What a notification says, and how. Pure, so that it can be read without a desktop. */
export interface Notice
  extends Required<Pick<NotificationConstructorOptions, 'title' | 'body' | 'urgency' | 'timeoutType'>> {
  silent: boolean;
  actions: readonly { type: 'button'; text: string }[];
  /** The alert that its title is about: with it the notice is over. Null: only when all are. */
  leadId: number | null;
  /** Every alert that it is about. */
  alertIds: readonly number[];
}

/** In this order the system reports which was chosen. */
export const noticeActions = ['Snooze for a day', 'Check again'] as const;

/** One notice for a host, whatever is the matter with it: the worst, and how much more there is. Null for no alerts. */
export function noticeOf(alerts: readonly Alert[], hasSound: boolean): Notice | null {
  const [worst, ...others] = alerts.toSorted(
    (one, other) => compareSeverity(one.severity, other.severity) || compareKinds(one.kind, other.kind),
  );
  if (!worst) return null;
  const more = others.filter(({ severity }) => severity !== 'info').length;
  const moreWords = more === 1 ? ' One more thing is the matter.' : ` ${more} more things are the matter.`;
  return {
    title: worst.title,
    body: worst.body + (more === 0 ? '' : moreWords),
    actions: worst.severity === 'info' ? [] : noticeActions.map((text) => ({ type: 'button', text })),
    leadId: worst.id,
    alertIds: alerts.map(({ id }) => id),
    ...manner(worst.severity, hasSound),
  };
}

/** One notice for many alerts. A digest that has grown takes the place of the one before without a sound. */
export function noticeOfDigest({ alerts, title, body, isUpdate }: Digest, hasSound: boolean): Notice {
  const severity = worstSeverity(alerts.map((alert) => alert.severity));
  return {
    title,
    body,
    actions: [],
    leadId: null,
    alertIds: alerts.map(({ id }) => id),
    ...manner(severity, hasSound && !isUpdate),
  };
}

/** Good news makes no sound, and critical notifications stay until dismissed. */
function manner(severity: AlertSeverity, hasSound: boolean) {
  const urgency = { critical: 'critical', warning: 'normal', info: 'low' } as const;
  return {
    urgency: urgency[severity],
    silent: !hasSound || severity === 'info',
    timeoutType: severity === 'critical' ? ('never' as const) : ('default' as const),
  };
}
