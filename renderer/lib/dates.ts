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
  const habits = once(() => readHabits(locale));
  // Each takes milliseconds to make, and the first rows need one or none of them.
  const format = (options: (clock: Clock) => Intl.DateTimeFormatOptions) =>
    once(() => {
      const { english, clock } = habits();
      return new Intl.DateTimeFormat(english, {
        calendar: 'gregory',
        numberingSystem: 'latn',
        ...(timeZone === undefined ? {} : { timeZone }),
        ...options(clock),
      });
    });
  const day = { day: 'numeric', month: 'short' } as const;
  const date = format(() => ({ ...day, year: 'numeric' }));
  const full = format((clock) => ({ ...day, year: 'numeric', weekday: 'short', ...clock }));
  const zoned = format((clock) => ({
    ...day,
    year: 'numeric',
    weekday: 'short',
    ...clock,
    timeZoneName: 'short',
  }));
  const short = format((clock) => ({ ...day, weekday: 'short', ...clock }));
  const days = format(() => day);
  const month = format(() => ({ month: 'long', year: 'numeric' }));
  const brief = format(() => ({ month: 'short', year: 'numeric' }));
  const hours = format((clock) => clock);
  // Newer Unicode data put a narrow no-break space before AM, which fonts and tests stumble over.
  const plain = (text: string) => text.replace(/[\u202f\u2009]/g, ' ');
  return {
    exactTime: (time) => plain(full().format(new Date(time))),
    exactDate: (time) => date().format(new Date(time)),
    shortTime: (time) => plain(short().format(new Date(time))),
    monthName: (time) => month().format(new Date(time)),
    shortMonth: (at) => brief().format(new Date(at)),
    clockTime: (at) => plain(hours().format(new Date(at))),
    shortDate: (time) => days().format(new Date(time)),
    dayRange: (from, to) => plain(days().formatRange(new Date(from), new Date(to))),
    bothZones: (time) => `${plain(zoned().format(new Date(time)))} · ${utcTime(time)}`,
  };
}

type Clock = Pick<Intl.DateTimeFormatOptions, 'hour' | 'minute' | 'hourCycle'>;

/** Reads the order of day and month, and the clock, that people of a locale are used to. */
function readHabits(locale: string): { english: string; clock: Clock } {
  const habits = new Intl.DateTimeFormat(locale, {
    calendar: 'gregory',
    numberingSystem: 'latn',
    dateStyle: 'short',
    timeStyle: 'short',
  });
  const parts = habits.formatToParts(0).map(({ type }) => type);
  const hourCycle = habits.resolvedOptions().hour12 ? 'h12' : 'h23';
  return {
    english: parts.indexOf('month') < parts.indexOf('day') ? 'en-US' : 'en-GB',
    clock: { hour: hourCycle === 'h12' ? 'numeric' : '2-digit', minute: '2-digit', hourCycle },
  };
}

/** Returns a function that makes a thing when it is first called. */
function once<Made>(make: () => Made): () => Made {
  let made: Made | undefined;
  return () => {
    made ??= make();
    return made;
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
