import { Cron } from 'croner';
import { z } from 'zod';
import { type ExpiryStage, expiryStage } from '../domain/expiry.ts';
import { defaultThresholds, type Thresholds } from './thresholds.ts';

interface CronFault {
  field: 'pattern' | 'timezone';
  message: string;
}

/** Many jobs share a pattern, and trying one takes longer than all else that is read of a job. */
const knownFaults = new Map<string, CronFault | null>();
const maxKnownFaults = 1000;

function cronFault(pattern: string, timezone: string | undefined): CronFault | null {
  const key = `${timezone ?? ''} ${pattern}`;
  let fault = knownFaults.get(key);
  if (fault === undefined) {
    fault = findCronFault(pattern, timezone);
    if (knownFaults.size >= maxKnownFaults) knownFaults.clear();
    knownFaults.set(key, fault);
  }
  return fault;
}

/**
 * Why a cron pattern or its time zone cannot be used, or null where it can. croner accepts a wrong time zone
 * until it is asked for a time, so it is asked here.
 */
function findCronFault(pattern: string, timezone: string | undefined): CronFault | null {
  if (timezone !== undefined) {
    try {
      new Intl.DateTimeFormat('en', { timeZone: timezone });
    } catch {
      return {
        field: 'timezone',
        message: `“${timezone.slice(0, 60)}” is not a time zone. Write it as in Europe/Berlin.`,
      };
    }
  }
  const fields = pattern.trim().split(/\s+/).length;
  if (!pattern.trim().startsWith('@') && fields !== 5 && fields !== 6) {
    return {
      field: 'pattern',
      message:
        'A cron pattern has five fields (minute, hour, day, month, weekday), or six with seconds first.',
    };
  }
  try {
    const next = new Cron(pattern, {
      paused: true,
      ...(timezone === undefined ? {} : { timezone }),
    }).nextRun();
    return next === null
      ? { field: 'pattern', message: 'This pattern names no time that is still to come.' }
      : null;
  } catch (error) {
    const reason = error instanceof Error ? error.message.replace(/^CronPattern: /, '') : String(error);
    return { field: 'pattern', message: `This is not a cron pattern: ${reason.slice(0, 200)}` };
  }
}

const cronSchema = z
  .strictObject({
    type: z.literal('cron').describe('By a cron pattern.'),
    pattern: z
      .string({ error: 'Enter a cron pattern, such as 0 6 * * *.' })
      .trim()
      .min(1, 'Enter a cron pattern, such as 0 6 * * *.')
      .max(200, 'A cron pattern has at most 200 characters.')
      .describe('Five fields, or six with seconds first.'),
    timezone: z
      .string()
      .max(60, 'A time zone is a name such as Europe/Berlin.')
      .optional()
      .describe('IANA time zone; the machine’s own when left out.'),
  })
  .superRefine(({ pattern, timezone }, context) => {
    const fault = cronFault(pattern, timezone);
    if (fault) context.addIssue({ code: 'custom', path: [fault.field], message: fault.message });
  });

const intervalSchema = z.strictObject({
  type: z.literal('interval').describe('At an interval.'),
  minutes: z
    .number({ error: 'Enter the minutes between checks.' })
    .min(1, 'Checks are at least one minute apart.')
    .max(366 * 24 * 60, 'Checks are at most a year apart.')
    .describe('Minutes between checks.'),
});

const adaptiveSchema = z.strictObject({
  type: z.literal('adaptive').describe('Daily, more often as expiry nears.'),
});

export const scheduleSchema = z
  .discriminatedUnion('type', [cronSchema, intervalSchema, adaptiveSchema], {
    error: 'A schedule’s type is cron, interval or adaptive.',
  })
  .describe(
    'When a job is checked: by a cron pattern, at an interval, or adaptive (more often as expiry nears).',
  );

export type Schedule = z.infer<typeof scheduleSchema>;

/** When a search runs: a schedule without `adaptive`, which follows one certificate. */
export const searchScheduleSchema = z
  .discriminatedUnion('type', [cronSchema, intervalSchema], {
    error: 'The schedule of a search has the type cron or interval.',
  })
  .refine((schedule) => schedule.type === 'cron' || schedule.minutes >= 60, {
    path: ['minutes'],
    error: 'Searches are at least an hour apart.',
  })
  .describe('When a search runs: by a cron pattern, or at an interval of at least 60 minutes.');

