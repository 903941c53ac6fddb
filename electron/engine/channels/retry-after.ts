/**
 * Reads for how long a server asks to be left alone (RFC 9110 §10.2.3): in seconds, or until a date in any of the three forms that
 * §5.6.7 has recipients accept. A date is compared with the server's own `Date`, where it has one: clocks differ.
 * @param now milliseconds since the epoch
 * @returns milliseconds, not negative; null where there is nothing that can be read
 */
export function retryAfterMs(
  value: string | undefined,
  date: string | undefined,
  now: number,
): number | null {
  const text = value?.trim() ?? '';
  if (/^\d+$/.test(text)) return Number(text) * 1000;
  const until = readHttpDate(text);
  if (until === null) return null;
  return Math.max(0, until - (readHttpDate(date?.trim() ?? '') ?? now));
}

const imfFixdate = /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT$/;
const rfc850 = /^[A-Z][a-z]+day, \d\d-[A-Z][a-z]{2}-\d\d \d\d:\d\d:\d\d GMT$/;
/** C's asctime(), which names no zone and is in UTC. */
const asctime = /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \d{4}$/;

function readHttpDate(text: string): number | null {
  if (![imfFixdate, rfc850, asctime].some((form) => form.test(text))) return null;
  const time = Date.parse(asctime.test(text) ? `${text} GMT` : text);
  return Number.isNaN(time) ? null : time;
}
