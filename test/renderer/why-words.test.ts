import { describe, expect, it } from 'vitest';
import { offWords, reminderWords, untilWords, whyAnswer } from '../../renderer/host-detail/why-words.ts';
import { exactDate, shortTime } from '../../renderer/lib/dates.ts';
import { type Alert, alertSchema } from '../../shared/schema/alert.ts';
import type { Explanation } from '../../shared/schema/explanation.ts';

const now = Date.parse('2026-11-26T10:00:00Z');
const alert = (more: Partial<Alert>): Alert =>
  alertSchema.parse({
    id: 1,
    jobId: '0b3d8f86-3c1f-4a7c-9d1c-000000000001',
    key: 'expiry:AB',
    raisedAt: '2026-11-25T10:00:00.000Z',
    kind: 'expiring',
    severity: 'warning',
    title: 'mail expires in 9 days',
    body: '',
    notifiedAt: null,
    resolvedAt: null,
    acknowledgedAt: null,
    snoozedUntil: null,
    ...more,
  });
const calm: Explanation = {
  warning: { value: '20 days', source: 'host', at: '2026-12-04T10:00:00.000Z' },
  critical: { value: '7 days', source: 'default', at: '2026-12-17T10:00:00.000Z' },
  rules: [{ rule: 'expiry', value: 'on', source: 'default' }],
  renewals: { habit: null, expectedAt: null, overdueAt: null },
  heldBack: [],
  alerts: [],
};
const quiet = { reason: 'Quiet hours: only critical alerts notify you.', until: null };

describe('why a person was, or was not, notified', () => {
  it.each<[string, Partial<Explanation>, RegExp | string]>([
    [
      'notified of one',
      { alerts: [alert({ notifiedAt: '2026-11-25T10:01:00.000Z' })] },
      `You were notified of an open alert: ${shortTime('2026-11-25T10:01:00.000Z')}.`,
    ],
    [
      'notified of several',
      {
        alerts: [
          alert({ id: 2, notifiedAt: '2026-11-25T10:01:00.000Z' }),
          alert({ notifiedAt: '2026-11-24T10:01:00.000Z' }),
        ],
      },
      `You were notified of 2 open alerts, last ${shortTime('2026-11-25T10:01:00.000Z')}.`,
    ],
    ['held back', { alerts: [alert({})], heldBack: [quiet] }, /notification is held back/],
    ['about to be', { alerts: [alert({})] }, /follows shortly/],
    [
      'resolved since',
      { alerts: [alert({ resolvedAt: '2026-11-25T11:00:00.000Z' })] },
      `There is no open alert. Expiry becomes a warning on ${exactDate('2026-12-04T10:00:00.000Z')}.`,
    ],
    ['good news only', { alerts: [alert({ kind: 'renewed', severity: 'info' })] }, /becomes a warning/],
    ['nothing yet, and held back', { heldBack: [quiet] }, /something holds alerts back/],
    ['expiry off', { rules: [{ rule: 'expiry', value: 'off', source: 'host' }] }, /expiry does not alert/],
    [
      'renews itself',
      { renewals: { habit: 'renewed', expectedAt: null, overdueAt: '2026-12-01T00:00:00.000Z' } },
      `This host renews its certificate by itself. You are notified if that has not happened by ${exactDate('2026-12-01T00:00:00.000Z')}.`,
    ],
    ['never seen', { warning: { ...calm.warning, at: null } }, /No certificate was seen yet/],
    [
      'past the threshold',
      { warning: { ...calm.warning, at: '2026-11-04T10:00:00.000Z' } },
      /^There is no open alert\.$/,
    ],
  ])('%s', (_name, more, said) => {
    const answer = whyAnswer({ ...calm, ...more }, now);
    if (typeof said === 'string') expect(answer).toBe(said);
    else expect(answer).toMatch(said);
  });

  it('names what is off and where that is decided', () => {
    expect(offWords(calm.rules)).toBeNull();
    expect(
      offWords([
        { rule: 'changes', value: 'off', source: 'tag shop' },
        { rule: 'unreachable', value: 'off', source: 'host' },
      ]),
    ).toBe('Unexpected changes (tag shop) and unreachable hosts (this host)');
  });

  it('says when reminders come, and until when something holds', () => {
    expect(['auto', '0', '1', '3'].map(reminderWords)).toEqual([
      'Daily, from 3 days before expiry',
      'Never',
      'Every 1 day while critical',
      'Every 3 days while critical',
    ]);
    expect(untilWords('renewed')).toBe('Until the certificate is renewed');
    expect(untilWords(null)).toBe('');
    expect(untilWords('2026-11-26T12:00:00.000Z')).toBe(`Until ${shortTime('2026-11-26T12:00:00.000Z')}`);
  });
});
