import { describe, expect, it } from 'vitest';
import { queryJobs } from '../../electron/engine/jobs/job-query.ts';
import { countTags, filterJobs, noFilter, sortJobs } from '../../renderer/hosts/list/filters.ts';
import type { JobView } from '../../shared/schema/job.ts';
import { jobView } from '../support/job-view.ts';

const now = Date.parse('2026-11-24T10:00:00Z');
const problem = (code: 'expiring' | 'self-signed') => [{ code, severity: 'warning' as const, message: '' }];
const jobs = [
  jobView('fine.example', 61, now, { tags: ['web'] }),
  jobView('soon.example', 12, now, {
    status: 'warning',
    problems: problem('expiring'),
    tags: ['mail', 'web'],
  }),
  jobView('broken.example', 80, now, { status: 'warning', problems: problem('self-signed') }),
  jobView('gone.example', null, now, { status: 'unreachable' }),
  jobView('asleep.example', 1, now, { status: 'critical', paused: true }),
];
const hosts = (list: readonly JobView[]) => list.map(({ id }) => id.replace('.example', ''));

describe('filterJobs', () => {
  it.each([
    ['all', ['fine', 'soon', 'broken', 'gone', 'asleep']],
    ['needy', ['soon', 'broken', 'gone']],
    ['soon', ['soon']],
    ['unreachable', ['gone']],
    ['paused', ['asleep']],
  ] as const)('shows %s', (group, expected) =>
    expect(hosts(filterJobs(jobs, { ...noFilter, group }, now))).toEqual(expected),
  );
  it('searches every word in host, issuer and tags', () => {
    expect(hosts(filterJobs(jobs, { ...noFilter, search: 'WEB soon' }, now))).toEqual(['soon']);
    expect(hosts(filterJobs(jobs, { ...noFilter, search: 'example ca' }, now))).toHaveLength(5);
  });
  it('finds what the API finds: a host by its name on the wire and its port', () => {
    const idn = jobView('bücher.example', 30, now);
    const found = (search: string) => filterJobs([idn], { ...noFilter, search }, now).length;
    const listed = (search: string) =>
      queryJobs([{ job: idn, status: idn.status, lastCheck: idn.lastCheck }], {
        limit: 10,
        offset: 0,
        sort: 'urgency',
        search,
      }).total;
    for (const search of ['xn--bcher-kva', '443', 'bücher', 'nothing'])
      expect([search, found(search)]).toEqual([search, listed(search)]);
    expect(found('xn--bcher-kva.example 443')).toBe(1);
  });
  it('narrows by tag and by expiry', () => {
    expect(hosts(filterJobs(jobs, { ...noFilter, tag: 'web' }, now))).toEqual(['fine', 'soon']);
    const day = 86_400_000;
    expect(
      hosts(filterJobs(jobs, { ...noFilter, expiry: { from: now + 10 * day, to: now + 20 * day } }, now)),
    ).toEqual(['soon']);
  });
});

describe('sortJobs', () => {
  it('puts the most urgent first and what is paused last', () => {
    expect(hosts(sortJobs(jobs, { column: 'urgency', isDescending: false }))).toEqual([
      'soon',
      'broken',
      'gone',
      'fine',
      'asleep',
    ]);
  });
  it.each([false, true])('puts what has no expiry last, descending: %s', (isDescending) => {
    expect(hosts(sortJobs(jobs, { column: 'expiry', isDescending })).at(-1)).toBe('gone');
  });
  it('turns round', () => {
    expect(hosts(sortJobs(jobs, { column: 'host', isDescending: true }))).toEqual([
      'soon',
      'gone',
      'fine',
      'broken',
      'asleep',
    ]);
  });
});

describe('countTags', () => {
  it('puts the most used first', () =>
    expect(countTags(jobs)).toEqual([
      ['web', 2],
      ['mail', 1],
    ]));
});
