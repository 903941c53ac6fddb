/** Words for times and counts that the window, the tray, notifications and problems share. */

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** `1 day`, `12 days`. @param nouns its plural, where that is not made by an s */
export function count(number: number, noun: string, nouns = `${noun}s`): string {
  return `${digits(number)} ${number === 1 ? noun : nouns}`;
}

/** `999`, `10,000`. Most numbers need no format, which takes a browser milliseconds to load. @param number whole */
export function digits(number: number): string {
  return Math.abs(number) < 1000 ? String(number) : number.toLocaleString('en');
}

/** A length of time in its largest whole unit, rounded down: `2 days`, `19 hours`, `4 minutes`, `less than a minute`. */
export function duration(ms: number): string {
  const length = Math.abs(ms);
  if (length >= 2 * 365 * dayMs) return count(Math.floor(length / (365 * dayMs)), 'year');
  if (length >= dayMs) return count(Math.floor(length / dayMs), 'day');
  if (length >= hourMs) return count(Math.floor(length / hourMs), 'hour');
  if (length >= minuteMs) return count(Math.floor(length / minuteMs), 'minute');
  return 'less than a minute';
}

/** `in 2 days` or `19 hours ago`, seen from `now` (both in milliseconds since the epoch). */
export function relative(time: number, now: number): string {
  return time >= now ? `in ${duration(time - now)}` : `${duration(time - now)} ago`;
}

/** How long a certificate lasts still, always in days from a day up: `in 900 days`, `in 5 hours`, `19 hours ago`. */
export function expiryWords(validTo: string | number, now: number): string {
  const left = new Date(validTo).getTime() - now;
  if (Math.abs(left) < dayMs) return relative(now + left, now);
  const days = count(Math.floor(Math.abs(left) / dayMs), 'day');
  return left >= 0 ? `in ${days}` : `${days} ago`;
}

/** As `expiryWords`, in years from two on, where days would only be long: `in 7 years`. */
export function longExpiryWords(validTo: string | number, now: number): string {
  const time = new Date(validTo).getTime();
  return Math.abs(time - now) >= 2 * 365 * dayMs ? relative(time, now) : expiryWords(time, now);
}

/** Made for the first sentence: it takes ten milliseconds, for which every start would wait. */
let utc: Intl.DateTimeFormat | undefined;

/** `26 November 2026 at 23:59 UTC`: for sentences that are stored and read by people in any time zone. */
export function dateInWords(time: string | number): string {
  utc ??= new Intl.DateTimeFormat('en-GB', {
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    timeZone: 'UTC',
  });
  return `${utc.format(new Date(time))} UTC`;
}

/** `2026-11-26 23:59 UTC`: for tables and lists, as on the command line. */
export function utcTime(time: string | number | Date): string {
  return `${new Date(time).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

/** `a`, `a and b`, `a, b and c`; what is more than `limit` is counted. */
export function list(items: readonly string[], limit = 4): string {
  const shown = items.slice(0, limit);
  if (items.length > limit) return `${shown.join(', ')} and ${items.length - limit} more`;
  if (shown.length < 2) return shown.join('');
  return `${shown.slice(0, -1).join(', ')} and ${shown.at(-1)}`;
}

export function capitalise(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
