import { Cron } from 'croner';
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
    .describe('On which days it begins: 1 is Monday, 7 is Sunday.'),
});

const time = z.iso.datetime({ offset: true, error: 'A time is written as 2026-11-26T08:00:00Z.' });
const onceSchema = z
  .strictObject({ from: time.describe('When it begins.'), to: time.describe('When it ends.') })
  .refine(({ from, to }) => Date.parse(from) < Date.parse(to), {
    path: ['to'],
    error: 'It ends after it begins.',
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

/** When the window that `now` lies in ends, in milliseconds since the epoch; null where it lies outside of it. */
export function maintenanceEnd(window: Maintenance, now: number): number | null {
  if ('days' in window) return weeklyEnd(window, now);
  const end = Date.parse(window.to);
  return now >= Date.parse(window.from) && now < end ? end : null;
}

const everyDay = [1, 2, 3, 4, 5, 6, 7];

function weeklyEnd({ from, to, days, timezone }: z.infer<typeof weeklyWindowSchema>, now: number) {
  const { day, minute } = localTime(now, timezone);
  const [begin, end] = [minuteOfDay(from), minuteOfDay(to)];
  const dayBefore = day === 1 ? 7 : day - 1;
  const isInside =
    begin < end
      ? days.includes(day) && minute >= begin && minute < end
      : (days.includes(day) && minute >= begin) || (days.includes(dayBefore) && minute < end);
  return isInside ? nextTimeOfDay(to, timezone, now) : null;
}

const minuteOfDay = (text: string) => Number(text.slice(0, 2)) * 60 + Number(text.slice(3));

/** Where the clock skips that time of day, the time right after the gap, as croner has it. */
function nextTimeOfDay(text: string, timezone: string | undefined, now: number): number | null {
  const pattern = `${Number(text.slice(3))} ${Number(text.slice(0, 2))} * * *`;
  const cron = new Cron(pattern, { paused: true, ...(timezone === undefined ? {} : { timezone }) });
  return cron.nextRun(new Date(now))?.getTime() ?? null;
}

const formats = new Map<string, Intl.DateTimeFormat>();

function localTime(now: number, timezone: string | undefined): { day: number; minute: number } {
  let format = formats.get(timezone ?? '');
  if (!format) {
    format = new Intl.DateTimeFormat('en-US', {
      weekday: 'short',
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
      ...(timezone === undefined ? {} : { timeZone: timezone }),
    });
    formats.set(timezone ?? '', format);
  }
  const part = Object.fromEntries(format.formatToParts(now).map(({ type, value }) => [type, value]));
  const day = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'].indexOf(part['weekday'] ?? '') + 1;
  return { day, minute: Number(part['hour']) * 60 + Number(part['minute']) };
}

function isTimezone(timezone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: timezone });
    return true;
  } catch {
    return false;
  }
}
