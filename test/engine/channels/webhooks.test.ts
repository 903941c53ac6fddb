import { randomBytes } from 'node:crypto';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { groupIntervalMs, groupWaitMs } from '../../../electron/engine/alerts/grouping.ts';
import { testMessage } from '../../../electron/engine/channels/message.ts';
import { maxAttempts } from '../../../electron/engine/channels/retry-plan.ts';
import { sendToCommand, sendToStream } from '../../../electron/engine/channels/senders.ts';
import { SecretBox } from '../../../electron/engine/store/secret-box.ts';
import type { Alert } from '../../../shared/schema/alert.ts';
import { jobInputSchema } from '../../../shared/schema/job.ts';
import { type Webhook, webhookSchema } from '../../../shared/schema/webhook.ts';
import { makeCa } from '../../support/pki.ts';
import { sendToWebhook } from '../../support/send-to-webhook.ts';
import { siteInTrouble } from '../../support/site-in-trouble.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { TestEngine } from '../../support/test-engine.ts';
import { listen, serveTls } from '../../support/tls-server.ts';

interface Post {
  body: Record<string, unknown>;
  headers: IncomingHttpHeaders;
}

/** A webhook's other side: answers with statuses in turn, then 204, and hands over what comes. */
async function receive(statuses: number[] = [], headers: Record<string, string> = {}) {
  const posts: Post[] = [];
  let waiting: ((post: Post) => void)[] = [];
  const server = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk: Buffer) => {
      text += chunk.toString();
    });
    request.on('end', () => {
      const post = { body: JSON.parse(text) as Post['body'], headers: request.headers };
      posts.push(post);
      response.writeHead(statuses.shift() ?? 204, headers).end();
      response.once('finish', () => {
        const hearing = waiting;
        waiting = [];
        for (const hear of hearing) hear(post);
      });
    });
  });
  const listening = await listen(server);
  return {
    url: `http://127.0.0.1:${listening.port}/secret-path`,
    posts,
    next: () => new Promise<Post>((resolve) => waiting.push(resolve)),
    [Symbol.asyncDispose]: () => listening.close(),
  };
}

const hook = (url: string, more: Partial<Webhook> = {}) => webhookSchema.parse({ name: 'ops', url, ...more });

/** A site in trouble whose webhooks are told when the spec says so. */
async function expired(webhooks: Webhook[]) {
  const site = await siteInTrouble({ settings: { webhooks } });
  return { ...site, say: () => site.test.clock.advance(groupWaitMs) };
}

