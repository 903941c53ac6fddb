import { expect, it } from 'vitest';
import { Metrics } from '../../../electron/api/metrics/metrics.ts';
import { groupWaitMs } from '../../../electron/engine/alerts/grouping.ts';
import { FailingChannels, failingNoticeMs } from '../../../electron/engine/channels/failing-channels.ts';
import { jobInputSchema } from '../../../shared/schema/job.ts';
import { webhookSchema } from '../../../shared/schema/webhook.ts';
import { receiveChannels } from '../../support/channel-receiver.ts';
import { ManualClock } from '../../support/manual-clock.ts';
import { KeptLog, TestEngine } from '../../support/test-engine.ts';
import { serveTls } from '../../support/tls-server.ts';

const minute = 60_000;

/** What is reported over time, with the names of the channels. */
function followed({
  isOn = () => true,
  isOffline = () => false,
}: {
  isOn?: (name: string) => boolean;
  isOffline?: () => boolean;
} = {}) {
  const clock = new ManualClock();
  const reports: string[] = [];
  const onChange = (failing: readonly { name: string }[]) =>
    reports.push(failing.map(({ name }) => name).join());
  const health = new FailingChannels({ clock, log: new KeptLog(), isOn, isOffline, onChange });
  return { clock, reports, health };
}

it('reports a channel after an hour of failures, once, and that it works again', () => {
  const { clock, reports, health } = followed();
  health.note('ops', false);
  clock.advance(30 * minute);
  health.note('ops', false);
  clock.advance(failingNoticeMs - 30 * minute - 1);
  expect(reports).toEqual([]);
  clock.advance(1);
  expect(reports).toEqual(['ops']);
  clock.advance(5 * 60 * minute);
  health.note('ops', false);
  expect(reports).toEqual(['ops']);
  expect(health.failingMs('ops')).toBe(6 * 60 * minute);
  health.note('ops', true);
  expect(reports).toEqual(['ops', '']);
  expect(clock.pending).toBe(0);
});

it('counts again from the first failure after a success, and each channel by itself', () => {
  const { clock, reports, health } = followed();
  health.note('ops', false);
  clock.advance(50 * minute);
  health.note('ops', true);
  health.note('chat', false);
  health.note('ops', false);
  clock.advance(59 * minute);
  expect(reports).toEqual([]);
  health.note('ops', true);
  clock.advance(minute);
  expect(reports).toEqual(['chat']);
});

it('says nothing of a channel that is off or gone, or while this machine is offline', () => {
  const state = { isOn: true, isOffline: true };
  const { clock, reports, health } = followed({ isOn: () => state.isOn, isOffline: () => state.isOffline });
  health.note('ops', false);
  clock.advance(2 * failingNoticeMs);
  expect(reports).toEqual([]);
  state.isOffline = false;
  health.look();
  expect(reports).toEqual(['ops']);
  state.isOn = false;
  health.look();
  expect(reports).toEqual(['ops', '']);
});

it('is in the state, in the metrics and known after a restart', async () => {
  await using chat = await receiveChannels(() => ({ status: 500 }));
  await using test = new TestEngine();
  await using server = await serveTls(test.ca.issue({ notBeforeDays: -90, notAfterDays: -2 }), [test.ca]);
  test.engine.start();
  await test.engine.settings.edit({
    webhooks: [
      webhookSchema.parse({ name: 'ops', url: `${chat.url}/alerts` }),
      webhookSchema.parse({ name: 'idle', url: `${chat.url}/idle`, tags: ['none'] }),
    ],
  });
  const { id } = await test.engine.jobs.add(
    jobInputSchema.parse({ target: { host: 'localhost', port: server.port } }),
  );
  await test.engine.checks.checkNow(id);
  test.clock.advance(groupWaitMs);
  await expect
    .poll(() => test.engine.channels.failing().find(({ name }) => name === 'ops')?.failingMs)
    .toBe(0);
  await expect.poll(() => test.engine.channels.list({ limit: 1, offset: 0 }).items[0]?.attempts).toBe(1);
  expect(test.engine.status.state.failingChannels).toEqual([]);
  test.clock.set(test.clock.now() + failingNoticeMs);
  test.engine.wake();
  await expect.poll(() => test.engine.status.state.failingChannels).toMatchObject([{ name: 'ops' }]);
  const metrics = new Metrics(test.engine);
  let text = '';
  for await (const piece of metrics.render()) text += piece;
  metrics.close();
  expect(text).toMatch(/notafter_channel_failing_seconds\{channel="ops"\} 36\d\d/);
  expect(text).toContain('notafter_channel_failing_seconds{channel="idle"} 0');
  await test.restart();
  expect(test.engine.status.state.failingChannels).toMatchObject([{ name: 'ops' }]);
  await test.engine.settings.edit({ channels: [] });
  expect(test.engine.status.state.failingChannels).toEqual([]);
});
