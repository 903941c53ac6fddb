/** Exact dates in the person's own language and time zone, for what stands on hover and in details. */
const dateTime = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'short' });
const date = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' });

export function exactTime(iso: string): string {
  return dateTime.format(new Date(iso));
}

export function exactDate(time: string | number): string {
  return date.format(new Date(time));
}

const weekdayTime = new Intl.DateTimeFormat(undefined, {
  weekday: 'short',
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
});

/** Day and time, short enough to stand in a row of them. */
export function shortTime(time: Date): string {
  return weekdayTime.format(time);
}
