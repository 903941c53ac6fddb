import { utcTime } from '../../shared/text/words.ts';

type Time = string | number | Date;

/** The formats of the page, all from one place. Every function takes ISO 8601, milliseconds since the epoch, or a Date. */
export interface DateFormats {
  /** `Sun, 29 Nov 2026, 11:19` */
  exactTime(time: Time): string;
  /** `29 Nov 2026` */
  exactDate(time: Time): string;
  /** `Sun 29 Nov, 11:19`, for times of this year */
  shortTime(time: Time): string;
  /** `29 Nov` */
  shortDate(time: Time): string;
  /** `November 2026` */
  monthName(time: Time): string;
  /** `Nov 2026` */
  shortMonth(time: Time): string;
  /** `11:19` */
  clockTime(time: Time): string;
  /** `25 – 26 Nov`, or one day if both are the same */
  dayRange(from: Time, to: Time): string;
  /** `Sun, 29 Nov 2026, 11:19 CET · 2026-11-29 10:19 UTC`, to show on hover */
  bothZones(time: Time): string;
}

/**
 * Creates formats with English words, Latin digits and the Gregorian calendar in a time zone. Only the order of day and
 * month and the clock of 12 or 24 hours follow the locale: the page itself is in English, and two calendars on one screen
 * would mislead (ar counts in other digits, fa-IR in another calendar).
 * @param timeZone IANA name; the system's zone by default
 */
export function dateFormats(locale: string, timeZone?: string): DateFormats {
  const habits = new Intl.DateTimeFormat(locale, {
    calendar: 'gregory',
    numberingSystem: 'latn',
    dateStyle: 'short',
    timeStyle: 'short',
  });
  const parts = habits.formatToParts(0).map(({ type }) => type);
  const english = parts.indexOf('month') < parts.indexOf('day') ? 'en-US' : 'en-GB';
  const hourCycle = habits.resolvedOptions().hour12 ? 'h12' : 'h23';
  const format = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(english, {
      calendar: 'gregory',
      numberingSystem: 'latn',
      ...(timeZone === undefined ? {} : { timeZone }),
      ...options,
    });
  const clock = { hour: hourCycle === 'h12' ? 'numeric' : '2-digit', minute: '2-digit', hourCycle } as const;
  const day = { day: 'numeric', month: 'short' } as const;
  const date = format({ ...day, year: 'numeric' });
  const full = format({ ...day, year: 'numeric', weekday: 'short', ...clock });
  const zoned = format({ ...day, year: 'numeric', weekday: 'short', ...clock, timeZoneName: 'short' });
  const short = format({ ...day, weekday: 'short', ...clock });
  const days = format(day);
  const month = format({ month: 'long', year: 'numeric' });
  const brief = format({ month: 'short', year: 'numeric' });
  const hours = format(clock);
  // Newer Unicode data put a narrow no-break space before AM, which fonts and tests stumble over.
  const plain = (text: string) => text.replace(/[\u202f\u2009]/g, ' ');
  return {
    exactTime: (time) => plain(full.format(new Date(time))),
    exactDate: (time) => date.format(new Date(time)),
    shortTime: (time) => plain(short.format(new Date(time))),
    monthName: (time) => month.format(new Date(time)),
    shortMonth: (at) => brief.format(new Date(at)),
    clockTime: (at) => plain(hours.format(new Date(at))),
    shortDate: (time) => days.format(new Date(time)),
    dayRange: (from, to) => plain(days.formatRange(new Date(from), new Date(to))),
    bothZones: (time) => `${plain(zoned.format(new Date(time)))} · ${utcTime(time)}`,
  };
}

export const {
  exactTime,
  exactDate,
  shortTime,
  shortDate,
  monthName,
  shortMonth,
  clockTime,
  dayRange,
  bothZones,
} = dateFormats(navigator.language);
