import { z } from 'zod';

const timeOfDay = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'A time of day is written as 22:00.')
  .describe('HH:MM, from 00:00 to 23:59.');

const timezoneSchema = z
  .string()
  .max(60, 'A time zone is a name such as Europe/Berlin.')
  .refine(isTimezone, { error: 'This is not a time zone. Write it as in Europe/Berlin.' })
  .optional()
  .describe('IANA time zone; the machine’s own when left out.');

/** Hours of the day that come again. Where `to` is not after `from`, they go on into the next day. */
export const dailyHoursSchema = z.strictObject({ from: timeOfDay, to: timeOfDay, timezone: timezoneSchema });
export type DailyHours = z.infer<typeof dailyHoursSchema>;

const weeklyWindowSchema = z.strictObject({
  ...dailyHoursSchema.shape,
  days: z
    .array(z.int().min(1, 'Days are 1 (Monday) to 7 (Sunday).').max(7, 'Days are 1 (Monday) to 7 (Sunday).'))
    .min(1, 'Name at least one day.')
    .max(7)
    .describe('Days on which the window begins: 1 is Monday, 7 is Sunday.'),
});

const time = z.iso.datetime({ offset: true, error: 'A time is written as 2026-11-26T08:00:00Z.' });
const onceSchema = z
  .strictObject({ from: time.describe('Start of the window.'), to: time.describe('End of the window.') })
  .refine(({ from, to }) => Date.parse(from) < Date.parse(to), {
    path: ['to'],
    error: 'The end must be after the start.',
  });

/** A time in which work is done on a server: once, or every week. */
export const maintenanceSchema = z.union([weeklyWindowSchema, onceSchema], {
  error:
    'A window is {"days": [7], "from": "02:00", "to": "04:00"} or {"from": "2026-11-26T02:00:00Z", "to": "2026-11-26T04:00:00Z"}.',
});
export type Maintenance = z.infer<typeof maintenanceSchema>;

/** When the hours that `now` lies in end, in milliseconds since the epoch; null where it lies outside of them. */
export function hoursEnd(hours: DailyHours, now: number): number | null {
  return weeklyEnd({ ...hours, days: everyDay }, now);
}

/** What keeps alerts that are not critical from notifying people. */
export interface Quiet {
  quietHours: DailyHours | null;
  /** ISO 8601; null: not now. */
  quietUntil: string | null;
}

/**
 * Returns when people are notified again of what is not critical, in milliseconds since the epoch; null: they are now. Where
 * quiet ends within quiet hours, it goes on until these end.
 */
export function quietEnd({ quietHours, quietUntil }: Quiet, now: number): number | null {
  const from = Math.max(now, quietUntil === null ? now : Date.parse(quietUntil));
  const hours = quietHours && hoursEnd(quietHours, from);
  return hours ?? (from > now ? from : null);
}

/** Returns when daily hours begin next after a time, in milliseconds since the epoch. */
export function hoursBegin({ from, timezone }: DailyHours, now: number): number {
  const { date } = localTime(now, timezone);
  const begins = [0, 1, 2].map(
    (days) => instantOf(date + days * dayMs + minuteOfDay(from) * minuteMs, timezone).first,
  );
  return begins.find((at) => at > now) ?? now + dayMs;
}

/** Reads daily hours as people write them, `22:00-06:00`; null: they are none. @param timezone the machine’s own where left out */
export function readHours(text: string, timezone?: string): DailyHours | null {
  const [from = '', to = '', more] = text.split(/[-–]/).map((word) => word.trim().padStart(5, '0'));
  const hours = { from, to, ...(timezone === undefined ? {} : { timezone }) };
  return more === undefined ? (dailyHoursSchema.safeParse(hours).data ?? null) : null;
}

/** Writes daily hours so that `readHours` reads them. */
export const hoursText = ({ from, to }: DailyHours): string => `${from}-${to}`;

/** When the window that `now` lies in ends, in milliseconds since the epoch; null where it lies outside of it. */
export function maintenanceEnd(window: Maintenance, now: number): number | null {
  if ('days' in window) return weeklyEnd(window, now);
  const end = Date.parse(window.to);
  return now >= Date.parse(window.from) && now < end ? end : null;
}

const everyDay = [1, 2, 3, 4, 5, 6, 7];

/**
 * A window lasts from the first time that clocks show its beginning to the last time that they show its end, so that the hour
 * that repeats in autumn does not open it twice.
 */
function weeklyEnd({ from, to, days, timezone }: z.infer<typeof weeklyWindowSchema>, now: number) {
  const today = localTime(now, timezone);
  const [begin, end] = [minuteOfDay(from), minuteOfDay(to)];
  for (const daysAgo of [0, 1]) {
    const date = today.date - daysAgo * dayMs;
    if (!days.includes(weekday(date))) continue;
    const beginsAt = instantOf(date + begin * minuteMs, timezone).first;
    const endsAt = instantOf(date + end * minuteMs + (end > begin ? 0 : dayMs), timezone).last;
    if (now >= beginsAt && now < endsAt) return endsAt;
  }
  return null;
}

const minuteMs = 60_000;
const dayMs = 86_400_000;
const minuteOfDay = (text: string) => Number(text.slice(0, 2)) * 60 + Number(text.slice(3));
/** 1 is Monday. @param date a day’s beginning, as if it were UTC’s */
const weekday = (date: number) => ((new Date(date).getUTCDay() + 6) % 7) + 1;

/**
 * Returns when clocks of a zone show a time: twice in the hour that repeats. A time that they skip is taken by the offset from
 * before the gap, and so is that much later (RFC 5545 §3.3.5).
 * @param local the time that clocks show, as if it were UTC’s, in milliseconds since the epoch
 * @param timezone the machine’s own where left out
 */
export function instantOf(local: number, timezone: string | undefined): { first: number; last: number } {
  const offsets = [local - dayMs, local + dayMs].map((at) => localTime(at, timezone).wall - at);
  const [before = 0] = offsets;
  const shown = offsets
    .map((offset) => local - offset)
    .filter((at) => localTime(at, timezone).wall === local);
  return shown.length === 0
    ? { first: local - before, last: local - before }
    : { first: Math.min(...shown), last: Math.max(...shown) };
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** Returns what clocks of a zone show, as if it were UTC’s, and the beginning of that day. */
export function localTime(now: number, timezone: string | undefined): { wall: number; date: number } {
  let format = formats.get(timezone ?? '');
  if (!format) {
    format = new Intl.DateTimeFormat('en-US', {
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
      hourCycle: 'h23',
      ...(timezone === undefined ? {} : { timeZone: timezone }),
    });
    formats.set(timezone ?? '', format);
  }
  const part = Object.fromEntries(format.formatToParts(now).map(({ type, value }) => [type, Number(value)]));
  const date = Date.UTC(part['year'] ?? 0, (part['month'] ?? 1) - 1, part['day']);
  const seconds = ((part['hour'] ?? 0) * 60 + (part['minute'] ?? 0)) * 60 + (part['second'] ?? 0);
  return { wall: date + seconds * 1000 + (((now % 1000) + 1000) % 1000), date };
}

/** Returns whether a text names a time zone. */
export function isTimezone(timezone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: timezone });
    return true;
  } catch {
    return false;
  }
}
