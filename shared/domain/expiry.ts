import type { LastCheck } from '../schema/job.ts';
import type { Threshold, Thresholds } from '../schema/thresholds.ts';

const dayMs = 24 * 60 * 60 * 1000;

const defaults = {
  warning: { share: 1 / 4, days: 30 },
  critical: { share: 1 / 10, days: 7 },
} as const;

type Level = 'warning' | 'critical';

/** When a certificate is valid (RFC 5280 §4.1.2.5), in milliseconds since the epoch. */
export interface ValidityTimes {
  validFrom: number;
  validTo: number;
}

/** How near its end a certificate is, in the order in which it passes these stages. */
const expiryStages = ['fine', 'warning', 'critical', 'expired'] as const;
export type ExpiryStage = (typeof expiryStages)[number];

/** Compares two stages: negative where the first comes before the other. */
export function compareStages(one: ExpiryStage, other: ExpiryStage): number {
  return expiryStages.indexOf(one) - expiryStages.indexOf(other);
}

/**
 * Returns how long before notAfter a certificate of the given lifetime reaches a threshold.
 * @param lifetimeMs notAfter minus notBefore, in milliseconds
 * @returns milliseconds
 */
export function thresholdMs(level: Level, thresholds: Thresholds, lifetimeMs: number): number {
  const own = thresholds[level];
  if (own === null) return Math.min(lifetimeMs * defaults[level].share, defaults[level].days * dayMs);
  return leadMs(own, lifetimeMs);
}

function leadMs(threshold: Threshold, lifetimeMs: number): number {
  return 'days' in threshold ? threshold.days * dayMs : threshold.share * lifetimeMs;
}

/**
 * Returns how long before notAfter the notification point lies that a certificate has passed last, in milliseconds; null: it has
 * passed none. Like a threshold, a point is passed just after its moment.
 * @param now milliseconds since the epoch
 */
export function passedPointMs(
  { validFrom, validTo }: ValidityTimes,
  points: readonly Threshold[],
  now: number,
): number | null {
  const leads = points.map((point) => leadMs(point, validTo - validFrom));
  const passed = leads.filter((lead) => now > validTo - lead);
  return passed.length === 0 ? null : Math.min(...passed);
}

/** Returns when a certificate passes its next notification point after `since`, in milliseconds since the epoch; null: never. */
export function nextPointAt(
  { validFrom, validTo }: ValidityTimes,
  points: readonly Threshold[],
  since: number,
): number | null {
  const times = points.map((point) => Math.floor(validTo - leadMs(point, validTo - validFrom)) + 1);
  const coming = times.filter((at) => at > since);
  return coming.length === 0 ? null : Math.min(...coming);
}

/** Returns the last time at which a certificate is not yet below a threshold, in milliseconds since the epoch. */
export function thresholdAt(
  level: Level,
  { validFrom, validTo }: ValidityTimes,
  thresholds: Thresholds,
): number {
  return validTo - thresholdMs(level, thresholds, validTo - validFrom);
}

/**
 * Decides whether a certificate is expired, or below a threshold. notAfter itself is valid yet (RFC 5280 §4.1.2.5: the
 * period includes it), and so is the threshold's own moment fine yet. Status, alerts and schedules ask here; the watch between checks and
 * renewals ask the functions beside it when the answer changes.
 * @param now milliseconds since the epoch
 */
export function expiryStage(times: ValidityTimes, thresholds: Thresholds, now: number): ExpiryStage {
  if (now > times.validTo) return 'expired';
  if (now > thresholdAt('critical', times, thresholds)) return 'critical';
  return now > thresholdAt('warning', times, thresholds) ? 'warning' : 'fine';
}

/** Returns the first time after `now` at which `expiryStage` may answer otherwise; null where it is final. */
export function nextStageAt(times: ValidityTimes, thresholds: Thresholds, now: number): number | null {
  const ends = [
    thresholdAt('warning', times, thresholds),
    thresholdAt('critical', times, thresholds),
    times.validTo,
  ];
  const coming = ends.map((end) => Math.floor(end) + 1).filter((at) => at > now);
  return coming.length === 0 ? null : Math.min(...coming);
}

/**
 * Returns the times by which the thresholds apply to a certificate that is good only until `limit`, since one above it
 * expires then. The leaf's own lifetime counts, not the other's: a root of 20 years would warn for two years.
 */
export function limitedValidity({ validFrom, validTo }: ValidityTimes, limit: number): ValidityTimes {
  return { validFrom: limit - (validTo - validFrom), validTo: limit };
}

type Reported = Pick<LastCheck, 'status' | 'validFrom' | 'validTo' | 'expiresAt' | 'limitedBy' | 'problems'>;

function reportedSeverity({ problems }: Reported, code: string): ExpiryStage {
  const severity = problems.find((problem) => problem.code === code)?.severity ?? 'note';
  return severity === 'note' ? 'fine' : severity;
}

/** Returns the stage that the problems of a result report of the leaf. */
function reportedStage(last: Reported): ExpiryStage {
  const isExpired = last.problems.some(({ code }) => code === 'expired');
  return isExpired ? 'expired' : reportedSeverity(last, 'expiring');
}

function timesOf({ validFrom, validTo }: Reported): ValidityTimes | null {
  if (validFrom === null || validTo === null) return null;
  return { validFrom: Date.parse(validFrom), validTo: Date.parse(validTo) };
}

/**
 * Returns when what a result reports of a certificate becomes wrong by itself: when it, or one above it that expires first,
 * crosses a threshold or expires, or when it begins to be valid. Of a host that cannot be reached, when the certificate that it
 * showed last does. In milliseconds since the epoch, not before `now`; null: never, or no certificate was ever shown.
 */
export function nextCrossing(last: Reported, thresholds: Thresholds, now: number): number | null {
  const times = timesOf(last);
  if (times === null) return null;
  if (last.status === 'unreachable') return nextStageAt(times, thresholds, now);
  const begins = last.problems.some(({ code }) => code === 'not-yet-valid') ? times.validFrom : null;
  const isMissed = compareStages(expiryStage(times, thresholds, now), reportedStage(last)) > 0;
  if (isMissed || (begins !== null && begins <= now)) return now;
  const crossings = [nextStageAt(times, thresholds, now), begins, nextLimit(last, times, thresholds, now)];
  const coming = crossings.filter((at) => at !== null);
  return coming.length === 0 ? null : Math.min(...coming);
}

/** Returns when the certificate above it that expires first crosses a threshold; null where none expires first. */
function nextLimit(last: Reported, times: ValidityTimes, thresholds: Thresholds, now: number): number | null {
  if (last.limitedBy === null || last.expiresAt === null) return null;
  const limit = limitedValidity(times, Date.parse(last.expiresAt));
  const stage = expiryStage(limit, thresholds, now);
  // That it has expired is reported as critical too: only the sentence changes, once.
  const severity = stage === 'expired' ? 'critical' : stage;
  const isMissed = compareStages(severity, reportedSeverity(last, 'intermediate-expiring')) > 0;
  return isMissed ? now : nextStageAt(limit, thresholds, now);
}
