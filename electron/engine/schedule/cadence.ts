import { Cron } from 'croner';
import type { Schedule } from '../../../shared/schedule.ts';
import { type Thresholds, thresholdMs } from '../../../shared/thresholds.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** What the last result says about when to look again. */
export interface Outlook {
  /** Milliseconds since the epoch; null where no certificate was seen. */
  validFrom: number | null;
  validTo: number | null;
}

/**
 * The next time at which a job is due after a given time, in milliseconds since the epoch.
 * Cron patterns follow croner's arithmetic, daylight saving included; null where a pattern has no further time.
 * @param jobId spreads adaptive jobs: each comes a little earlier than its rhythm says, by an amount that stays its own
 */
export function nextDue(
  schedule: Schedule,
  after: number,
  outlook: Outlook,
  thresholds: Thresholds,
  jobId: string,
): number | null {
  switch (schedule.type) {
    case 'interval':
      return after + schedule.minutes * minuteMs;
    case 'adaptive':
      return after + spread(adaptiveInterval(after, outlook, thresholds), jobId);
    case 'cron':
      return cronFor(schedule.pattern, schedule.timezone).nextRun(new Date(after))?.getTime() ?? null;
  }
}

/** Pauses after which a host that could not be reached is tried again, before it is left to its schedule. */
const retryPauses = [minuteMs, 5 * minuteMs, 15 * minuteMs];

/** @param failures how often in a row it could not be reached @returns milliseconds; null: the schedule alone counts */
export function retryDelay(failures: number): number | null {
  return retryPauses[failures - 1] ?? null;
}

/** The largest part of an interval, and the longest time, by which it is shortened so that jobs do not come together. */
const spreadShare = 0.05;
const longestSpreadMs = 30 * minuteMs;

function spread(intervalMs: number, jobId: string): number {
  // FNV-1a: the same for a job on every start, and even over all jobs.
  const hash = [...jobId].reduce(
    (sum, letter) => Math.imul(sum ^ letter.charCodeAt(0), 0x01000193) >>> 0,
    0x811c9dc5,
  );
  return intervalMs - Math.floor((hash / 2 ** 32) * Math.min(intervalMs * spreadShare, longestSpreadMs));
}

/** Daily while expiry is far, every six hours below the warning threshold, hourly below the critical one. */
function adaptiveInterval(now: number, { validFrom, validTo }: Outlook, thresholds: Thresholds): number {
  if (validFrom === null || validTo === null) return hourMs;
  const left = validTo - now;
  const lifetime = validTo - validFrom;
  if (left < thresholdMs('critical', thresholds, lifetime)) return hourMs;
  if (left < thresholdMs('warning', thresholds, lifetime)) return 6 * hourMs;
  return dayMs;
}

/** A Cron object costs 83 kB: one for each distinct pattern, whatever the number of jobs. */
const crons = new Map<string, Cron>();
const mostCrons = 500;

function cronFor(pattern: string, timezone: string | undefined): Cron {
  const key = `${timezone ?? ''} ${pattern}`;
  let cron = crons.get(key);
  if (!cron) {
    cron = new Cron(pattern, { paused: true, ...(timezone === undefined ? {} : { timezone }) });
    if (crons.size >= mostCrons) crons.clear();
    crons.set(key, cron);
  }
  return cron;
}
