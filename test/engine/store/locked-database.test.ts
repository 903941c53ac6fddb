import { createServer } from 'node:http';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { groupWaitMs } from '../../../electron/engine/alerts/grouping.ts';
import { isLockedOut, storageFault } from '../../../electron/engine/store/database.ts';
import { jobInputSchema } from '../../../shared/schema/job.ts';
import { webhookSchema } from '../../../shared/schema/webhook.ts';
import { TestEngine } from '../../support/test-engine.ts';
import { listen, serveTls } from '../../support/tls-server.ts';

/** Another program that holds the database, as a backup script does. */
function lock(test: TestEngine): { release: () => void } {
  const other = new DatabaseSync(test.folder.file('history.sqlite'));
  other.exec('PRAGMA busy_timeout = 5000; BEGIN IMMEDIATE');
  return {
    release() {
      other.exec('ROLLBACK');
      other.close();
    },
  };
}

/** An engine with a job on a server whose certificate has expired, and nothing checked yet. */
async function expired() {
  const test = new TestEngine();
  const server = await serveTls(test.ca.issue({ notBeforeDays: -90, notAfterDays: -1.5 }), [test.ca]);
  test.engine.start();
  const target = { host: 'localhost', port: server.port };
  const { id } = await test.engine.jobs.add(jobInputSchema.parse({ target, name: 'Shop' }));
  return {
    test,
    id,
    async [Symbol.asyncDispose]() {
      await test[Symbol.asyncDispose]();
      await server.close();
    },
  };
}

const notifiedIn = (test: TestEngine) =>
  test.events.flatMap((event) => (event.type === 'alert' ? [event.alert.title] : []));

describe('a database that another program has locked', () => {
  it('costs no result and no alert, is told, and keeps the alert once it is free', async () => {
    await using site = await expired();
    const { test, id } = site;
    const other = lock(test);
    expect((await test.engine.checks.checkNow(id))?.status).toBe('critical');
    test.clock.advance(groupWaitMs);
    expect(notifiedIn(test)).toEqual(['Shop expired 1 day ago']);
    expect(test.engine.jobs.detail(id)).toMatchObject({ status: 'critical' });
    expect(test.engine.status.state.warning).toMatch(/another program has locked it\. Checks go on/);
    expect(test.engine.alerts.list({ limit: 9, offset: 0 }).total).toBe(0);
    other.release();
    test.clock.advance(60_000);
    expect(test.engine.alerts.list({ limit: 9, offset: 0, open: true })).toMatchObject({
      total: 1,
      items: [{ kind: 'expired', notifiedAt: expect.any(String) }],
    });
    await test.engine.checks.checkNow(id);
    expect(test.engine.status.state.warning).toBeNull();
    // What was kept is known: after a restart nothing is notified twice.
    await test.restart(60_000);
    await test.engine.checks.checkNow(id);
    test.clock.advance(groupWaitMs);
    expect(notifiedIn(test)).toEqual(['Shop expired 1 day ago']);
    expect(test.log.lines.filter((line) => line.startsWith('error'))).toEqual([]);
  });

  it('keeps no webhook from hearing of it, once', async () => {
    const posts: string[] = [];
    const received = Promise.withResolvers<void>();
    const receiver = createServer((request, response) => {
      request.on('data', (chunk: Buffer) => posts.push(String(chunk)));
      request.on('end', () => response.writeHead(204).end(() => received.resolve()));
    });
    await using listening = await listen(receiver);
    await using site = await expired();
    const { test, id } = site;
    const webhook = webhookSchema.parse({ name: 'ops', url: `http://127.0.0.1:${listening.port}/` });
    await test.engine.settings.edit({ webhooks: [webhook] });
    const other = lock(test);
    await test.engine.checks.checkNow(id);
    test.clock.advance(groupWaitMs);
    await received.promise;
    other.release();
    for (let minute = 0; minute < 5; minute += 1) test.clock.advance(60_000);
    expect(posts).toHaveLength(1);
    expect(JSON.parse(posts[0] ?? '')).toMatchObject({
      event: 'alert',
      alerts: [{ alert: { kind: 'expired' } }],
    });
  });

  it('when an alert falls due ends no timer, and the alert is told', async () => {
    await using site = await expired();
    const { test, id } = site;
    await test.engine.checks.checkNow(id);
    const other = lock(test);
    test.clock.advance(groupWaitMs);
    expect(notifiedIn(test)).toEqual(['Shop expired 1 day ago']);
    other.release();
    test.clock.advance(60_000);
    expect(test.engine.alerts.list({ limit: 9, offset: 0 }).items[0]?.notifiedAt).not.toBeNull();
    expect(test.log.lines.filter((line) => line.startsWith('error'))).toEqual([]);
  });

  it('when an alert is acknowledged keeps that too', async () => {
    await using site = await expired();
    const { test, id } = site;
    await test.engine.checks.checkNow(id);
    test.clock.advance(groupWaitMs);
    const other = lock(test);
    expect(test.engine.alerts.acknowledge(null)).toBe(1);
    await test.engine.checks.checkNow(id);
    other.release();
    test.clock.advance(60_000);
    expect(test.engine.alerts.list({ limit: 9, offset: 0 }).items).toMatchObject([
      { acknowledgedAt: expect.any(String) },
    ]);
  });
});

describe('what SQLite throws', () => {
  /** Every primary result code above SQLITE_OK: https://sqlite.org/rescode.html. */
  const codes = Array.from({ length: 26 }, (_, index) => index + 1);
  const thrown = (errcode: number) => Object.assign(new Error('as SQLite says'), { errcode });
  it('is told as storage that does not do its part, unless only a wrong statement brings it about', () => {
    expect(codes.filter((code) => storageFault(thrown(code)) === null)).toEqual([1, 2, 18, 19, 20, 21, 25]);
    expect(codes.filter((code) => isLockedOut(thrown(code)))).toEqual([5, 6, 15]);
    expect(storageFault(thrown(517))).toBe('another program has locked it.'); // SQLITE_BUSY_SNAPSHOT
    expect(storageFault(new Error('of ours'))).toBeNull();
  });
});
