import { expect, it } from 'vitest';
import { type JobQuery, queryJobs } from '../../../electron/engine/jobs/job-query.ts';
import { jobView } from '../../support/job-view.ts';

const now = Date.parse('2026-11-24T10:00:00Z');
const jobs = [
  jobView('host10.example', 50, now),
  jobView('host9.example', 60, now, { status: 'warning', tags: ['web'] }),
  jobView('gone.example', null, now, { status: 'unreachable' }),
  jobView('late.example', 3, now, { status: 'critical' }),
  jobView('asleep.example', 1, now, { status: 'critical', paused: true }),
].map((job) => ({ job, status: job.status, lastCheck: job.lastCheck }));

const ask = (query: Partial<JobQuery>) => {
  const { items, total } = queryJobs(jobs, { limit: 10, offset: 0, sort: 'urgency', ...query });
  return { hosts: items.map(({ id }) => id.replace('.example', '')), total };
};

it.each<[JobQuery['sort'], string[]]>([
  ['urgency', ['late', 'host9', 'gone', 'host10', 'asleep']],
  ['host', ['asleep', 'gone', 'host9', 'host10', 'late']],
  ['-host', ['late', 'host10', 'host9', 'gone', 'asleep']],
  ['expiry', ['asleep', 'late', 'host10', 'host9', 'gone']],
  ['-expiry', ['gone', 'host9', 'host10', 'late', 'asleep']],
])('sorts by %s', (sort, hosts) => expect(ask({ sort }).hosts).toEqual(hosts));

it('filters, and counts before it cuts', () => {
  expect(ask({ status: 'critical' }).hosts).toEqual(['late', 'asleep']);
  expect(ask({ tag: 'web' }).hosts).toEqual(['host9']);
  expect(ask({ search: 'HOST example' }).hosts).toEqual(['host9', 'host10']);
  expect(ask({ limit: 2, offset: 1 })).toEqual({ hosts: ['host9', 'gone'], total: 5 });
});
