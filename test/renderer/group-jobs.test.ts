import { describe, expect, it } from 'vitest';
import { keywordsOf } from '../../electron/engine/store/summary.ts';
import { groupJobs } from '../../renderer/hosts/list/group-jobs.ts';
import { groupedRows, plainRows } from '../../renderer/hosts/list/list-rows.ts';
import { certificateNames } from '../../shared/domain/certificate-names.ts';
import type { CertificateFacts } from '../../shared/schema/certificate.ts';
import type { JobView } from '../../shared/schema/job.ts';
import { jobView } from '../support/job-view.ts';

const now = Date.parse('2026-11-24T10:00:00Z');

interface Issue {
  sans: string[];
  subject?: string;
  serial: string;
}

/** A host that shows an issue of a certificate, so many days before it expires. */
function host(
  name: string,
  days: number,
  { sans, subject = 'CN=x', serial }: Issue,
  more: Partial<JobView> = {},
) {
  const job = jobView(name, days, now, more);
  const fingerprint256 = `${serial}:AA:BB`;
  // SAFETY: these are the fields that keywords are made of.
  const facts = { sans, subject, serialNumber: serial, fingerprint256 } as CertificateFacts;
  const { lastCheck } = job;
  return {
    ...job,
    lastCheck: lastCheck && { ...lastCheck, fingerprint256, keywords: keywordsOf(facts, '192.0.2.7') },
  };
}

const old = { sans: ['*.example.com', 'example.com'], serial: '01' };
const renewed = { ...old, serial: '02' };
const labels = (jobs: readonly JobView[], by: Parameters<typeof groupJobs>[1]) =>
  groupJobs(jobs, by).map(({ label, detail, jobs: found }) => [
    label,
    detail,
    found.map(({ id }) => id).join(' '),
  ]);

describe('groupJobs by certificate', () => {
  it('puts a wildcard and its renewal under one heading, and the hosts that lack the renewal first', () => {
    const jobs = [
      host('a', 85, renewed),
      host('b', 12, old),
      host('c', 85, renewed),
      host('d', 40, { sans: ['other.example'], serial: '03' }),
      jobView('e', null, now, { status: 'unreachable' }),
    ];
    expect(labels(jobs, 'certificate')).toEqual([
      ['*.example.com', '3 hosts, renewed on 2', 'b a c'],
      ['On one host only', '1 host', 'd'],
      ['No certificate', '1 host', 'e'],
    ]);
  });
  it('says nothing of a renewal where all hosts have the same certificate', () => {
    expect(labels([host('a', 12, old), host('b', 12, old)], 'certificate')).toEqual([
      ['*.example.com', '2 hosts', 'a b'],
    ]);
  });
  it('takes for the newest what was issued last, also where it expires first', () => {
    // 90 days each: issued 5 days ago and 50 days ago.
    const jobs = [host('a', 85, old), host('b', 40, renewed)];
    expect(labels(jobs, 'certificate')).toEqual([['*.example.com', '2 hosts, renewed on 1', 'b a']]);
  });
});

describe('certificateNames', () => {
  it.each([
    [['www.example', 'example'], 'CN=www.example, O=Example, Inc.', 'www.example'],
    [[], 'CN=old printer, O=Example', 'old printer'],
    [[], 'O=Only an organization', 'o=only an organization'],
    [['192.0.2.1'], '', '192.0.2.1'],
  ])('reads names back from keywords: %j %s', (sans, subject, first) => {
    const [one, other] = ['01', '0FF2'].map((serial) => host('h', 1, { sans, subject, serial }).lastCheck);
    expect(one && certificateNames(one)?.first).toBe(first);
    expect(one && certificateNames(one)).toEqual(other && certificateNames(other));
  });
  it('finds none where no certificate was seen', () => {
    expect(certificateNames({ keywords: '', fingerprint256: null })).toBeNull();
    expect(certificateNames({ keywords: 'a b', fingerprint256: 'AA:BB' })).toBeNull();
  });
});

describe('groupJobs by issuer, tag and month', () => {
  const jobs = [
    jobView('a', 2, now, { tags: ['web', 'mail'], status: 'critical' }),
    jobView('b', 40, now, { tags: ['mail'] }),
    jobView('c', null, now),
    jobView('d', -3, now),
  ];
  it('shows a host under each of its tags, each row with an id of its own', () => {
    expect(labels(jobs, 'tag')).toEqual([
      ['web', '1 host', 'a'],
      ['mail', '2 hosts', 'a b'],
      ['No tags', '2 hosts', 'c d'],
    ]);
    const ids = groupedRows(groupJobs(jobs, 'tag'), new Set(['web'])).map(({ id }) => id);
    expect(ids).toEqual(['group web', 'group mail', 'a', 'b', 'group ', 'c', 'd']);
    const open = groupedRows(groupJobs(jobs, 'tag'), new Set()).map(({ id }) => id);
    expect(open).toEqual(['group web', 'a', 'group mail', 'a mail', 'b', 'group ', 'c', 'd']);
    expect(new Set(open).size).toBe(open.length);
  });
  it('orders months by the calendar, and has those without a certificate last', () => {
    expect(labels(jobs, 'month')).toEqual([
      ['November 2026', '2 hosts', 'a d'],
      ['January 2027', '1 host', 'b'],
      ['No certificate', '1 host', 'c'],
    ]);
  });
  it('has the worst level of its hosts', () => {
    expect(groupJobs(jobs, 'issuer').map(({ mark }) => mark)).toEqual(['critical']);
  });
});

describe('plainRows', () => {
  it('keeps the row of a host that did not change, so that it is not drawn again', () => {
    const job = jobView('a', 2, now);
    expect(plainRows([job])[0]).toBe(plainRows([job])[0]);
  });
});

describe('groupJobs by status', () => {
  const selfSigned = { code: 'self-signed' as const, severity: 'critical' as const, message: '' };

  it('puts what needs attention first, whatever the order of the list, and what is paused or accepted under its own', () => {
    const jobs = [
      jobView('fine', 61, now),
      jobView('asleep', 1, now, { status: 'critical', paused: true }),
      jobView('printer', 900, now, { status: 'critical', problems: [{ ...selfSigned, accepted: true }] }),
      jobView('fresh', null, now, { status: 'pending' }),
      jobView('broken', 80, now, { status: 'critical', problems: [selfSigned] }),
    ];
    const groups = groupJobs(jobs, 'status');
    expect(groups.map(({ label, mark, jobs: found }) => [label, mark, found.map(({ id }) => id)])).toEqual([
      ['Needs attention', 'critical', ['broken']],
      ['Accepted', 'accepted', ['printer']],
      ['Paused', 'paused', ['asleep']],
      ['Not checked yet', 'pending', ['fresh']],
      ['OK', 'ok', ['fine']],
    ]);
  });
});
