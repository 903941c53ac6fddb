import { expect, it } from 'vitest';
import { groupIntervalMs, groupWaitMs } from '../../../electron/engine/alerts/grouping.ts';
import { channelSchema } from '../../../shared/schema/channels/channel.ts';
import { jobInputSchema } from '../../../shared/schema/job.ts';
import { receiveChannels } from '../../support/channel-receiver.ts';
import { siteInTrouble } from '../../support/site-in-trouble.ts';
import { serveTls } from '../../support/tls-server.ts';

it('restarted before its group was notified, an incident channel gets no second trigger, and the risen alert comes', async () => {
  await using hook = await receiveChannels();
  await using jsm = await receiveChannels(() => ({ status: 202 }));
  const channels = [
    { type: 'webhook', name: 'program', url: `${hook.url}/x`, grouped: false },
    { type: 'jsm', name: 'incidents', url: jsm.url, apiKey: 'key' },
    { type: 'slack', name: 'chat', url: `${hook.url}/chat` },
  ].map((given) => channelSchema.parse(given));
  await using site = await siteInTrouble({ settings: { channels }, notAfterDays: 10 });
  const { test } = site;
  await using other = await serveTls(test.ca.issue({ notBeforeDays: -80, notAfterDays: 10 }), [test.ca]);
  const severities = () =>
    hook.received
      .filter(({ path }) => path === '/x')
      .map(({ body }) => `${body['event']} ${body['severity']}`);
  const got = () => [
    severities().length,
    jsm.received.length,
    hook.received.filter(({ path }) => path === '/chat').length,
  ];
  /** What was answered is written down by then. */
  const idle = () => expect.poll(() => test.engine.channels.list({ limit: 9, offset: 0 }).items).toEqual([]);
  test.clock.advance(groupWaitMs);
  await expect.poll(got).toEqual([1, 1, 1]);
  const target = { host: 'localhost', port: other.port };
  const alerts = { remindEveryDays: 0 };
  const { id } = await test.engine.jobs.add(jobInputSchema.parse({ target, alerts }));
  await test.engine.checks.checkNow(id);
  test.clock.advance(groupWaitMs);
  // The chat waits for others of the cause.
  await expect.poll(got).toEqual([2, 2, 1]);
  await idle();
  await test.restart();
  test.clock.advance(groupWaitMs);
  await expect.poll(() => got()[2]).toBe(2);
  expect(got()).toEqual([2, 2, 2]);
  // It grows worse while its group waits.
  await test.engine.jobs.edit(id, { thresholds: { warning: { days: 40 }, critical: { days: 20 } } });
  await test.engine.checks.checkNow(id);
  test.clock.advance(groupWaitMs);
  await expect.poll(got).toEqual([3, 3, 3]);
  await idle();
  expect(severities()).toEqual(['alert warning', 'alert warning', 'alert critical']);
  await test.restart();
  test.clock.advance(groupIntervalMs);
  for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  expect(severities()).toEqual(['alert warning', 'alert warning', 'alert critical']);
  expect(jsm.received).toHaveLength(3);
});
