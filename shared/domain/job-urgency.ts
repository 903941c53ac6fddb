import type { JobView } from '../schema/job.ts';
import { isCounted, urgency } from './severity.ts';

/** Whether its certificate nears expiry, and is known to be renewed at about this point without anybody's help. */
function awaitsRenewal({ lastCheck }: Pick<JobView, 'lastCheck'>): boolean {
  if (!lastCheck?.renewalOverdueAt) return false;
  const isOnlyExpiring = lastCheck.problems
    .filter(isCounted)
    .every(({ code, severity }) => code === 'expiring' && severity === 'warning');
  return isOnlyExpiring && Date.parse(lastCheck.checkedAt) < Date.parse(lastCheck.renewalOverdueAt);
}

/** Returns whether something is wrong with a host, and all of it is accepted. */
export function isAllAccepted({ lastCheck }: Pick<JobView, 'lastCheck'>): boolean {
  const problems = lastCheck?.problems ?? [];
  return problems.some(({ accepted }) => accepted === true) && !problems.some(isCounted);
}

/** Whether a problem that the last check found is accepted. */
export function hasAccepted({ lastCheck }: Pick<JobView, 'lastCheck'>): boolean {
  return lastCheck?.problems.some(({ accepted }) => accepted === true) ?? false;
}

/** Whether a person should do something about it. */
export function needsPerson(job: Pick<JobView, 'status' | 'paused' | 'lastCheck'>): boolean {
  const { status, paused } = job;
  const isWrong = status === 'critical' || status === 'warning' || status === 'unreachable';
  return !paused && isWrong && !isAllAccepted(job) && !(status === 'warning' && awaitsRenewal(job));
}

/**
 * When the certificate seen last expires, or one above it that expires first, in milliseconds since the epoch; never, where
 * none was seen.
 */
export function expiryOf({ lastCheck }: Pick<JobView, 'lastCheck'>): number {
  return lastCheck?.expiresAt ? Date.parse(lastCheck.expiresAt) : Number.POSITIVE_INFINITY;
}

type Standing = Pick<JobView, 'status' | 'paused' | 'lastCheck'>;

/** How much a job wants a person: the least number the most, and what is paused not at all. */
export function urgencyRank(job: Standing): number {
  if (job.paused) return 4;
  return needsPerson(job) ? urgency[job.status] : urgency.ok;
}

/** The most urgent first; among equals the one that expires first. */
export function byUrgency(one: Standing, other: Standing): number {
  return urgencyRank(one) - urgencyRank(other) || expiryOf(one) - expiryOf(other) || 0;
}
