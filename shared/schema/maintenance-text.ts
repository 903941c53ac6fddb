import { instantOf, isTimezone, localTime, type Maintenance, maintenanceSchema } from './time-window.ts';

const dayNames = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'] as const;

/** The sentence for a line that is no window. */
const maintenanceHelp =
  'Write a window as Sun 02:00-04:00, Mon-Fri 22:00-06:00 Europe/Berlin or 2026-11-26 02:00-04:00.';

/** Stands in a line for the zone of the machine that NotAfter runs on. */
const ownZone = 'service';

/** Returns the time zone of this runtime: in the page, the person's. */
export function personalZone(): string {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/**
 * Reads windows as a person writes them, one a line. A line without a zone is in the person's own, and is stored so.
 * @returns the windows, or the sentence for the first line that is none
 */
export function parseMaintenance(
  text: string,
  zone = personalZone(),
): { ok: true; windows: Maintenance[] } | { ok: false; message: string } {
  const windows: Maintenance[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue;
    const parsed = maintenanceSchema.safeParse(readLine(line.trim(), zone));
    if (!parsed.success) return { ok: false, message: `Line ${index + 1}: ${maintenanceHelp}` };
    windows.push(parsed.data);
  }
  return { ok: true, windows };
}

/** Writes windows as `parseMaintenance` reads them, each with its zone. Times that are given once are in the person's. */
export function formatMaintenance(windows: readonly Maintenance[], zone = personalZone()): string {
  return windows.map((window) => formatWindow(window, zone)).join('\n');
}

const pattern =
  /^(?<days>[A-Za-z,\- ]+?|(?<date>\d{4}-\d{2}-\d{2})) (?<from>\d{1,2}:\d{2}) ?[-–] ?(?<to>\d{1,2}:\d{2})(?: (?<timezone>\S+))?$/;

function readLine(line: string, personal: string): unknown {
  const {
    days = '',
    date,
    from = '',
    to = '',
    timezone = personal,
  } = pattern.exec(line.replace(/ +/g, ' '))?.groups ?? {};
  const [begin, end] = [from.padStart(5, '0'), to.padStart(5, '0')];
  const zone = timezone.toLowerCase() === ownZone ? undefined : timezone;
  if (zone !== undefined && !isTimezone(zone)) return null;
  if (date !== undefined) return readOnce(date, begin, end, zone);
  return { days: readDays(days), from: begin, to: end, ...(zone === undefined ? {} : { timezone: zone }) };
}

/** A window that ends before it begins ends on the next day. */
function readOnce(date: string, from: string, to: string, zone: string | undefined): unknown {
  const [begin, end] = [Date.parse(`${date}T${from}Z`), Date.parse(`${date}T${to}Z`)];
  if (Number.isNaN(begin) || Number.isNaN(end)) return null;
  const iso = (time: number) => new Date(time).toISOString();
  const endsAt = instantOf(end > begin ? end : end + 86_400_000, zone).last;
  return { from: iso(instantOf(begin, zone).first), to: iso(endsAt) };
}

/** `Sun`, `Mon-Fri`, `Sat, Sun` or `daily`; none where a name is no day's. */
function readDays(text: string): number[] {
  if (/^(daily|every day)$/i.test(text.trim())) return [1, 2, 3, 4, 5, 6, 7];
  const numberOf = (name: string) =>
    dayNames.findIndex((day) => name.trim().slice(0, 3).toLowerCase() === day.toLowerCase()) + 1;
  const days = text.split(',').flatMap((part) => {
    const [first = 0, last = first] = part.split('-').map(numberOf);
    if (first === 0 || last === 0) return [0];
    const length = ((last - first + 7) % 7) + 1;
    return Array.from({ length }, (_, index) => ((first - 1 + index) % 7) + 1);
  });
  return days.includes(0) ? [] : [...new Set(days)].sort();
}

function formatWindow(window: Maintenance, personal: string): string {
  if (!('days' in window)) {
    const wall = (time: string) => new Date(localTime(Date.parse(time), personal).wall).toISOString();
    const [begin, end] = [wall(window.from), wall(window.to)];
    return `${begin.slice(0, 10)} ${begin.slice(11, 16)}-${end.slice(11, 16)} ${personal}`;
  }
  const { days, from, to, timezone = ownZone } = window;
  return `${formatDays(days)} ${from}-${to} ${timezone}`;
}

function formatDays(days: readonly number[]): string {
  const sorted = days.toSorted();
  if (sorted.length === 7) return 'daily';
  const [first = 0, last = 0] = [sorted[0], sorted.at(-1)];
  const isRun = sorted.length > 2 && last - first === sorted.length - 1;
  const name = (day: number) => dayNames[day - 1] ?? '';
  return isRun ? `${name(first)}-${name(last)}` : sorted.map(name).join(', ');
}
