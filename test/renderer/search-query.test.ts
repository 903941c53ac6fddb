import { describe, expect, it } from 'vitest';
import { filterJobs, noFilter } from '../../renderer/hosts/list/filters.ts';
import { joinSearch, splitSearch } from '../../renderer/hosts/list/search-parts.ts';
import { completions, readSearch } from '../../renderer/hosts/list/search-query.ts';
import type { JobView } from '../../shared/schema/job.ts';
import { jobView } from '../support/job-view.ts';

const now = Date.parse('2026-11-24T10:00:00Z');
const problem = (code: 'self-signed' | 'expired' | 'weak-key') => [
  { code, severity: 'critical' as const, message: 'Wrong.' },
];
const withSeen = (job: JobView, keywords: string, issuer = 'Example CA'): JobView => ({
  ...job,
  lastCheck: job.lastCheck && { ...job.lastCheck, keywords, issuer },
});
const fingerprint = '9f3c51e0772a84b10d62fa19c8357e40b296dd035ae1487fa40c6b912ef8573d';
const jobs = [
  withSeen(
    jobView('mail.kestrel.example', 61, now, { tags: ['mail'], notes: 'Ask Maria first.' }),
    `mail.kestrel.example smtp.kestrel.example cn=mail, o=kestrel 5c0e917a22d408b3 ${fingerprint} 192.0.2.82`,
    'Let’s Encrypt R13',
  ),
  jobView('printer.example', 2000, now, {
    status: 'critical',
    problems: problem('self-signed'),
    tags: ['internal CA'],
  }),
  jobView('legacy.example', -3, now, { status: 'critical', problems: problem('expired') }),
  jobView('old.example', 12, now, { status: 'critical', problems: problem('weak-key'), paused: true }),
  jobView('new.example', null, now, { status: 'pending' }),
];
const wrong = [
  jobView('down.example', 40, now, {
    status: 'unreachable',
    problems: [{ code: 'unreachable', severity: 'critical', message: 'Nothing listens on port 636.' }],
  }),
  jobView('camera.example', 900, now, {
    status: 'critical',
    problems: [{ code: 'self-signed', severity: 'critical', message: 'Self-signed.', accepted: true }],
  }),
  jobView('late.example', 9, now, {
    status: 'warning',
    problems: [{ code: 'expiring', severity: 'warning', message: 'Expires in 9 days.' }],
  }),
  jobView('corp.example', 40, now, {
    status: 'critical',
    problems: [
      {
        code: 'untrusted-issuer',
        severity: 'critical',
        message: 'The chain ends at “Corp Root G2”, which is not trusted on this machine.',
      },
    ],
  }),
  jobView('neat.example', 40, now, {
    problems: [{ code: 'weak-key', severity: 'note', message: 'Odd, and no client minds.' }],
  }),
].map((job) => (job.id === 'late.example' ? overdue(job) : job));
function overdue(job: JobView): JobView {
  const renewalOverdueAt = new Date(now - 86_400_000).toISOString();
  return { ...job, lastCheck: job.lastCheck && { ...job.lastCheck, renewalOverdueAt } };
}
const found = (search: string) =>
  filterJobs(jobs, { ...noFilter, search }, now).map(({ id }) => id.replace('.example', ''));

