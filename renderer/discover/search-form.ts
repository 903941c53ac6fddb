import { dnsText, readDnsText } from '../../shared/domain/discovery/dns-source.ts';
import { type NameFormat, nameFormats } from '../../shared/domain/discovery/name-formats.ts';
import type { SavedSearchInput, SavedSearchView } from '../../shared/schema/saved-search.ts';
import { parseSchedule } from '../../shared/schema/schedule.ts';
import { hoursText, readHours } from '../../shared/schema/time-window.ts';

/** The fields of the form as they are typed. */
export interface SearchFormValues {
  name: string;
  targets: string;
  files: string;
  dns: string;
  watched: boolean;
  ports: string;
  names: string;
  exclude: string;
  schedule: string;
  hours: string;
  reverseDns: boolean;
  adds: boolean;
  tags: string[];
  notify: boolean;
}

const lines = (text: string) =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');

/** Fills the form. @param search null: a new one @param network what a new one searches at first; null: nothing yet */
export function formValues(search: SavedSearchView | null, network: string | null = null): SearchFormValues {
  return {
    name: search?.name ?? network ?? '',
    targets: search?.targets.join('\n') ?? network ?? '',
    files: search?.files.map(({ format, path }) => `${format}:${path}`).join('\n') ?? '',
    dns: search?.dns.map(dnsText).join('\n') ?? '',
    watched: search?.watched ?? false,
    ports: search?.ports ?? 'usual',
    names: search?.names.join('\n') ?? '',
    exclude: search?.exclude.join('\n') ?? '',
    schedule: scheduleText(search?.schedule ?? null),
    hours: search?.hours ? hoursText(search.hours) : '',
    reverseDns: search?.reverseDns ?? false,
    adds: search?.onFind === 'add',
    tags: [...(search?.addTags ?? [])],
    notify: search?.notify ?? true,
  };
}

function scheduleText(schedule: SavedSearchView['schedule']): string {
  if (schedule === null) return '';
  return schedule.type === 'cron' ? schedule.pattern : String(schedule.minutes);
}

/** What was typed as the API reads it, or what is wrong with a field. */
export type SearchFormResult =
  | { ok: true; input: SavedSearchInput }
  | { ok: false; field: keyof SearchFormValues; message: string };

/** Reads the form. @param before the search that is edited: its time zone, limits and kinds of DNS records stay */
export function readForm(values: SearchFormValues, before: SavedSearchView | null): SearchFormResult {
  const { name, watched, ports, reverseDns, adds, tags, notify } = values;
  const schedule = readSchedule(values.schedule.trim(), before);
  if (typeof schedule === 'string') return { ok: false, field: 'schedule', message: schedule };
  const isAnyTime = values.hours.trim() === '';
  const hours = isAnyTime ? null : readHours(values.hours, before?.hours?.timezone);
  if (hours === null && !isAnyTime)
    return { ok: false, field: 'hours', message: 'Enter hours such as 22:00-06:00.' };
  return {
    ok: true,
    input: {
      name: name.trim(),
      targets: lines(values.targets),
      files: lines(values.files).map(readFile),
      dns: readDomains(lines(values.dns), before),
      watched,
      ports: ports.trim(),
      names: lines(values.names),
      exclude: lines(values.exclude),
      schedule,
      hours,
      reverseDns,
      onFind: adds ? 'add' : 'review',
      addTags: tags,
      notify,
      ...(before ? { limits: before.limits } : {}),
    },
  };
}

function readSchedule(text: string, before: SavedSearchView | null): SavedSearchInput['schedule'] | string {
  if (text === '') return null;
  const timezone = before?.schedule?.type === 'cron' ? before.schedule.timezone : undefined;
  const parsed = parseSchedule(text, timezone);
  if (!parsed.ok) return parsed.message;
  return parsed.schedule.type === 'adaptive'
    ? 'Enter minutes, such as 1440, or a cron pattern.'
    : parsed.schedule;
}

/**
 * `corp.example`, or `corp.example@ns1.corp.example`. A domain that the search has keeps its kinds of records; if it has the domain several
 * times, the lines take them in their order.
 */
function readDomains(written: readonly string[], before: SavedSearchView | null) {
  const known = [...(before?.dns ?? [])];
  return written.map(readDnsText).map((read) => {
    const index = known.findIndex((one) => dnsText(one) === dnsText(read));
    const [same] = index === -1 ? [] : known.splice(index, 1);
    return same ? { ...read, records: same.records } : read;
  });
}

/** `nginx:/etc/nginx/nginx.conf`; without a format its content tells. */
function readFile(line: string): { format: NameFormat | 'auto'; path: string } {
  const [, written = '', path = ''] = /^([a-z-]+):(.*)$/.exec(line) ?? [];
  const format = nameFormats.find((one) => one === written) ?? (written === 'auto' ? 'auto' : null);
  return format === null ? { format: 'auto', path: line } : { format, path: path.trim() };
}