describe('a webhook', () => {
  it('is told of an alert with its job, once, and that it is over', async () => {
    await using other = await receive();
    await using site = await expired([hook(other.url)]);
    const told = other.next();
    site.say();
    const { body, headers } = await told;
    expect(headers).toMatchObject({ 'content-type': 'application/json', 'user-agent': 'NotAfter/0.0.0' });
    expect(body).toMatchObject({
      version: 1,
      event: 'alert',
      severity: 'critical',
      title: expect.stringContaining('Shop'),
      alerts: [{ alert: { kind: 'expired' }, job: { id: site.id, name: 'Shop', tags: ['shop'] } }],
    });
    await expect.poll(() => site.test.engine.channels.list({ limit: 9, offset: 0 }).total).toBe(0);
    const over = other.next();
    await site.test.engine.jobs.edit(site.id, { target: { host: '127.0.0.1' } });
    expect((await over).body).toMatchObject({
      event: 'resolved',
      title: expect.stringMatching(/^Resolved: /),
    });
    expect(other.posts).toHaveLength(2);
  });

  it('that fails is tried again with growing pauses, then given up, and can be tried by hand', async () => {
    await using other = await receive(Array(maxAttempts).fill(503));
    await using site = await expired([hook(other.url)]);
    const { channels: hooks } = site.test.engine;
    const failed = (attempts: number) =>
      expect
        .poll(() => hooks.list({ limit: 1, offset: 0 }).items[0]?.attempts, { interval: 2 })
        .toBe(attempts);
    site.say();
    const minute = 60_000;
    const pauses = [minute / 6, minute, 5 * minute, 15 * minute, 30 * minute];
    const hourly = Array<number>(maxAttempts - 1 - pauses.length).fill(60 * minute);
    for (const [index, pauseMs] of [...pauses, ...hourly].entries()) {
      await failed(index + 1);
      site.test.clock.advance(pauseMs - 1);
      expect(other.posts).toHaveLength(index + 1);
      site.test.clock.advance(1);
    }
    await failed(maxAttempts);
    expect(hooks.list({ limit: 9, offset: 0, state: 'failed' })).toMatchObject({
      total: 1,
      items: [{ hook: 'ops', state: 'failed', error: 'It answered 503.', nextAttemptAt: null }],
    });
    expect(hooks.list({ limit: 9, offset: 0, state: 'waiting' }).total).toBe(0);
    expect(new Set(other.posts.map(({ body }) => body['id'])).size).toBe(1);
    const told = other.next();
    expect(hooks.retry(null)).toBe(1);
    expect((await told).body).toMatchObject({ event: 'alert' });
    await expect.poll(() => hooks.list({ limit: 9, offset: 0 }).total).toBe(0);
    // Whoever knows the address can post there: no log has it.
    expect(site.test.log.lines.join('\n')).not.toContain('secret-path');
  });

  it('that refuses for good is given up at once, and can be discarded', async () => {
    await using other = await receive([404]);
    await using site = await expired([hook(other.url)]);
    const { channels: hooks } = site.test.engine;
    site.say();
    await expect.poll(() => hooks.list({ limit: 9, offset: 0, state: 'failed' }).total).toBe(1);
    expect(hooks.discard(null)).toBe(1);
    expect(hooks.list({ limit: 9, offset: 0 }).total).toBe(0);
  });

  it('that asks for patience until a date gets it, by its own clock', async () => {
    const headers = {
      date: 'Sun, 06 Nov 1994 08:49:37 GMT',
      'retry-after': 'Sunday, 06-Nov-94 08:59:37 GMT',
    };
    await using other = await receive([503], headers);
    await using site = await expired([hook(other.url)]);
    site.say();
    const next = () => site.test.engine.channels.list({ limit: 1, offset: 0 }).items[0]?.nextAttemptAt;
    await expect.poll(() => Date.parse(next() ?? '') - site.test.clock.now()).toBe(600_000);
  });

  it('that asks for patience gets it', async () => {
    await using other = await receive([429], { 'retry-after': '600' });
    await using site = await expired([hook(other.url)]);
    site.say();
    const next = () => site.test.engine.channels.list({ limit: 1, offset: 0 }).items[0]?.nextAttemptAt;
    await expect.poll(() => Date.parse(next() ?? '') - site.test.clock.now()).toBe(600_000);
  });

  it('is told after a restart what it could not be told before', async () => {
    await using other = await receive([500]);
    await using site = await expired([hook(other.url)]);
    site.say();
    await expect
      .poll(() => site.test.engine.channels.list({ limit: 1, offset: 0 }).items[0]?.attempts)
      .toBe(1);
    const told = other.next();
    await site.test.restart(60_000);
    site.test.clock.advance(0);
    expect((await told).body).toMatchObject({ event: 'alert', alerts: [{ job: { name: 'Shop' } }] });
  });

  it('that is silent holds up no other', async () => {
    await using other = await receive();
    await using silent = await listen(createServer(() => undefined));
    const quiet = hook(`http://127.0.0.1:${silent.port}/`, { name: 'silent' });
    await using site = await expired([quiet, hook(other.url)]);
    const told = other.next();
    site.say();
    expect((await told).body).toMatchObject({ event: 'alert' });
    const left = () => site.test.engine.channels.list({ limit: 9, offset: 0 }).items.map((one) => one.hook);
    await expect.poll(left).toEqual(['silent']);
  });

  it('can be tried, over TLS with a CA of its own too, and follows no redirect', async () => {
    const ca = makeCa();
    const leaf = ca.issue();
    using folder = temporaryFolder();
    writeFileSync(folder.file('ca.pem'), ca.pem);
    await using secure = await listen(
      createTlsServer({ cert: leaf.pem, key: leaf.key }, (_, response) => void response.end()),
    );
    await using moved = await receive([302], { location: 'http://127.0.0.1:1/' });
    const url = `https://localhost:${secure.port}/`;
    const send = (one: Webhook) => sendToWebhook(one, testMessage(0));
    expect(await send(hook(url, { caFile: folder.file('ca.pem') }))).toEqual({ ok: true });
    expect(await send(hook(url))).toMatchObject({
      ok: false,
      error: expect.stringContaining('could not be reached'),
    });
    expect(await send(hook(url, { caFile: '/nowhere.pem' }))).toMatchObject({
      ok: false,
      error: 'The CA file /nowhere.pem does not exist.',
    });
    expect(await send(hook(moved.url))).toMatchObject({
      ok: false,
      isFinal: true,
      error: 'It answered 302.',
    });
    expect(await send(hook('http://127.0.0.1:1/'))).toMatchObject({ ok: false, isFinal: false });
  });

  it('is not asked by an address that is sealed', async () => {
    await using somewhere = await receive();
    const sealed = `${new URL(somewhere.url).origin}/${new SecretBox(randomBytes(32)).seal(somewhere.url, 'a place')}`;
    const sent = await sendToWebhook(hook(sealed), testMessage(0));
    expect(sent).toMatchObject({ ok: false, isFinal: true, error: expect.stringContaining('is sealed') });
    expect(somewhere.posts).toEqual([]);
  });

  it('hears only of what it is for, of a digest too', async () => {
    await using all = await receive();
    await using shop = await receive();
    await using critical = await receive();
    await using test = new TestEngine();
    const server = await serveTls(test.ca.issue({ notBeforeDays: -90, notAfterDays: -1 }), [test.ca]);
    const soon = await serveTls(test.ca.issue({ notBeforeDays: -80, notAfterDays: 10 }), [test.ca]);
    test.engine.start();
    await test.engine.settings.edit({
      webhooks: [
        hook(all.url, { name: 'all' }),
        hook(shop.url, { name: 'shop', tags: ['shop'] }),
        hook(critical.url, { name: 'critical', severity: 'critical' }),
        hook('http://127.0.0.1:1/', { name: 'off', enabled: false }),
      ],
    });
    for (let index = 0; index < 12; index += 1) {
      const { port } = index < 3 ? server : soon;
      const target = { host: 'localhost', port, servername: 'localhost' };
      const input = {
        target,
        name: `job ${index}`,
        tags: index === 0 || index === 11 ? ['shop'] : ['other'],
      };
      const { id } = await test.engine.jobs.add(jobInputSchema.parse(input));
      await test.engine.checks.checkNow(id);
    }
    const told = [all, shop, critical].map((one) => one.next());
    test.clock.advance(groupWaitMs);
    const bodies = (await Promise.all(told)).map(({ body }) => body);
    const names = bodies.map(({ alerts }) =>
      (alerts as { job: { name: string } }[]).map(({ job }) => job.name),
    );
    expect(bodies.map(({ event }) => event)).toEqual(['digest', 'digest', 'digest']);
    expect(names.map((some) => some.length)).toEqual([12, 2, 3]);
    expect(names[1]).toEqual(['job 0', 'job 11']);
    expect(bodies[1]).toMatchObject({
      title: '2 hosts need attention',
      body: expect.not.stringContaining('job 5'),
    });
    expect(
      test.engine.channels.list({ limit: 9, offset: 0 }).items.map(({ hook: name }) => name),
    ).not.toContain('off');
    await server.close();
    await soon.close();
  });

  it('that is not grouped gets each alert at once, under its key, and its end', async () => {
    await using each = await receive();
    await using chat = await receive();
    await using test = new TestEngine();
    const soon = await serveTls(test.ca.issue({ notBeforeDays: -80, notAfterDays: 10 }), [test.ca]);
    test.engine.start();
    await test.engine.settings.edit({
      webhooks: [hook(each.url, { name: 'incidents', grouped: false }), hook(chat.url, { name: 'chat' })],
    });
    const ids: string[] = [];
    for (let index = 0; index < 4; index += 1) {
      const target = { host: 'localhost', port: soon.port };
      const job = await test.engine.jobs.add(jobInputSchema.parse({ target, name: `job ${index}` }));
      await test.engine.checks.checkNow(job.id);
      ids.push(job.id);
      test.clock.advance(groupWaitMs);
    }
    // The first is told everywhere; the others wait for their group, but not where each is wanted.
    await expect.poll(() => each.posts.length).toBe(4);
    expect(each.posts.map(({ body }) => body['event'])).toEqual(Array(4).fill('alert'));
    await expect.poll(() => chat.posts.length).toBe(1);
    test.clock.advance(groupIntervalMs);
    await expect.poll(() => chat.posts.length).toBe(2);
    expect(chat.posts[1]?.body).toMatchObject({ event: 'digest', title: '4 hosts need attention' });
    const resolved = each.next();
    await test.engine.jobs.edit(ids[3] ?? '', { target: { host: '127.0.0.1' } });
    const end = (await resolved).body;
    const alertOf = (post: Post['body'] | undefined) =>
      (post?.['alerts'] as { alert: Alert }[] | undefined)?.[0]?.alert;
    expect(end).toMatchObject({ event: 'resolved' });
    expect(alertOf(end)?.key).toBe(alertOf(each.posts[3]?.body)?.key);
    await soon.close();
  });

  it('for chats says it in text that they show', async () => {
    await using other = await receive();
    const message = { ...testMessage(0), title: 'a & <b>', body: 'body' };
    await sendToWebhook(hook(other.url, { format: 'slack' }), message);
    await sendToWebhook(hook(other.url, { format: 'teams' }), message);
    expect(other.posts[0]?.body).toMatchObject({ text: '✅ *a &amp; &lt;b&gt;*\nbody' });
    expect(other.posts[1]?.body).toMatchObject({
      type: 'message',
      text: 'a & <b>: body',
      attachments: [{ content: { type: 'AdaptiveCard', body: [{ text: '✅ a & <b>' }, { text: 'body' }] } }],
    });
  });
});