/**
 * Reads a schedule as a person writes it: `adaptive`, minutes as a number, or a cron pattern. The fields are typed but
 * not checked; `scheduleSchema` names what is wrong with them.
 */
export function scheduleInput(text: string, timezone?: string): z.input<typeof scheduleSchema> {
  if (/^adaptive$/i.test(text)) return { type: 'adaptive' };
  if (/^\d+(\.\d+)?$/.test(text)) return { type: 'interval', minutes: Number(text) };
  return { type: 'cron', pattern: text, ...(timezone ? { timezone } : {}) };
}

/** Reads a schedule as `scheduleInput` does. @returns the schedule, or what is wrong with which of the two texts */
export function parseSchedule(
  text: string,
  timezone?: string,
): { ok: true; schedule: Schedule } | { ok: false; field: 'schedule' | 'timezone'; message: string } {
  const parsed = scheduleSchema.safeParse(scheduleInput(text.trim(), timezone));
  if (parsed.success) return { ok: true, schedule: parsed.data };
  const [issue] = parsed.error.issues;
  const field = issue?.path[0] === 'timezone' ? 'timezone' : 'schedule';
  return { ok: false, field, message: issue?.message ?? 'This is not a schedule.' };
}

/** What is known of a target’s certificate, in milliseconds since the epoch. */
export interface Outlook {
  /** Null where no certificate was seen. */
  validFrom: number | null;
  validTo: number | null;
  /** When it should be renewed, going by the renewals before. */
  renewalAt: number | null;
}

export const unknownOutlook: Outlook = { validFrom: null, validTo: null, renewalAt: null };

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** Shortest interval, however short a certificate's lifetime is. */
const shortestIntervalMs = 5 * 60_000;

/** The interval at each stage: so long, or this share of the lifetime where that is shorter. */
const adaptiveIntervals: Readonly<Record<ExpiryStage, { atMostMs: number; share: number }>> = {
  fine: { atMostMs: dayMs, share: 1 / 8 },
  warning: { atMostMs: 6 * hourMs, share: 1 / 16 },
  critical: { atMostMs: hourMs, share: 1 / 48 },
  expired: { atMostMs: hourMs, share: 1 / 48 },
};

/**
 * Daily while expiry is far, every six hours below the warning threshold, hourly below the critical one; for certificates
 * that live for days or hours more often, since a day may be all they have.
 */
export function adaptiveIntervalMs(
  now: number,
  { validFrom, validTo }: Outlook,
  thresholds: Thresholds,
): number {
  if (validFrom === null || validTo === null) return hourMs;
  const { atMostMs, share } = adaptiveIntervals[expiryStage({ validFrom, validTo }, thresholds, now)];
  return Math.max(Math.min(atMostMs, (validTo - validFrom) * share), shortestIntervalMs);
}

/**
 * The next times of a schedule after `now` (milliseconds since the epoch), as the page shows them: the few minutes by
 * which jobs are spread are left out. None where the schedule is no schedule.
 * @param outlook what an adaptive schedule follows; with nothing known, expiry is taken to be far
 */
export function nextTimes(
  schedule: Schedule,
  now: number,
  count: number,
  outlook: Outlook = unknownOutlook,
  thresholds: Thresholds = defaultThresholds,
): Date[] {
  switch (schedule.type) {
    case 'adaptive':
      return adaptiveTimes(now, count, outlook, thresholds);
    case 'interval': {
      const { minutes } = schedule;
      return minutes >= 1
        ? Array.from({ length: count }, (_, index) => new Date(now + (index + 1) * minutes * 60_000))
        : [];
    }
    case 'cron': {
      const { pattern, timezone } = schedule;
      if (cronFault(pattern, timezone)) return [];
      return new Cron(pattern, { paused: true, ...(timezone === undefined ? {} : { timezone }) }).nextRuns(
        count,
        new Date(now),
      );
    }
  }
}

function adaptiveTimes(now: number, count: number, outlook: Outlook, thresholds: Thresholds): Date[] {
  const times: Date[] = [];
  for (let time = now; times.length < count; ) {
    time += outlook.validTo === null ? dayMs : adaptiveIntervalMs(time, outlook, thresholds);
    times.push(new Date(time));
  }
  return times;
}
