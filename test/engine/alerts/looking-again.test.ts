import { expect, it } from 'vitest';
import { groupWaitMs } from '../../../electron/engine/alerts/grouping.ts';
import { jobInputSchema } from '../../../shared/schema/job.ts';
import { TestEngine } from '../../support/test-engine.ts';
import { serveTls } from '../../support/tls-server.ts';

const hour = 3_600_000;
const day = 24 * hour;
const start = Date.parse('2026-11-24T10:00:00Z');
const monthly = { type: 'cron', pattern: '0 5 1 * *', timezone: 'UTC' } as const;

/** An engine with a job that is checked once a month, on a server whose certificate has so many days left. */
async function watched(daysLeft: number, more: object = {}) {
  const test = new TestEngine({ now: start });
  const leaf = test.ca.issue({ now: start, notBeforeDays: daysLeft - 90, notAfterDays: daysLeft });
  const server = await serveTls(leaf, [test.ca]);
  test.engine.start();
  const target = { host: 'localhost', port: server.port };
  const thresholds = { warning: { days: 30 }, critical: null };
  const job = jobInputSchema.parse({ target, name: 'Shop', schedule: monthly, thresholds, ...more });
  const { id } = await test.engine.jobs.add(job);
  await test.engine.checks.checkNow(id);
  test.clock.advance(groupWaitMs);
  return {
    test,
    id,
    notified: () => test.events.flatMap((event) => (event.type === 'alert' ? [event.alert.title] : [])),
    stopServer: () => server.close(),
    async [Symbol.asyncDispose]() {
      await test[Symbol.asyncDispose]();
      await server.close().catch(() => undefined); // A test may have closed it.
    },
  };
}

const window = { from: '2026-11-25T08:00:00Z', to: '2026-11-25T20:00:00Z' };

it('notifies of a threshold crossed in a maintenance window when that ends, with no check', async () => {
  await using site = await watched(30 + 1 + 1 / 24, { alerts: { maintenance: [window] } });
  const { test, notified } = site;
  test.clock.advance(25.5 * hour);
  expect(notified()).toEqual([]);
  test.clock.advance(start + 34 * hour - test.clock.now() - 1);
  expect(notified()).toEqual([]);
  test.clock.advance(1 + groupWaitMs + 1_000);
  expect(notified()).toEqual(['Shop expires in 29 days']);
});

it('notifies of it after a restart within the window too', async () => {
  await using site = await watched(30 + 1 + 1 / 24, { alerts: { maintenance: [window] } });
  const { test, notified } = site;
  test.clock.advance(26 * hour);
  await test.restart(hour);
  test.clock.advance(9 * hour);
  expect(notified()).toEqual(['Shop expires in 29 days']);
});

it('checks the host for what is not decided by time alone, since it may be over', async () => {
  const test = new TestEngine({ now: start });
  await using server = await serveTls(test.ca.issue({ now: start, sans: ['other.example'] }), [test.ca]);
  await using _ = test;
  test.engine.start();
  const target = { host: 'localhost', port: server.port };
  const maintenance = [{ from: '2026-11-24T09:00:00Z', to: '2026-11-24T12:00:00Z' }];
  const input = { target, name: 'Shop', schedule: monthly, alerts: { maintenance } };
  const { id } = await test.engine.jobs.add(jobInputSchema.parse(input));
  await test.engine.checks.checkNow(id);
  const checked = test.next('check-finished');
  test.clock.advance(2 * hour + 1_000);
  await checked;
  test.clock.advance(groupWaitMs);
  const titles = test.events.flatMap((event) => (event.type === 'alert' ? [event.alert.title] : []));
  expect(titles).toEqual(['Shop shows a certificate for another name']);
});

it('notifies of the expiry of a host that went down, between its monthly checks', async () => {
  await using site = await watched(45, { alerts: { unreachable: false } });
  const { test, id, notified } = site;
  await site.stopServer();
  expect((await test.engine.checks.checkNow(id))?.status).toBe('unreachable');
  const checked = test.next('check-finished');
  test.clock.set(start + 16 * day);
  test.engine.wake();
  test.clock.advance(1_000);
  await checked;
  test.clock.advance(groupWaitMs + 1_000);
  expect(notified()).toEqual(['Shop expires in 28 days']);
  const [alert] = test.engine.alerts.list({ limit: 1, offset: 0 }).items;
  expect(alert?.body).toMatch(/The host has been unreachable since 24 November 2026 at 10:00 UTC/);
});
