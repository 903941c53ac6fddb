import { type Filter, noFilter, type Sort } from './filters.ts';
import { type GroupBy, groupings } from './group-jobs.ts';
import { sortColumns } from './table-layout.ts';

const groups: readonly Filter['group'][] = ['needy', 'soon', 'unreachable', 'paused', 'accepted'];

/** Writes filter, order and grouping as the query of an address: `status=needy&tag=web&expires=2026-11-25..2026-11-27&sort=-expiry&by=issuer`. */
export function filterQuery(filter: Filter, sort: Sort | null, by: GroupBy | null = null): string {
  const query = new URLSearchParams();
  if (filter.group !== 'all') query.set('status', filter.group);
  if (filter.tag !== null) query.set('tag', filter.tag);
  if (filter.issuer !== null) query.set('issuer', filter.issuer);
  if (filter.search !== '') query.set('q', filter.search);
  if (filter.expiry !== null)
    query.set('expires', `${dayOf(filter.expiry.from)}..${dayOf(filter.expiry.to)}`);
  if (sort) query.set('sort', `${sort.isDescending ? '-' : ''}${sort.column}`);
  if (by !== null) query.set('by', by);
  return query.toString();
}

/** What the address says of the list. */
export interface ListPlace {
  filter: Filter;
  /** Null: as it was left. */
  sort: Sort | null;
  by: GroupBy | null;
}

/** Reads what `filterQuery` wrote. What is unknown is left out: an address may come from another version. */
export function readFilter(text: string): ListPlace {
  const query = new URLSearchParams(text);
  const [, minus, column] = /^(-?)(\w+)$/.exec(query.get('sort') ?? '') ?? [];
  const sortColumn = sortColumns.find((one) => one === column);
  return {
    filter: {
      group: groups.find((one) => one === query.get('status')) ?? noFilter.group,
      tag: query.get('tag'),
      issuer: query.get('issuer'),
      search: query.get('q') ?? '',
      expiry: readDays(query.get('expires') ?? ''),
    },
    by: groupings.find((one) => one === query.get('by')) ?? null,
    sort: sortColumn === undefined ? null : { column: sortColumn, isDescending: minus === '-' },
  };
}

/** An open end is a number beyond every date. */
const isOpen = (time: number) => Math.abs(time) >= Number.MAX_SAFE_INTEGER;

/** Returns a local day as `2026-11-25`; nothing for an open end. */
function dayOf(time: number): string {
  if (isOpen(time)) return '';
  const date = new Date(time);
  const two = (number: number) => String(number).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

function readDays(text: string): Filter['expiry'] {
  const [, from = '', to = ''] = /^(\d{4}-\d\d-\d\d)?\.\.(\d{4}-\d\d-\d\d)?$/.exec(text) ?? [];
  if (from === '' && to === '') return null;
  // Without a zone a time is local (ECMA-262 §21.4.1.32).
  const midnight = (day: string, open: number) => (day === '' ? open : Date.parse(`${day}T00:00`));
  const days = {
    from: midnight(from, Number.MIN_SAFE_INTEGER),
    to: midnight(to, Number.MAX_SAFE_INTEGER),
  };
  return Number.isNaN(days.from) || Number.isNaN(days.to) ? null : days;
}
