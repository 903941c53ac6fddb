/** Exact dates in the person's own language and time zone, for what stands on hover and in details. */
const dateTime = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'short' });
const date = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' });

export function exactTime(iso: string): string {
  return dateTime.format(new Date(iso));
}

export function exactDate(time: string | number): string {
  return date.format(new Date(time));
}
