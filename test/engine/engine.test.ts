import tls from 'node:tls';
import { describe, expect, it } from 'vitest';
import { CheckCancelled } from '../../electron/engine/monitor/check-queue.ts';
import { inheritedRules } from '../../shared/schema/alert-rules.ts';
import { jobInputSchema } from '../../shared/schema/job.ts';
import { TestEngine } from '../support/test-engine.ts';
import { listen, servePlain, serveTls } from '../support/tls-server.ts';

const minute = 60_000;
const day = 24 * 60 * minute;
/** Alerts wait for others of the same moment. */
const settle = 2_000;

const input = (port: number, more: object = {}) =>
  jobInputSchema.parse({
    target: { host: 'localhost', port },
    schedule: { type: 'interval', minutes: 1 },
    ...more,
  });

/** Daily, half a day from now: a check that is due soon would come between retries, and the specs would fail at that hour. */
const farFrom = (now: number) =>
  ({ type: 'cron', pattern: `0 ${(new Date(now).getHours() + 12) % 24} * * *` }) as const;

describe('Engine', () => {
  it('checks a new job at once, and then on its schedule', async () => {
    await using test = new TestEngine();
    await using server = await serveTls(test.ca.issue());
    test.engine.start();
    const first = test.next('check-finished');
    const { id } = await test.engine.jobs.add(input(server.port));
    test.clock.advance(0);
    expect((await first).job).toMatchObject({
      id,
      status: 'ok',
      checking: false,
      lastCheck: { issuer: 'Test Root' },
    });
    const second = test.next('check-finished');
    test.clock.advance(minute);
    await second;
    expect(server.connections).toBe(2);
    expect(test.engine.results.list(id, 10, 0)?.total).toBe(2);
  });

  it('starts nothing once its run was ended', async () => {
    await using test = new TestEngine();
    await using server = await serveTls(test.ca.issue());
    await test.engine.jobs.add(input(server.port));
    test.engine.run.end();
    const { pending } = test.clock;
    test.engine.start();
    expect([test.clock.pending, test.engine.run.isEnded]).toEqual([pending, true]);
    expect(server.connections).toBe(0);
  });

  it('keeps jobs and history across a restart, runs what was missed once, and goes on', async () => {
    await using test = new TestEngine();
    await using server = await serveTls(test.ca.issue({ notAfterDays: 400 }));
    test.engine.start();
    const first = test.next('check-finished');
    const { id } = await test.engine.jobs.add(input(server.port, { tags: ['kept'] }));
    test.clock.advance(0);
    await first;
    await test.restart(9 * 60 * minute);
    expect(test.engine.jobs.detail(id)).toMatchObject({
      tags: ['kept'],
      status: 'ok',
      lastResult: { status: 'ok' },
    });
    const missed = test.next('check-finished');
    test.clock.advance(0);
    await missed;
    expect(server.connections).toBe(2);
    expect(test.engine.jobs.detail(id)?.nextDueAt).toBe(new Date(test.clock.now() + minute).toISOString());
  });

  it('moves the next due time with the schedule', async () => {
    await using test = new TestEngine();
    await using server = await serveTls(test.ca.issue());
    test.engine.start();
    const first = test.next('check-finished');
    const { id } = await test.engine.jobs.add(input(server.port));
    test.clock.advance(0);
    await first;
    const rarer = await test.engine.jobs.edit(id, { schedule: { type: 'interval', minutes: 9 } });
    expect(rarer?.nextDueAt).toBe(new Date(test.clock.now() + 9 * minute).toISOString());
    const nightly = await test.engine.jobs.edit(id, {
      schedule: { type: 'cron', pattern: '0 0 3 * * *', timezone: 'UTC' },
    });
    expect(nightly?.nextDueAt).toMatch(/T03:00:00.000Z$/);
    expect(Date.parse(nightly?.nextDueAt ?? '')).toBeGreaterThan(test.clock.now());
  });

  it('never overlaps itself: "check now" joins the check that runs', async () => {
    await using test = new TestEngine();
    const accepted = Promise.withResolvers<void>();
    await using silent = await servePlain(() => accepted.resolve());
    test.engine.start();
    const { id } = await test.engine.jobs.add(input(silent.port));
    test.clock.advance(0);
    await accepted.promise;
    const both = [test.engine.checks.checkNow(id), test.engine.checks.checkNow(id)];
    expect(test.engine.jobs.detail(id)).toMatchObject({ checking: true, status: 'pending' });
    await test.engine.jobs.remove(id);
    for (const one of both) await expect(one).rejects.toThrow(CheckCancelled);
    expect(silent.connections).toBe(1);
    expect(test.engine.jobs.count).toBe(0);
  });

  it('checks the new target at once when a job is edited while its check runs', async () => {
    await using test = new TestEngine();
    const accepted = Promise.withResolvers<void>();
    await using silent = await servePlain(() => accepted.resolve());
    await using server = await serveTls(test.ca.issue());
    test.engine.start();
    const { id } = await test.engine.jobs.add(input(silent.port));
    test.clock.advance(0);
    await accepted.promise;
    const finished = test.next('check-finished');
    await test.engine.jobs.edit(id, { target: { port: server.port } });
    test.clock.advance(0);
    expect((await finished).job).toMatchObject({ status: 'ok', target: { port: server.port } });
  });

  it('leaves a paused job alone, and takes it up again', async () => {
    await using test = new TestEngine();
    await using server = await serveTls(test.ca.issue());
    test.engine.start();
    const { id } = await test.engine.jobs.add(input(server.port, { paused: true }));
    test.clock.advance(day);
    expect(server.connections).toBe(0);
    expect(test.engine.jobs.detail(id)).toMatchObject({ paused: true, nextDueAt: null });
    expect(test.engine.checks.checkAll()).toBe(0);
    const finished = test.next('check-finished');
    await test.engine.jobs.edit(id, { paused: false });
    test.clock.advance(0);
    expect((await finished).job.status).toBe('ok');
  });

  it('raises an alert once, also across a restart', async () => {
    await using test = new TestEngine();
    // Half a day from the edge: the engine's clock stands while the certificate is made.
    await using server = await serveTls(test.ca.issue({ notBeforeDays: -85, notAfterDays: 4.5 }));
    test.engine.start();
    const raised = test.next('alert');
    const first = test.next('check-finished');
    const { id } = await test.engine.jobs.add(input(server.port, { name: 'mail' }));
    test.clock.advance(0);
    await first;
    test.clock.advance(settle);
    expect((await raised).alert).toMatchObject({
      jobId: id,
      kind: 'expiring',
      severity: 'critical',
      title: 'mail expires in 4 days',
    });
    await test.restart(minute);
    const again = test.next('check-finished');
    test.clock.advance(0);
    await again;
    test.clock.advance(minute);
    expect(test.engine.alerts.list({ limit: 10, offset: 0 }).total).toBe(1);
    expect(test.events.filter(({ type }) => type === 'alert')).toHaveLength(1);
  });

  it('says after a restart what it had no time to say before', async () => {
    await using test = new TestEngine();
    await using server = await serveTls(test.ca.issue({ notBeforeDays: -85, notAfterDays: 5.5 }));
    test.engine.start();
    const first = test.next('check-finished');
    await test.engine.jobs.add(input(server.port));
    test.clock.advance(0);
    await first;
    expect(test.events.some(({ type }) => type === 'alert')).toBe(false);
    const said = test.next('alert');
    await test.restart(minute);
    expect((await said).alert).toMatchObject({ title: expect.stringMatching(/expires in 5 days$/) });
    expect(test.engine.alerts.list({ limit: 10, offset: 0 }).items).toMatchObject([
      { notifiedAt: expect.any(String), resolvedAt: null },
    ]);
  });

  it('ends the alerts of a job that is pointed elsewhere, and says nothing of the old target', async () => {
    await using test = new TestEngine();
    await using old = await serveTls(test.ca.issue({ notBeforeDays: -85, notAfterDays: 5 }));
    await using other = await serveTls(test.ca.issue());
    const { id } = await test.engine.jobs.add(input(old.port));
    await test.engine.checks.checkNow(id);
    test.clock.advance(settle);
    expect(test.engine.alerts.list({ limit: 10, offset: 0, open: true }).total).toBe(1);
    await test.engine.jobs.edit(id, { target: { port: other.port } });
    await test.engine.checks.checkNow(id);
    test.clock.advance(minute);
    expect(test.engine.alerts.list({ limit: 10, offset: 0 }).items).toMatchObject([
      { resolvedAt: expect.any(String) },
    ]);
    expect(test.events.filter(({ type }) => type === 'alert')).toHaveLength(1);
  });

  it('goes by the thresholds that hold now when it says until when a renewal needs nobody', async () => {
    await using test = new TestEngine();
    const leaf = (begin: number) =>
      test.ca.issue({ notBeforeDays: begin, notAfterDays: begin + 90, now: test.clock.now() });
    const begun = test.clock.now();
    const shown = [leaf(-130), leaf(-70), leaf(-10)];
    const server = tls.createServer();
    server.on('tlsClientError', () => undefined);
    await using listening = await listen(server);
    const { id } = await test.engine.jobs.add(input(listening.port));
    for (const [index, days] of [-125, -70, -10].entries()) {
      test.clock.set(begun + days * day);
      const certificate = shown[index];
      if (certificate) server.setSecureContext({ cert: certificate.pem, key: certificate.key });
      await test.engine.checks.checkNow(id);
    }
    const overdueAt = () => test.engine.jobs.detail(id)?.lastCheck?.renewalOverdueAt;
    expect(overdueAt()).toEqual(expect.any(String));
    // Renewed 30 days before expiry: below such a critical threshold that is no habit to trust in.
    await test.engine.settings.edit({ thresholds: { warning: { days: 60 }, critical: { days: 40 } } });
    await test.engine.checks.checkNow(id);
    expect(overdueAt()).toBeNull();
  });

  it('judges by the thresholds of settings and tags, at once when they change', async () => {
    await using test = new TestEngine();
    await using server = await serveTls(test.ca.issue({ notBeforeDays: -30, notAfterDays: 60.5 }));
    test.engine.start();
    const first = test.next('check-finished');
    const { id } = await test.engine.jobs.add(input(server.port, { tags: ['shop'] }));
    test.clock.advance(0);
    expect((await first).job.status).toBe('ok');
    const changed = test.next('check-finished');
    await test.engine.settings.edit({
      tagRules: [
        { tag: 'shop', thresholds: { warning: { days: 70 }, critical: null }, alerts: inheritedRules },
      ],
    });
    test.clock.advance(0);
    expect((await changed).job.status).toBe('warning');
    const untagged = test.next('check-finished');
    await test.engine.jobs.edit(id, { tags: [] });
    test.clock.advance(0);
    expect((await untagged).job.status).toBe('ok');
  });

  it('says that a host cannot be reached after three checks in a row', async () => {
    await using test = new TestEngine();
    const server = await serveTls(test.ca.issue());
    await server.close();
    test.engine.start();
    await test.engine.settings.edit({ alerts: { ...inheritedRules, unreachableMinutes: 0 } });
    const raised = test.next('alert');
    await test.engine.jobs.add(input(server.port));
    for (let turn = 0; turn < 3; turn += 1) {
      expect(test.events.some(({ type }) => type === 'alert')).toBe(false);
      const finished = test.next('check-finished');
      test.clock.advance(turn === 0 ? 0 : minute);
      await finished;
    }
    test.clock.advance(settle);
    expect((await raised).alert).toMatchObject({
      kind: 'unreachable',
      body: expect.stringMatching(/Nothing listens on port/),
    });
  });

  it('tries a daily job again after 1, 5 and 15 minutes, so that it is known within 21 minutes to be down', async () => {
    await using test = new TestEngine();
    const server = await serveTls(test.ca.issue());
    await server.close();
    test.engine.start();
    const raised = test.next('alert');
    const { id } = await test.engine.jobs.add(input(server.port, { schedule: farFrom(test.clock.now()) }));
    const waits: number[] = [];
    for (let turn = 0; turn < 4; turn += 1) {
      const finished = test.next('check-finished');
      test.clock.advance(
        Math.max(0, Date.parse(test.engine.jobs.detail(id)?.nextDueAt ?? '') - test.clock.now()),
      );
      const { job } = await finished;
      waits.push((Date.parse(job.nextDueAt ?? '') - test.clock.now()) / minute);
    }
    expect(waits.slice(0, 3)).toEqual([1, 5, 15]);
    expect(waits[3]).toBeGreaterThan(15);
    test.clock.advance(settle);
    expect((await raised).alert).toMatchObject({
      kind: 'unreachable',
      body: expect.stringContaining(', 4 checks in a row'),
    });
  });

  it('begins the pauses anew once the host was reached', async () => {
    await using test = new TestEngine();
    const leaf = test.ca.issue();
    const closed = await serveTls(leaf);
    await closed.close();
    test.engine.start();
    const { id } = await test.engine.jobs.add(input(closed.port, { schedule: farFrom(test.clock.now()) }));
    const nextWait = async () => {
      const finished = test.next('check-finished');
      test.clock.advance(
        Math.max(0, Date.parse(test.engine.jobs.detail(id)?.nextDueAt ?? '') - test.clock.now()),
      );
      return (Date.parse((await finished).job.nextDueAt ?? '') - test.clock.now()) / minute;
    };
    expect(await nextWait()).toBe(1);
    const open = await listen(tls.createServer({ cert: leaf.pem, key: leaf.key }), '127.0.0.1', closed.port);
    expect(await nextWait()).not.toBe(5);
    await open.close();
    expect(await nextWait()).toBe(1);
  });

  it('makes its verdict without a CA file that has gone, and says so', async () => {
    await using test = new TestEngine();
    await using server = await serveTls(test.ca.issue());
    test.engine.start();
    const finished = test.next('check-finished');
    const { id } = await test.engine.jobs.add(input(server.port, { caFiles: ['/nowhere/ca.pem'] }));
    test.clock.advance(0);
    await finished;
    expect(test.engine.jobs.detail(id)?.status).toBe('ok');
    expect(test.log.lines.join('\n')).toContain('/nowhere/ca.pem does not exist');
  });

  it('leaves no timer and no connection when it stops', async () => {
    const test = new TestEngine();
    const accepted = Promise.withResolvers<void>();
    await using silent = await servePlain(() => accepted.resolve());
    test.engine.start();
    await test.engine.jobs.add(input(silent.port));
    test.clock.advance(0);
    await accepted.promise;
    await test[Symbol.asyncDispose]();
    expect(test.clock.pending).toBe(0);
  });
});
