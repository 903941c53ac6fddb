import { describe, expect, it } from 'vitest';
import { filterQuery, readFilter } from '../../renderer/hosts/list/filter-address.ts';
import { type Filter, noFilter, type Sort } from '../../renderer/hosts/list/filters.ts';
import { hostsHash, parseRoute } from '../../renderer/lib/use-route.ts';

const midnight = (day: string) => new Date(`${day}T00:00`).getTime();
const filters: [string, Filter, Sort | null][] = [
  ['nothing', noFilter, null],
  [
    'everything',
    {
      group: 'needy',
      tag: 'internal CA & more',
      issuer: 'CN=Ünï?#',
      search: 'tag:"a b" expires<30 100%',
      expiry: { from: midnight('2026-11-25'), to: midnight('2026-11-27') },
    },
    { column: 'expiry', isDescending: true },
  ],
  [
    'what has expired',
    { ...noFilter, expiry: { from: Number.MIN_SAFE_INTEGER, to: midnight('2026-11-25') } },
    null,
  ],
  [
    'what is later',
    { ...noFilter, expiry: { from: midnight('2027-02-24'), to: Number.MAX_SAFE_INTEGER } },
    null,
  ],
];

describe('the address of the list', () => {
  it.each(filters)('keeps %s', (_what, filter, sort) => {
    const query = filterQuery(filter, sort, 'certificate');
    expect(readFilter(query)).toEqual({ filter, sort, by: 'certificate' });
    expect(readFilter(filterQuery(filter, sort))).toEqual({ filter, sort, by: null });
    expect(parseRoute(hostsHash('a/b?c', query))).toEqual({ view: 'jobs', jobId: 'a/b?c', query });
    expect(parseRoute(hostsHash(null, query))).toEqual({ view: 'jobs', jobId: null, query });
  });

  it.each([
    'status=colour',
    'sort=colour',
    'by=colour',
    'expires=soon',
    'expires=2026-99-99..',
    'expires=..',
    'x=y',
    '%',
  ])('leaves out what it does not know: %s', (query) =>
    expect(readFilter(query)).toEqual({ filter: noFilter, sort: null, by: null }),
  );

  it.each([
    ['', { view: 'jobs', jobId: null, query: '' }],
    ['#/', { view: 'jobs', jobId: null, query: '' }],
    ['#/jobs/%', { view: 'jobs', jobId: '%', query: '' }],
    ['#/alerts', { view: 'alerts', query: '' }],
    ['#/alerts?show=all&q=mail', { view: 'alerts', query: 'show=all&q=mail' }],
    ['#/settings', { view: 'settings', section: null }],
    ['#/settings/data', { view: 'settings', section: 'data' }],
    ['#nonsense', { view: 'jobs', jobId: null, query: '' }],
  ])('reads %s', (hash, route) => expect(parseRoute(hash)).toEqual(route));
});
