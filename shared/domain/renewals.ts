import type { Thresholds } from '../schema/thresholds.ts';
import { duration } from '../text/words.ts';
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
  /** The same as a share of the old one’s lifetime. */
  leadShare: number;
  /** How long the old one was valid in all, in milliseconds. */
  lifetimeMs: number;
}

const dayMs = 24 * 60 * 60 * 1000;

/** Compares two certificates: positive where the first was issued later. Of those issued at once the one that lasts longer counts as later. */
export function compareIssue(
  one: Pick<Seen, 'validFrom' | 'validTo'>,
  other: Pick<Seen, 'validFrom' | 'validTo'>,
): number {
  return ms(one.validFrom) - ms(other.validFrom) || ms(one.validTo) - ms(other.validTo);
}

/** Returns the certificate that was issued last; null where there is none. */
function newestOf(sightings: readonly Seen[]): Seen | null {
  return sightings.reduce<Seen | null>(
    (newest, seen) => (newest && compareIssue(newest, seen) >= 0 ? newest : seen),
    null,
  );
}

/**
 * The renewals in a target’s certificates, the oldest first. A leaf that was issued after every one before it is a renewal of
 * the one issued before, however long either lasts: lifetimes become shorter. One that was issued earlier is another
 * server’s, and no renewal.
 */
export function renewalsOf(sightings: readonly Seen[]): Renewal[] {
  const renewals: Renewal[] = [];
  let newest: Seen | null = null;
  for (const seen of sightings.toSorted(byFirstSeen)) {
    if (newest !== null && compareIssue(seen, newest) <= 0) continue;
    if (newest !== null) {
      const at = ms(seen.firstSeenAt);
      const leadMs = ms(newest.validTo) - at;
      const lifetimeMs = ms(newest.validTo) - ms(newest.validFrom);
      renewals.push({ at, leadMs, leadShare: leadMs / lifetimeMs, lifetimeMs });
    }
    newest = seen;
  }
  return renewals;
}

/** A certificate that is replaced with more than this share of its lifetime left is replaced for another reason … */
const oneOffShare = 0.7;
/** … unless that happens again. */
const habitCount = 2;
const lastCount = 5;
/** Certificates whose lifetimes differ by more than this factor are renewed at different points. */
const comparableFactor = 1.4;

/** Returns how long before notAfter this target was renewed the last times, in milliseconds: one-off replacements and those of other lifetimes left out. */
function habitualLeads(sightings: readonly Seen[]): number[] {
  const newest = newestOf(sightings);
  const lifetime = newest ? ms(newest.validTo) - ms(newest.validFrom) : 0;
  const last = renewalsOf(sightings)
    .filter(({ lifetimeMs }) => Math.max(lifetimeMs / lifetime, lifetime / lifetimeMs) <= comparableFactor)
    .slice(-lastCount);
  const early = last.filter(({ leadShare }) => leadShare > oneOffShare).length;
  return last
    .filter(({ leadShare }) => leadShare <= oneOffShare || early >= habitCount)
    .map(({ leadMs }) => leadMs)
    .sort((one, other) => one - other);
}

/** How long before notAfter this target is renewed, as a rule: the median of its last renewals; null: none was seen. */
export function usualLeadMs(sightings: readonly Seen[]): number | null {
  const leads = habitualLeads(sightings);
  return leads[Math.floor((leads.length - 1) / 2)] ?? null;
}

/** When a certificate should be renewed, going by the renewals before; null where there were none. Milliseconds since the epoch. */
export function expectedRenewal(sightings: readonly Seen[]): number | null {
  const lead = usualLeadMs(sightings);
  const newest = newestOf(sightings);
  return lead === null || newest === null ? null : ms(newest.validTo) - lead;
}

/** A renewal is late when it is so much of the certificate's lifetime behind the latest of those before it. */
const graceShare = 1 / 20;
const shortestGraceMs = 3_600_000;
/** Of so many renewals the latest may have been late once: the one before it counts. */
const enoughToForgive = 3;

/**
 * When the renewal of a certificate that renews itself is overdue: clearly past the point at which it was renewed before, of
 * its last five renewals the latest, one that was late forgiven. Null where it is not known to renew itself: one renewal
 * does not show it, nor do renewals that came in the last moment.
 * @returns milliseconds since the epoch
 */
export function renewalOverdue(sightings: readonly Seen[], thresholds: Thresholds): number | null {
  const leads = habitualLeads(sightings);
  const shortestLeadMs = leads[leads.length >= enoughToForgive ? 1 : 0];
  const current = newestOf(sightings);
  if (!current || shortestLeadMs === undefined) return null;
  const times = { validFrom: ms(current.validFrom), validTo: ms(current.validTo) };
  const notAfter = times.validTo;
  const graceMs = Math.max((notAfter - times.validFrom) * graceShare, shortestGraceMs);
  // One renewal is no habit: a person may have renewed early by hand.
  if (leads.length < habitCount) return null;
  const overdueAt = notAfter - shortestLeadMs + graceMs;
  return overdueAt <= thresholdAt('critical', times, thresholds) ? overdueAt : null;
}

const times = ['', 'time', 'two times', 'three times', 'four times', 'five times'];

/** Describes the last renewals: `renewed 23 days before expiry the last three times`; null if none was seen. */
export function describeRenewals(sightings: readonly Seen[]): string | null {
  const renewals = renewalsOf(sightings).slice(-5);
  const last = renewals.at(-1);
  if (!last) return null;
  if (last.leadMs < 0) return `renewed ${duration(-last.leadMs)} after expiry the last time`;
  // Renewals by the same tool come at the same point, give or take its own rhythm.
  const isAlike = ({ leadMs }: Renewal) => Math.abs(leadMs - last.leadMs) <= 2 * dayMs;
  const unlike = renewals.toReversed().findIndex((renewal) => !isAlike(renewal));
  const running = unlike === -1 ? renewals.length : unlike;
  return `renewed ${duration(last.leadMs)} before expiry the last ${times[running]}`;
}

function byFirstSeen(one: Seen, other: Seen): number {
  return ms(one.firstSeenAt) - ms(other.firstSeenAt);
}
