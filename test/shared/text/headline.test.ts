import { describe, expect, it } from 'vitest';
import { needsPerson } from '../../../shared/domain/job-urgency.ts';
import { headline } from '../../../shared/text/headline.ts';
import { jobView } from '../../support/job-view.ts';

const now = Date.parse('2026-11-24T10:00:00Z');
const critical = (code: 'expiring' | 'self-signed') => ({ code, severity: 'critical' as const, message: '' });

describe('headline', () => {
  it.each([
    ['none', [], 'No hosts yet', 'Add a host to start.'],
    [
      'one that is fine',
      [jobView('a.example', 60.5, now)],
      'The host is OK',
      'a.example expires next, in 60 days.',
    ],
    [
      'several that are fine',
      [jobView('a.example', 60.5, now), jobView('b.example', 90, now)],
      'All 2 hosts are OK',
      'a.example expires next, in 60 days.',
    ],
    [
      'one of two in need',
      [
        jobView('a.example', 60, now),
        jobView('b.example', 2.5, now, { status: 'critical', problems: [critical('expiring')] }),
      ],
      '1 of 2 needs attention',
      'b.example expires in 2 days.',
    ],
    [
      'one with another problem',
      [jobView('b.example', 60, now, { status: 'critical', problems: [critical('self-signed')] })],
      '1 of 1 needs attention',
      'b.example shows a self-signed certificate.',
    ],
    [
      'one that cannot be reached',
      [jobView('c.example', null, now, { status: 'unreachable' })],
      '1 of 1 needs attention',
      'c.example cannot be reached.',
    ],
    [
      'one in need while others have no result yet',
      [
        jobView('b.example', 2.5, now, { status: 'critical', problems: [critical('expiring')] }),
        jobView('c.example', null, now, { status: 'pending' }),
        jobView('d.example', null, now, { status: 'pending' }),
      ],
      '1 of 3 needs attention',
      'b.example expires in 2 days. 2 hosts not checked yet.',
    ],
    [
      'none in need while others have no result yet',
      [jobView('a.example', 60.5, now), jobView('c.example', null, now, { status: 'pending' })],
      '1 of 2 hosts checked, all OK',
      'a.example expires next, in 60 days.',
    ],
    [
      'all paused',
      [jobView('a.example', 2, now, { status: 'critical', paused: true })],
      'All hosts are paused',
      'Resume a host to check it.',
    ],
    [
      'one not checked yet',
      [jobView('a.example', null, now, { status: 'pending' })],
      'Checking 1 host',
      'The first results arrive soon.',
    ],
  ])('for %s', (_name, jobs, title, detail) => expect(headline(jobs, now)).toMatchObject({ title, detail }));
});

describe('needsPerson', () => {
  const problem = (code: 'expiring' | 'weak-key', severity: 'warning' | 'critical' = 'warning') => ({
    code,
    severity,
    message: '',
  });
  const awaiting = (problems: ReturnType<typeof problem>[], status: 'warning' | 'critical' = 'warning') => {
    const job = jobView('a', 29, now, { status, problems });
    if (job.lastCheck) job.lastCheck.renewalOverdueAt = new Date(now + 1).toISOString();
    return needsPerson(job);
  };
  it('is not so of a certificate that is about to renew itself', () =>
    expect(awaiting([problem('expiring')])).toBe(false));
  it('is so of one that has another problem, or is critical', () => {
    expect(awaiting([problem('expiring'), problem('weak-key')])).toBe(true);
    expect(awaiting([problem('expiring', 'critical')], 'critical')).toBe(true);
  });
});
