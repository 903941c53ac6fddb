import type { Thresholds } from '../schema/thresholds.ts';
import { count } from '../text/words.ts';
import { thresholdAt } from './expiry.ts';

/** A certificate that was seen; times in milliseconds since the epoch, or ISO 8601 as the API has them. */
type Seen = Readonly<Record<'validFrom' | 'validTo' | 'firstSeenAt', string | number>>;

const ms = (time: string | number) => (typeof time === 'number' ? time : Date.parse(time));

/** A certificate that took the place of another. */
export interface Renewal {
  /** When the new one was seen first. */
  at: number;
  /** How long before the old one’s notAfter that was, in milliseconds; negative: too late. */
  leadMs: number;
}

const dayMs = 24 * 60 * 60 * 1000;

/**
 * The renewals in a target’s certificates, the oldest first. A leaf that lasts longer than every one before it is a
 * renewal of the one that lasted longest; one that lasts shorter is another server’s, and no renewal.
 */
export function renewalsOf(sightings: readonly Seen[]): Renewal[] {
  const renewals: Renewal[] = [];
  let longest: number | null = null;
  for (const { validTo, firstSeenAt } of sightings.toSorted(byFirstSeen)) {
    const notAfter = ms(validTo);
    if (longest !== null && notAfter > longest) {
      const at = ms(firstSeenAt);
      renewals.push({ at, leadMs: longest - at });
    }
    longest = Math.max(longest ?? notAfter, notAfter);
  }
  return renewals;
}

/** How long before notAfter this target is renewed, as a rule: the median of its last renewals; null: none was seen. */
export function usualLeadMs(sightings: readonly Seen[], lastCount = 5): number | null {
  const leads = renewalsOf(sightings)
    .slice(-lastCount)
    .map(({ leadMs }) => leadMs)
    .sort((one, other) => one - other);
  return leads[Math.floor((leads.length - 1) / 2)] ?? null;
}

/** When a certificate should be renewed, going by the renewals before; null where there were none. Milliseconds since the epoch. */
export function expectedRenewal(sightings: readonly Seen[]): number | null {
  const lead = usualLeadMs(sightings);
  const notAfter = Math.max(...sightings.map(({ validTo }) => ms(validTo)));
  return lead === null ? null : notAfter - lead;
}

/** A renewal is late when it is so much of the certificate's lifetime behind the latest of those before it. */
const graceShare = 1 / 20;
const shortestGraceMs = 3_600_000;

/**
 * When the renewal of a certificate that renews itself is overdue: clearly past the point at which it was renewed before,
 * of its last five renewals the latest. Null where it is not known to renew itself: one renewal shows it only when it
 * came before a person was warned, and renewals that came in the last moment do not show it at all.
 * @returns milliseconds since the epoch
 */
export function renewalOverdue(sightings: readonly Seen[], thresholds: Thresholds): number | null {
  const leads = renewalsOf(sightings)
    .slice(-5)
    .map(({ leadMs }) => leadMs);
  const current = sightings.reduce<Seen | null>(
    (last, seen) => (last && ms(last.validTo) >= ms(seen.validTo) ? last : seen),
    null,
  );
  if (!current || leads.length === 0) return null;
  const times = { validFrom: ms(current.validFrom), validTo: ms(current.validTo) };
  const notAfter = times.validTo;
  const lifetimeMs = notAfter - times.validFrom;
  const graceMs = Math.max(lifetimeMs * graceShare, shortestGraceMs);
  const shortestLeadMs = Math.min(...leads);
  const cameUnasked = notAfter - shortestLeadMs <= thresholdAt('warning', times, thresholds) + graceMs;
  if (leads.length < 2 && !cameUnasked) return null;
  const overdueAt = notAfter - shortestLeadMs + graceMs;
  return overdueAt <= thresholdAt('critical', times, thresholds) ? overdueAt : null;
}

const times = ['', 'time', 'two times', 'three times', 'four times', 'five times'];

/** Describes the last renewals: `renewed 23 days before expiry the last three times`; null if none was seen. */
export function describeRenewals(sightings: readonly Seen[]): string | null {
  const renewals = renewalsOf(sightings).slice(-5);
  const last = renewals.at(-1);
  if (!last) return null;
  const days = Math.floor(last.leadMs / dayMs);
  if (last.leadMs < 0) return `renewed ${count(-days, 'day')} after expiry the last time`;
  // Renewals by the same tool come at the same point, give or take its own rhythm.
  const isAlike = ({ leadMs }: Renewal) => Math.abs(leadMs - last.leadMs) <= 2 * dayMs;
  const unlike = renewals.toReversed().findIndex((renewal) => !isAlike(renewal));
  const running = unlike === -1 ? renewals.length : unlike;
  return `renewed ${count(days, 'day')} before expiry the last ${times[running]}`;
}

function byFirstSeen(one: Seen, other: Seen): number {
  return ms(one.firstSeenAt) - ms(other.firstSeenAt);
}