describe('the search', () => {
  it.each([
    ['smtp.kestrel', ['mail.kestrel']],
    ['expired', ['legacy']],
    ['self-signed', ['printer']],
    ['weak', ['old']],
    ['maria', ['mail.kestrel']],
    ['o=kestrel', ['mail.kestrel']],
    ['192.0.2.82', ['mail.kestrel']],
    ['5C:0E:91:7A', ['mail.kestrel']],
    [fingerprint.toUpperCase(), ['mail.kestrel']],
    ['9F:3C:51:E0:77:2A', ['mail.kestrel']],
    ['encrypt', ['mail.kestrel']],
    ['nothing', []],
    ['  ', ['mail.kestrel', 'printer', 'legacy', 'old', 'new']],
  ])('finds %s in names, problems, notes, subject, address, serial number and fingerprint', (search, hosts) =>
    expect(found(search)).toEqual(hosts),
  );

  it.each([
    ['nothing listens', ['down']],
    ['port 636', ['down']],
    ['unreachable', ['down']],
    ['self-signed', ['camera']],
    ['accepted', ['camera']],
    ['renewal overdue', ['late']],
    ['corp root g2', ['corp']],
    ['not trusted', ['corp']],
    ['weak', []],
  ])('finds %s in what the list and the host page say is wrong', (search, hosts) =>
    expect(
      filterJobs(wrong, { ...noFilter, search }, now).map(({ id }) => id.replace('.example', '')),
    ).toEqual(hosts),
  );

  it.each([
    ['paused', ['old']],
    ['not checked yet', ['new']],
    ["let's encrypt", ['mail.kestrel']],
    ['"let\'s encrypt r13"', ['mail.kestrel']],
    ['serial=5C0E917A22D408B3', ['mail.kestrel']],
    ['00:5c:0e:91', ['mail.kestrel']],
    ['fingerprint=9F:3C:51:E0:77:2A', ['mail.kestrel']],
  ])('finds %s as a person or a tool writes it', (search, hosts) => expect(found(search)).toEqual(hosts));

  it.each([
    ['tag:mail', ['mail.kestrel']],
    ['tag:"internal CA"', ['printer']],
    ['TAG:MAIL', ['mail.kestrel']],
    ['tag:', ['mail.kestrel', 'printer', 'legacy', 'old', 'new']],
    ['status:attention', ['printer', 'legacy']],
    ['status:paused', ['old']],
    ['status:accepted', []],
    ['status:exp', ['legacy']],
    ['status:nonsense', []],
    ['issuer:"let’s encrypt"', ['mail.kestrel']],
    ["issuer:let's", ['mail.kestrel']],
    ['expires<30', ['legacy', 'old']],
    ['expires>1000', ['printer']],
    ['-status:attention expires<100', ['mail.kestrel', 'old']],
    ['"mail, o=kestrel"', ['mail.kestrel']],
    ['tag:mail maria expires>30', ['mail.kestrel']],
  ])('filters by %s', (search, hosts) => expect(found(search)).toEqual(hosts));

  it('never throws on what is still being typed', () => {
    for (const text of ['"', 'tag:"', '-', 'expires<', ':', 'status:', '""', '-"']) readSearch(text);
  });
});

describe('completions', () => {
  const vocabulary = { tags: ['web', 'internal CA'], issuers: ['Let’s Encrypt R13'] };
  it.each([
    ['', []],
    ['ta', ['tag:']],
    ['mail -st', ['mail -status:']],
    ['tag:', ['tag:web ', 'tag:"internal CA" ']],
    ['mail tag:int', ['mail tag:"internal CA" ']],
    ['tag:"internal C', ['tag:"internal CA" ']],
    ['status:cr', ['status:critical ']],
    ['issuer:enc', ['issuer:"Let’s Encrypt R13" ']],
    ['exp', ['expires<30']],
    ['tag:"a b" st', ['tag:"a b" status:']],
    ['web', []],
  ])('of %s', (search, expected) =>
    expect(completions(search, vocabulary).map((one) => one.search)).toEqual(expected),
  );
});

it('finds the hosts that have an accepted problem, by the search and by the view', () => {
  const accepted = problem('self-signed').map((one) => ({ ...one, accepted: true as const }));
  const lab = jobView('lab.example', 400, now, { problems: accepted });
  const listed = (more: object) => filterJobs([...jobs, lab], { ...noFilter, ...more }, now);
  expect(listed({ search: 'status:accepted' })).toEqual([lab]);
  expect(listed({ group: 'accepted' })).toEqual([lab]);
  expect(listed({ search: '-status:accepted' })).toEqual(jobs);
});

describe('splitSearch', () => {
  // The sign | is where the person types.
  it.each([
    ['|', [], ''],
    ['mail|', [], 'mail'],
    ['tag:web|', [], 'tag:web'],
    ['tag:web', ['tag:web'], ''],
    ['tag:web |', ['tag:web'], ''],
    ['tag:', [], 'tag:'],
    ['tag:"internal CA|', [], 'tag:"internal CA'],
    ['-status:ok expires<30 mail "two words"|', ['-status:ok', 'expires<30'], 'mail "two words"'],
    ['mail tag:web  x|', ['tag:web'], 'mail  x'],
    ['tag:a expires<3|', ['tag:a'], 'expires<3'],
    ['tag:i| web', [], 'tag:i web'],
    ['tag:a status:o| web', ['tag:a'], 'status:o web'],
    ['foo expires<3| bar', [], 'foo expires<3 bar'],
  ])('%j', (typed, filters, text) => {
    const at = typed.indexOf('|');
    const split = splitSearch(typed.replace('|', ''), at < 0 ? null : at);
    expect(split).toEqual({ filters, text });
    // Together again it is the same search, and its filters stay complete.
    const after = at < 0 ? null : typed.length - 1 - at;
    const joined = joinSearch(split);
    expect(splitSearch(joined, after === null ? null : joined.length - after)).toEqual({ filters, text });
  });
});
