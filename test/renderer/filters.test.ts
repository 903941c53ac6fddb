import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { queryJobs } from '../../electron/engine/jobs/job-query.ts';
import { countTags, filterJobs, isNarrower, noFilter, sortJobs } from '../../renderer/hosts/list/filters.ts';
import { prepareTexts } from '../../renderer/hosts/list/search-texts.ts';
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

describe('isNarrower', () => {
  it('holds only where the hosts found before contain all that the next search finds', () => {
    const search = fc
      .array(
        fc.constantFrom(
          'w',
          'e',
          'b',
          ' ',
          'so',
          'on',
          '-',
          ':',
          '"',
          'tag:web',
          'status:ok',
          'expires<3',
          '0',
          'ac:d6:f',
        ),
      )
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(search, search, (typed, more) => {
        const before = { ...noFilter, search: typed };
        const next = { ...noFilter, search: typed + more };
        if (!isNarrower(next, before)) return;
        const found = filterJobs(filterJobs(jobs, before, now), next, now);
        expect(found).toEqual(filterJobs(jobs, next, now));
      }),
    );
  });
  it('holds for words that are typed on, and for no other filter', () => {
    const before = { ...noFilter, search: 'we' };
    expect(isNarrower({ ...before, search: 'web so' }, before)).toBe(true);
    expect(isNarrower({ ...before, search: 'we -' }, before)).toBe(false);
    expect(isNarrower({ ...before, tag: 'web' }, before)).toBe(false);
    // "expires<3" finds more hosts with another digit.
    expect(isNarrower({ ...noFilter, search: 'expires<30' }, { ...noFilter, search: 'expires<3' })).toBe(
      false,
    );
  });
});

describe('prepareTexts', () => {
  it('makes the texts in idle periods, and goes on in the next one where the time is up', () => {
    const waiting: IdleRequestCallback[] = [];
    vi.stubGlobal('requestIdleCallback', (callback: IdleRequestCallback) => waiting.push(callback));
    vi.stubGlobal('cancelIdleCallback', () => waiting.splice(0));
    let read = 0;
    const many = Array.from({ length: 250 }, (_, index) =>
      Object.defineProperty(jobView(`host-${index}.example`, 30, now), 'notes', {
        get: () => {
          read += 1;
          return '';
        },
      }),
    );
    const stop = prepareTexts(many);
    const runFor = (turns: number) => {
      const left = Array.from({ length: turns }, () => 10);
      waiting.shift()?.({ didTimeout: false, timeRemaining: () => left.pop() ?? 0 });
    };
    runFor(2);
    expect(read).toBe(200);
    runFor(2);
    expect([read, waiting.length]).toEqual([250, 0]);
    filterJobs(many, { ...noFilter, search: 'host-1' }, now);
    expect(read).toBe(250);
    stop();
    vi.unstubAllGlobals();
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
