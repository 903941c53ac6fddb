import type { Explanation } from '../../shared/schema/explanation.ts';
import { capitalise, count, list } from '../../shared/text/words.ts';
import { exactDate, shortTime } from '../lib/dates.ts';

/** What kinds of alerts are called, by the rule that turns them off. */
const kinds: Readonly<Record<string, string>> = {
  expiry: 'expiry',
  problems: 'other problems',
  changes: 'unexpected changes',
  unreachable: 'unreachable hosts',
};

/** Answers in one sentence why a person was, or was not, notified of a host. @param now milliseconds since the epoch */
export function whyAnswer({ alerts, heldBack, warning, renewals, rules }: Explanation, now: number): string {
  const open = alerts.filter(({ resolvedAt, severity }) => resolvedAt === null && severity !== 'info');
  const notified = open.map(({ notifiedAt }) => notifiedAt).filter((at) => at !== null);
  const last = notified.toSorted().at(-1);
  if (last !== undefined)
    return notified.length === 1
      ? `You were notified of an open alert: ${shortTime(last)}.`
      : `You were notified of ${count(notified.length, 'open alert')}, last ${shortTime(last)}.`;
  if (open.length > 0)
    return heldBack.length > 0
      ? 'An alert is open, and its notification is held back.'
      : 'An alert is open. Its notification follows shortly.';
  if (heldBack.length > 0) return 'There is no open alert, and something holds alerts back.';
  if (rules.some(({ rule, value }) => rule === 'expiry' && value === 'off'))
    return 'There is no open alert, and expiry does not alert.';
  if (renewals.overdueAt !== null && Date.parse(renewals.overdueAt) > now)
    return `This host renews its certificate by itself. You are notified if that has not happened by ${exactDate(renewals.overdueAt)}.`;
  if (warning.at === null) return 'There is no open alert. No certificate was seen yet.';
  if (Date.parse(warning.at) > now)
    return `There is no open alert. Expiry becomes a warning on ${exactDate(warning.at)}.`;
  return 'There is no open alert.';
}

/** Names where a rule comes from: `this host`, `tag web`, `settings`, `default`. */
export function originWords(source: string): string {
  return source === 'host' ? 'this host' : source;
}

/** Lists which kinds of alerts are off, each with the place that says so; null: none is. */
export function offWords(rules: Explanation['rules']): string | null {
  const off = rules.filter(({ rule, value }) => value === 'off' && rule in kinds);
  if (off.length === 0) return null;
  return capitalise(list(off.map(({ rule, source }) => `${kinds[rule]} (${originWords(source)})`)));
}

/** Says how often reminders repeat an open critical alert. @param value days, or `auto` */
export function reminderWords(value: string): string {
  if (value === 'auto') return 'Daily, from 3 days before expiry';
  return value === '0' ? 'Never' : `Every ${count(Number(value), 'day')} while critical`;
}

/** Says until when something holds alerts back; empty: until you change it. */
export function untilWords(until: string | null): string {
  if (until === null) return '';
  return until === 'renewed' ? 'Until the certificate is renewed' : `Until ${shortTime(until)}`;
}
