import { createServer } from 'node:http';
import { DatabaseSync } from 'node:sqlite';
import { createSecureContext } from 'node:tls';
import { expect, it } from 'vitest';
import { groupWaitMs } from '../../../electron/engine/alerts/grouping.ts';
import { rulesVersion } from '../../../electron/engine/verify/rules-version.ts';
import { jobInputSchema } from '../../../shared/schema/job.ts';
import { webhookSchema } from '../../../shared/schema/webhook.ts';
import { TestEngine } from '../../support/test-engine.ts';
import { listen, serveTls } from '../../support/tls-server.ts';

const minute = 60_000;

/** A webhook's other side. */
async function receive() {
  const posts: { event: string; title: string; body: string; severity: string }[] = [];
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      posts.push(JSON.parse(Buffer.concat(parts).toString()));
      response.writeHead(204).end();
    });
  });
  const { port, close } = await listen(server);
  return { posts, url: `http://127.0.0.1:${port}/`, [Symbol.asyncDispose]: close };
}

it('tells every channel once of the hosts that newer rules judge otherwise, which stay open alerts', async () => {
  await using grouped = await receive();
  await using each = await receive();
  await using test = new TestEngine();
  const middle = test.ca.issue({ name: 'Issuing', isCa: true, sans: [] });
  const leaf = middle.issue({ name: 'localhost' });
  let behind = [middle];
  await using server = await serveTls(leaf, [], {
    SNICallback: (_name, answer) =>
      answer(
        null,
        createSecureContext({ key: leaf.key, cert: [leaf, ...behind].map(({ pem }) => pem).join('') }),
      ),
  });
  test.engine.start();
  const webhooks = [
    webhookSchema.parse({ name: 'chat', url: grouped.url }),
    webhookSchema.parse({ name: 'incidents', url: each.url, grouped: false }),
  ];
  await test.engine.settings.edit({ webhooks });
  for (const name of ['one', 'two', 'three']) {
    const target = { host: 'localhost', port: server.port };
    const { id } = await test.engine.jobs.add(jobInputSchema.parse({ name, target }));
    expect((await test.engine.checks.checkNow(id))?.status).toBe('ok');
  }
  test.clock.advance(groupWaitMs);
  expect(test.engine.alerts.list({ limit: 10, offset: 0 }).total).toBe(0);

  // As if a version whose rules did not mind an incomplete chain had judged them: the same leaf, without what issued it.
  behind = [];
  const database = new DatabaseSync(test.folder.file('history.sqlite'));
  const { changes } = database
    .prepare("UPDATE alert_memory SET memory = json_set(memory, '$.rules', ?)")
    .run(rulesVersion - 1);
  database.close();
  expect(changes).toBe(3);
  let checked = 0;
  await test.restart(minute);
  test.engine.events.subscribe((event) => {
    if (event.type === 'check-finished') checked += 1;
  });
  await expect.poll(() => checked, { timeout: 20_000 }).toBe(3);
  test.clock.advance(minute);
  await expect.poll(() => [grouped.posts.length, each.posts.length]).toEqual([1, 1]);
  const [summary] = each.posts;
  expect(summary).toMatchObject({
    event: 'digest',
    severity: 'critical',
    title: 'New rules change the verdict on 3 hosts',
  });
  expect(summary?.body).toMatch(/3 hosts have problems that were not reported: .*one/);
  expect(grouped.posts[0]?.title).toBe(summary?.title);
  const open = test.engine.alerts.list({ limit: 10, offset: 0, open: true }).items;
  expect(open.map(({ key, notifiedAt }) => [key, notifiedAt !== null])).toEqual(
    Array(3).fill(['problem:incomplete-chain', true]),
  );
  expect(test.events.filter(({ type }) => type === 'alert')).toEqual([]);

  // The next start has nothing to judge anew, and nothing to tell.
  await test.restart(minute);
  test.clock.advance(5 * minute);
  expect([grouped.posts.length, each.posts.length]).toEqual([1, 1]);
});
