import { type Maintenance, maintenanceSchema } from './time-window.ts';

const dayNames = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'] as const;

/** The sentence for a line that is no window. */
const maintenanceHelp =
  'Write a window as Sun 02:00-04:00, Mon-Fri 22:00-06:00 Europe/Berlin or 2026-11-26 02:00-04:00.';

/** Windows as a person writes them, one a line, or the sentence for the first line that is none. */
export function parseMaintenance(
  text: string,
): { ok: true; windows: Maintenance[] } | { ok: false; message: string } {
  const windows: Maintenance[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue;
    const parsed = maintenanceSchema.safeParse(readLine(line.trim()));
    if (!parsed.success) return { ok: false, message: `Line ${index + 1}: ${maintenanceHelp}` };
    windows.push(parsed.data);
  }
  return { ok: true, windows };
}

/** As `parseMaintenance` reads them. Times that are given once are shown in this machine's time zone. */
export function formatMaintenance(windows: readonly Maintenance[]): string {
  return windows.map(formatWindow).join('\n');
}

const pattern =
  /^(?<days>[A-Za-z,\- ]+?|(?<date>\d{4}-\d{2}-\d{2})) (?<from>\d{1,2}:\d{2}) ?[-–] ?(?<to>\d{1,2}:\d{2})(?: (?<timezone>\S+))?$/;

function readLine(line: string): unknown {
  const {
    days = '',
    date,
    from = '',
    to = '',
    timezone,
  } = pattern.exec(line.replace(/ +/g, ' '))?.groups ?? {};
  const [begin, end] = [from.padStart(5, '0'), to.padStart(5, '0')];
  if (date !== undefined) return timezone === undefined ? readOnce(date, begin, end) : null;
  return { days: readDays(days), from: begin, to: end, ...(timezone === undefined ? {} : { timezone }) };
}

/** A window that ends before it begins ends on the next day. */
function readOnce(date: string, from: string, to: string): unknown {
  const begin = new Date(`${date}T${from}`);
  const end = new Date(`${date}T${to}`);
  if (Number.isNaN(begin.getTime()) || Number.isNaN(end.getTime())) return null;
  if (end <= begin) end.setDate(end.getDate() + 1);
  return { from: begin.toISOString(), to: end.toISOString() };
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

function formatWindow(window: Maintenance): string {
  if (!('days' in window)) {
    const [begin, end] = [new Date(window.from), new Date(window.to)];
    const two = (number: number) => String(number).padStart(2, '0');
    const time = (date: Date) => `${two(date.getHours())}:${two(date.getMinutes())}`;
    return `${begin.getFullYear()}-${two(begin.getMonth() + 1)}-${two(begin.getDate())} ${time(begin)}-${time(end)}`;
  }
  const { days, from, to, timezone } = window;
  return `${formatDays(days)} ${from}-${to}${timezone === undefined ? '' : ` ${timezone}`}`;
}

function formatDays(days: readonly number[]): string {
  const sorted = days.toSorted();
  if (sorted.length === 7) return 'daily';
  const [first = 0, last = 0] = [sorted[0], sorted.at(-1)];
  const isRun = sorted.length > 2 && last - first === sorted.length - 1;
  const name = (day: number) => dayNames[day - 1] ?? '';
  return isRun ? `${name(first)}-${name(last)}` : sorted.map(name).join(', ');
}
