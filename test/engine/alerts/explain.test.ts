import { expect, it } from 'vitest';
import { jobInputSchema } from '../../../shared/schema/job.ts';
import { TestEngine } from '../../support/test-engine.ts';
import { serveTls } from '../../support/tls-server.ts';

const now = Date.parse('2026-11-24T10:00:00Z');
const day = 86_400_000;

it('names thresholds and rules with where they come from, and what holds alerts back', async () => {
  await using test = new TestEngine({ now });
  const leaf = test.ca.issue({ now, notBeforeDays: -75, notAfterDays: 15 });
  await using server = await serveTls(leaf, [test.ca]);
  test.engine.start();
  await test.engine.settings.edit({
    tagRules: [
      {
        tag: 'shop',
        thresholds: { warning: { days: 20 }, critical: null },
        alerts: { ...test.engine.settings.current.alerts, changes: false },
      },
    ],
    quietHours: { from: '09:00', to: '12:00', timezone: 'UTC' },
  });
  const input = {
    target: { host: 'localhost', port: server.port },
    tags: ['shop'],
    alerts: { unreachableMinutes: 5, notifyAt: [{ days: 60 }, { share: 0.5 }] },
  };
  const { id } = await test.engine.jobs.add(jobInputSchema.parse(input));
  await test.engine.checks.checkNow(id);
  test.clock.advance(5_000);
  const explanation = test.engine.alerts.explain(id);
  const validTo = Date.parse(test.engine.jobs.detail(id)?.lastCheck?.validTo ?? '');
  expect(explanation).toMatchObject({
    warning: { value: '20 days', source: 'tag shop', at: new Date(validTo - 20 * day).toISOString() },
    critical: { source: 'default', at: new Date(validTo - 7 * day).toISOString() },
    renewals: { habit: null, overdueAt: null },
    heldBack: [{ reason: expect.stringMatching(/^Quiet hours/), until: '2026-11-24T12:00:00.000Z' }],
    // It waits for the end of quiet hours.
    alerts: [{ kind: 'expiring', notifiedAt: null }],
  });
  expect(explanation?.rules).toEqual(
    expect.arrayContaining([
      { rule: 'changes', value: 'off', source: 'tag shop' },
      { rule: 'unreachableMinutes', value: '5', source: 'host' },
      { rule: 'notifyAt', value: '60 days, 50 %', source: 'host' },
      { rule: 'expiry', value: 'on', source: 'default' },
    ]),
  );
  const [alert] = explanation?.alerts ?? [];
  test.engine.alerts.snooze(alert?.id ?? 0, 'renewed');
  await test.engine.jobs.edit(id, { paused: true });
  expect(test.engine.alerts.explain(id)?.heldBack.map(({ reason }) => reason)).toEqual([
    'The host is paused.',
    expect.stringMatching(/^Quiet hours/),
    expect.stringMatching(
      /^Snoozed: localhost.* expires in 15 days|^Snoozed: localhost.* expires in 14 days/,
    ),
  ]);
  expect(test.engine.alerts.explain('nobody')).toBeNull();
  await test.engine.settings.edit({ quietHours: null, quietUntil: '2026-11-25T08:00:00Z' });
  const quiet = {
    reason: 'Quiet is on: only critical alerts notify you.',
    until: '2026-11-25T08:00:00.000Z',
  };
  expect(test.engine.alerts.explain(id)?.heldBack).toContainEqual(quiet);
  test.clock.advance(day);
  expect(test.engine.alerts.explain(id)?.heldBack).not.toContainEqual(quiet);
});
