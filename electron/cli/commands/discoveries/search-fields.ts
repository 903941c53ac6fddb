import { resolve } from 'node:path';
import { nameFormats } from '../../../../shared/domain/discovery/name-formats.ts';
import type { SavedSearchInput } from '../../../../shared/schema/saved-search.ts';
import { parseSchedule } from '../../../../shared/schema/schedule.ts';
import { readHours } from '../../../../shared/schema/time-window.ts';
import { UsageError } from '../../exit-status.ts';
import { readDomains, readNameLists } from '../discover-sources.ts';

/** Options of `discoveries add` and `edit`. */
export interface SearchFields {
  name?: string;
  target?: string[];
  ports?: string;
  exclude?: string[];
  names?: string[];
  from?: string[];
  dns?: string[];
  dnsRecords?: string;
  watched?: boolean;
  reverseDns?: boolean;
  schedule?: string;
  timezone?: string;
  hours?: string;
  rate?: number;
  atOnce?: number;
  maxNames?: number;
  add?: boolean;
  tag?: string[];
  notify?: boolean;
  dryRun?: boolean;
}

/**
 * What options say of a search: what is not named is left out.
 * @param before the search that is edited, whose limits and time zones stay where no others are named
 * @throws UsageError
 */
export function readFields(
  options: SearchFields,
  before: Pick<SavedSearchInput, 'limits' | 'schedule' | 'hours'>,
): Omit<SavedSearchInput, 'name'> {
  const { ports, exclude, names, schedule, hours } = options;
  const { reverseDns, tag, notify, timezone } = options;
  const scheduleZone = before.schedule?.type === 'cron' ? before.schedule.timezone : undefined;
  return {
    ...(ports === undefined ? {} : { ports }),
    ...(exclude === undefined ? {} : { exclude }),
    ...(names === undefined ? {} : { names: readNameLists(names) }),
    ...readPlaces(options),
    ...(schedule === undefined ? {} : { schedule: readSchedule(schedule, timezone ?? scheduleZone) }),
    ...(hours === undefined ? {} : { hours: readAllowed(hours, timezone ?? before.hours?.timezone) }),
    ...readLimits(options, before.limits),
    ...(reverseDns === undefined ? {} : { reverseDns }),
    ...readOnFind(options),
    ...(tag === undefined ? {} : { addTags: tag.filter((one) => one !== '') }),
    ...(notify === undefined ? {} : { notify }),
  };
}

/** Where hosts come from beside the targets. */
function readPlaces({
  from,
  dns,
  dnsRecords,
  watched,
}: SearchFields): Pick<SavedSearchInput, 'files' | 'dns' | 'watched'> {
  return {
    ...(from === undefined ? {} : { files: from.map(readFile) }),
    ...(dns === undefined && dnsRecords === undefined ? {} : { dns: readDomains(dns ?? [], dnsRecords) }),
    ...(watched === undefined ? {} : { watched }),
  };
}

function readOnFind({ add }: SearchFields): Pick<SavedSearchInput, 'onFind'> {
  return add === undefined ? {} : { onFind: add ? 'add' : 'review' };
}

function readLimits(
  { rate, atOnce, maxNames }: SearchFields,
  limits: SavedSearchInput['limits'],
): Pick<SavedSearchInput, 'limits'> {
  const own = {
    ...(rate === undefined ? {} : { perSecond: rate }),
    ...(atOnce === undefined ? {} : { atOnce }),
    ...(maxNames === undefined ? {} : { namesPerEndpoint: maxNames }),
  };
  return Object.keys(own).length === 0 ? {} : { limits: { ...limits, ...own } };
}

/** Paths as the service needs them: it runs in another folder. */
function readFile(source: string): NonNullable<SavedSearchInput['files']>[number] {
  const [, written, path = ''] = /^([a-z][a-z-]+):(.*)$/s.exec(source) ?? [undefined, 'auto', source];
  const format = (['auto', ...nameFormats] as const).find((one) => one === written);
  if (format === undefined || path === '' || path === '-')
    throw new UsageError(`--from: write FORMAT:FILE; FORMAT is auto, ${nameFormats.join(', ')}.`);
  return { format, path: resolve(path) };
}

function readSchedule(text: string, timezone: string | undefined): SavedSearchInput['schedule'] {
  if (text === 'off') return null;
  const parsed = parseSchedule(text, timezone);
  if (!parsed.ok) throw new UsageError(`--${parsed.field}: ${parsed.message}`);
  if (parsed.schedule.type === 'adaptive')
    throw new UsageError('--schedule: write minutes, a cron pattern, or off.');
  return parsed.schedule;
}

function readAllowed(text: string, timezone: string | undefined): SavedSearchInput['hours'] {
  if (text === 'any') return null;
  const hours = readHours(text, timezone);
  if (hours === null) throw new UsageError('--hours: write FROM-TO, such as 22:00-06:00, or any.');
  return hours;
}