describe('a command', () => {
  it('reads the message on standard input, and no shell reads it', async () => {
    using folder = temporaryFolder();
    const script = folder.file('hook.sh');
    writeFileSync(script, `#!/bin/sh\ncat > "$1"\nprintf %s "$NOTAFTER_TITLE" > "$1.title"\n`);
    chmodSync(script, 0o700);
    const message = { ...testMessage(0), title: '$(touch /tmp/never) `x`; "y"' };
    const { signal } = new AbortController();
    expect(await sendToCommand(script, [folder.file('out')])(message, signal)).toEqual({ ok: true });
    expect(JSON.parse(readFileSync(folder.file('out'), 'utf8'))).toEqual(message);
    expect(readFileSync(folder.file('out.title'), 'utf8')).toBe(message.title);
    expect(await sendToCommand('/bin/false', [])(message, signal)).toMatchObject({
      ok: false,
      error: 'It exited with 1.',
    });
    expect(await sendToCommand('/nowhere', [])(message, signal)).toMatchObject({
      ok: false,
      error: 'It could not be run (ENOENT).',
    });
  });
});

describe('standard output', () => {
  it('gets a line of JSON for each', async () => {
    const stream = new PassThrough();
    const send = sendToStream(stream);
    await send(testMessage(0), new AbortController().signal);
    await send(testMessage(1000), new AbortController().signal);
    const lines = String(stream.read()).trim().split('\n');
    expect(lines.map((line) => (JSON.parse(line) as { at: string }).at)).toEqual([
      '1970-01-01T00:00:00.000Z',
      '1970-01-01T00:00:01.000Z',
    ]);
  });
});
