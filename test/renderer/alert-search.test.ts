import { describe, expect, it } from 'vitest';
import { readAlertSearch } from '../../renderer/alerts/alert-search.ts';
import { alertsAddress, readAlertsPlace } from '../../renderer/alerts/alerts-address.ts';
import type { Alert } from '../../shared/schema/alert.ts';
import { jobView } from '../support/job-view.ts';

const now = Date.parse('2026-11-24T10:00:00Z');
const alert = (id: number, title: string, more: Partial<Alert> = {}): Alert => ({
  id,
  jobId: String(id),
  key: 'problem:weak-key',
  raisedAt: '2026-11-24T09:00:00.000Z',
  kind: 'problem',
  severity: 'critical',
  title,
  body: 'Issue a certificate with a longer key.',
  notifiedAt: null,
  resolvedAt: null,
  acknowledgedAt: null,
  snoozedUntil: null,
  ...more,
});
const at = '2026-11-24T09:30:00.000Z';
const subjects = [
  {
    alert: alert(1, 'mail has a weak key'),
    job: jobView('mail.example', 12, now, { tags: ['web', '24x7'] }),
  },
  {
    alert: alert(2, 'shop has a weak key', { snoozedUntil: 'renewed' }),
    job: jobView('shop.example', 80, now),
  },
  { alert: alert(3, 'old is gone', { acknowledgedAt: at, severity: 'warning' }), job: undefined },
  {
    alert: alert(4, 'late expired', { resolvedAt: at }),
    job: jobView('late.example', -2, now, { tags: ['web'] }),
  },
  { alert: alert(5, 'new was renewed', { severity: 'info' }), job: jobView('new.example', 90, now) },
];
const found = (search: string) => {
  const matches = readAlertSearch(search);
  return subjects.filter((subject) => matches(subject, now)).map((subject) => subject.alert.id);
};

describe('the search of alerts', () => {
  it.each([
    ['', [1, 2, 3, 4, 5]],
    ['WEAK', [1, 2]],
    ['"a weak key"', [1, 2]],
    ['shop.example', [2]],
    ['longer key mail', [1]],
    ['tag:web', [1, 4]],
    ['-tag:web', [2, 3, 5]],
    ['expires<30', [1, 4]],
    ['expires>30', [2, 5]],
    ['status:attention', [1]],
    ['status:snoozed', [2]],
    ['status:ack', [3]],
    ['status:resolved', [4]],
    ['status:info', [5]],
    ['status:warning', [3]],
    ['status:nothing', []],
    ['status:', [1, 2, 3, 4, 5]],
    ['tag:web -status:resolved', [1]],
  ])('%s', (search, ids) => expect(found(search)).toEqual(ids));
});

describe('the address of the alerts', () => {
  it.each([
    '#/alerts',
    '#/alerts?show=all',
    '#/alerts?q=tag%3A%22internal+CA%22',
    '#/alerts?show=all&q=mail',
  ])('is read as it was written: %s', (hash) =>
    expect(alertsAddress(readAlertsPlace(hash.split('?')[1] ?? ''))).toBe(hash),
  );
  it('leaves out what it does not know', () =>
    expect(readAlertsPlace('show=colour&x=y')).toEqual({ show: 'open', search: '' }));
});
