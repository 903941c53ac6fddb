import { Cron } from 'croner';
import type { Job } from '../../../shared/schema/job.ts';
import { adaptiveIntervalMs, type Outlook } from '../../../shared/schema/schedule.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** What of a job says when it is due. */
export type Rhythm = Pick<Job, 'id' | 'schedule' | 'thresholds'>;

/**
 * The next time at which a job is due after a given time, in milliseconds since the epoch.
 * Cron patterns follow croner's arithmetic, daylight saving included; null where a pattern has no further time.
 * Jobs of the same rhythm do not come together: each comes a little earlier or later, by an amount that stays its own.
 */
export function nextDue(job: Rhythm, after: number, outlook: Outlook): number | null {
  const { schedule } = job;
  switch (schedule.type) {
    case 'interval':
      return after + schedule.minutes * minuteMs + intervalShift(schedule.minutes, job.id);
    case 'adaptive':
      return adaptiveDue(job, after, outlook);
    case 'cron': {
      const shift = cronShift(schedule.pattern, job.id);
      const next = nextRun(schedule.pattern, schedule.timezone, after - shift);
      return next === null ? null : next + shift;
    }
  }
}

/** Due times that passed by so much without a check were missed; a timer that is a little late misses none. */
const misfireGraceMs = minuteMs;

/** More missed times than these are not told apart. */
const maxMissed = 1000;

/**
 * How many due times from `due` on were missed by the time of a check: all that are further back than the grace.
 * @param due the first due time that waits, in milliseconds since the epoch
 */
export function missedTimes(job: Rhythm, due: number, now: number, outlook: Outlook): number {
  let missed = 0;
  for (let time: number | null = due; time !== null && time < now - misfireGraceMs; missed += 1) {
    if (missed === maxMissed) break;
    time = nextDue(job, time, outlook);
  }
  return missed;
}

/**
 * From which time on a job's next due time counts. Usually that of its last check; where the clock was set back since, so
 * that the last check lies ahead, a pattern goes on from there (what ran is not run again), unless the clock was wrong
 * by more than a day, and a rhythm starts over.
 */
export function countFrom({ schedule }: Pick<Job, 'schedule'>, lastCheckedAt: number, now: number): number {
  const isAhead = schedule.type === 'cron' && lastCheckedAt - now <= dayMs;
  return lastCheckedAt <= now || isAhead ? lastCheckedAt : now;
}

/** Pauses after which a host that could not be reached is tried again, before it is left to its schedule. */
const retryPauses = [minuteMs, 5 * minuteMs, 15 * minuteMs];

/** How many failures in a row make a difference to when a host is tried again. */
export const maxRetries = retryPauses.length;

/** @param failures how often in a row it could not be reached @returns milliseconds; null: the schedule alone counts */
export function retryDelay(failures: number): number | null {
  return retryPauses[failures - 1] ?? null;
}

/** An adaptive rhythm is shortened by up to this part, and by no more than this time, so that jobs do not come together. */
const spreadShare = 0.05;
const maxSpreadMs = 30 * minuteMs;

function spread(intervalMs: number, jobId: string): number {
  return intervalMs - Math.floor(fractionOf(jobId) * Math.min(intervalMs * spreadShare, maxSpreadMs));
}

/** Seconds within a minute: too small to matter to people, and enough that 500 jobs do not fire in one second. */
const placeInMinute = (jobId: string) => Math.floor(fractionOf(jobId) * 50) * 1000;

/** Jobs of the same long interval drift apart; who wants a check every few minutes wants it then. */
function intervalShift(minutes: number, jobId: string): number {
  return minutes < 60 ? 0 : placeInMinute(jobId);
}

/** A pattern of five fields names a minute, and within that minute jobs take their places; seconds are kept to. */
function cronShift(pattern: string, jobId: string): number {
  const namesSeconds = pattern.trim().split(/\s+/).length === 6;
  return namesSeconds ? 0 : placeInMinute(jobId);
}

/** From 0 to 1, the same for a job on every start, and even over all jobs. */
function fractionOf(jobId: string): number {
  // FNV-1a, its bits mixed once more, since ids that differ in their last letter differ little by it.
  let hash = [...jobId].reduce(
    (sum, letter) => Math.imul(sum ^ letter.charCodeAt(0), 0x01000193),
    0x811c9dc5,
  );
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  return ((hash ^ (hash >>> 13)) >>> 0) / 2 ** 32;
}

/** How long after an expected renewal it is looked for. */
const renewalDelayMs = hourMs;

function adaptiveDue({ id, thresholds }: Rhythm, after: number, outlook: Outlook): number {
  const due = after + spread(adaptiveIntervalMs(after, outlook, thresholds), id);
  if (outlook.renewalAt === null) return due;
  const afterRenewal = outlook.renewalAt + renewalDelayMs - spreadOfRenewal(id);
  return afterRenewal > after ? Math.min(due, afterRenewal) : due;
}

const spreadOfRenewal = (id: string) => Math.floor(fractionOf(id) * 10 * minuteMs);

interface KnownCron {
  cron: Cron;
  /** The last answer: from `from` on until it comes, `next` is the next time. */
  from: number;
  next: number | null;
}

/** A Cron object costs 83 kB: one for each distinct pattern, whatever the number of jobs. */
const crons = new Map<string, KnownCron>();
const maxCrons = 500;

/** croner takes up to 90 µs for an answer, and many jobs share a pattern: the last one is kept. */
function nextRun(pattern: string, timezone: string | undefined, after: number): number | null {
  const key = `${timezone ?? ''} ${pattern}`;
  let known = crons.get(key);
  if (!known) {
    const cron = new Cron(pattern, { paused: true, ...(timezone === undefined ? {} : { timezone }) });
    known = { cron, from: Number.POSITIVE_INFINITY, next: null };
    if (crons.size >= maxCrons) crons.clear();
    crons.set(key, known);
  }
  if (after < known.from || after >= (known.next ?? Number.POSITIVE_INFINITY)) {
    known.next = known.cron.nextRun(new Date(after))?.getTime() ?? null;
    known.from = after;
  }
  return known.next;
}
