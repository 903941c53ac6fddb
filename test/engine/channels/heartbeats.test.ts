import { createServer } from 'node:http';
import { expect, it } from 'vitest';
import { groupWaitMs } from '../../../electron/engine/alerts/grouping.ts';
import { channelSchema } from '../../../shared/schema/channels/channel.ts';
import { type Heartbeat, heartbeatSchema } from '../../../shared/schema/heartbeat.ts';
import { jobInputSchema } from '../../../shared/schema/job.ts';
import { webhookSchema } from '../../../shared/schema/webhook.ts';
import { siteInTrouble } from '../../support/site-in-trouble.ts';
import { TestEngine } from '../../support/test-engine.ts';
import { listen, serveTls } from '../../support/tls-server.ts';

const minute = 60_000;

/** What a watcher of heartbeats got. */
async function watcher(status = 200) {
  const got: string[] = [];
  const server = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk: Buffer) => {
      text += chunk.toString();
    });
    request.on('end', () => {
      got.push(`${request.method} ${request.url}${text === '' ? '' : ` ${text}`}`);
      response.writeHead(status).end();
    });
  });
  const { port, close } = await listen(server);
  return { got, url: `http://127.0.0.1:${port}`, [Symbol.asyncDispose]: close };
}

const beat = (url: string, more: Partial<Heartbeat> = {}) =>
  heartbeatSchema.parse({ name: 'watch', url: `${url}/alive`, failUrl: `${url}/fail`, ...more });

it('calls its address at once and then every so many minutes, and tells of a pause', async () => {
  await using other = await watcher();
  await using test = new TestEngine();
  test.engine.start();
  await test.engine.settings.edit({ heartbeats: [beat(other.url, { method: 'POST' })] });
  await expect.poll(() => other.got).toEqual(['POST /alive ok']);
  test.clock.advance(5 * minute - 1);
  test.clock.advance(1);
  await expect.poll(() => other.got.length).toBe(2);
  await test.engine.settings.edit({ pause: { until: null } });
  test.clock.advance(5 * minute);
  await expect.poll(() => other.got.at(-1)).toBe('POST /alive paused');
  await test.engine.settings.edit({ heartbeats: [] });
  test.clock.advance(60 * minute);
  expect(other.got).toHaveLength(3);
});

it('posts the reason elsewhere while an alert cannot be delivered for an hour', async () => {
  await using other = await watcher();
  await using broken = await watcher(503);
  await using test = new TestEngine();
  await using server = await serveTls(test.ca.issue({ notBeforeDays: -90, notAfterDays: -2 }), [test.ca]);
  test.engine.start();
  await test.engine.settings.edit({
    heartbeats: [beat(other.url, { minutes: 60 })],
    webhooks: [webhookSchema.parse({ name: 'ops', url: broken.url })],
  });
  const input = { target: { host: 'localhost', port: server.port } };
  const { id } = await test.engine.jobs.add(jobInputSchema.parse(input));
  await test.engine.checks.checkNow(id);
  test.clock.advance(groupWaitMs);
  const attempts = () => test.engine.channels.list({ limit: 1, offset: 0 }).items[0]?.attempts ?? 0;
  await expect.poll(attempts).toBe(1);
  await expect.poll(() => other.got).toEqual(['GET /alive']);
  test.clock.set(test.clock.now() + 61 * minute);
  test.engine.wake();
  await expect
    .poll(() => other.got.at(-1))
    .toBe('POST /fail An alert has been waiting for an hour because a channel does not accept it.');
});

it('posts the reason elsewhere while Alertmanager does not accept the open alerts for an hour', async () => {
  await using other = await watcher();
  await using broken = await watcher(503);
  const channel = channelSchema.parse({ type: 'alertmanager', name: 'am', urls: [broken.url] });
  const heartbeats = [beat(other.url, { minutes: 60 })];
  await using site = await siteInTrouble({ settings: { channels: [channel], heartbeats } });
  const { clock, engine } = site.test;
  clock.advance(groupWaitMs);
  await expect
    .poll(() => {
      if (broken.got.length === 0) clock.advance(1_000);
      return site.test.log.lines.join('\n');
    })
    .toContain('did not take the open alerts');
  clock.set(clock.now() + 61 * minute);
  engine.wake();
  await expect.poll(() => other.got.at(-1)).toMatch(/^POST \/fail An alert has been waiting/);
});

it('writes its failure once, and no address', async () => {
  await using other = await watcher(500);
  await using test = new TestEngine();
  test.engine.start();
  await test.engine.settings.edit({ heartbeats: [beat(`${other.url}/secret-path`)] });
  for (let count = 1; count < 4; count += 1) {
    await expect.poll(() => other.got.length).toBe(count);
    test.clock.advance(5 * minute);
  }
  await expect.poll(() => test.log.lines.filter((line) => line.includes('heartbeat')).length).toBe(1);
  expect(test.log.lines.join('\n')).not.toContain('secret-path');
});
