import { expect, it } from 'vitest';
import { groupWaitMs } from '../../../electron/engine/alerts/grouping.ts';
import { needsPerson } from '../../../shared/domain/job-urgency.ts';
import { jobInputSchema } from '../../../shared/schema/job.ts';
import { TestEngine } from '../../support/test-engine.ts';
import { serveTls } from '../../support/tls-server.ts';

const start = Date.parse('2026-11-24T10:00:00Z');
const dayMs = 86_400_000;

/** An engine with a job on a server whose certificate is for another name. */
async function watched(more: { notAfterDays?: number } = {}) {
  const test = new TestEngine({ now: start });
  const leaf = test.ca.issue({ now: start, sans: ['other.example'], ...more });
  const server = await serveTls(leaf, [test.ca]);
  test.engine.start();
  const target = { host: 'localhost', port: server.port };
  const { id } = await test.engine.jobs.add(jobInputSchema.parse({ target, name: 'Shop' }));
  await test.engine.checks.checkNow(id);
  test.clock.advance(groupWaitMs);
  const view = () => {
    const detail = test.engine.jobs.detail(id);
    if (!detail) throw new Error('The job is gone.');
    return detail;
  };
  return {
    test,
    id,
    view,
    notified: () => test.events.flatMap((event) => (event.type === 'alert' ? [event.alert.title] : [])),
    open: () => test.engine.alerts.list({ limit: 10, offset: 0, open: true }).total,
    async [Symbol.asyncDispose]() {
      await test[Symbol.asyncDispose]();
      await server.close();
    },
  };
}

const request = { problem: 'hostname-mismatch', reason: 'Ticket 7', until: 'changed' } as const;

it('an accepted problem leaves status, attention and alerts without a word, and comes back when undone', async () => {
  await using site = await watched();
  const { test, id, view, notified, open } = site;
  expect([view().status, open(), notified().length]).toEqual(['critical', 1, 1]);
  await test.engine.jobs.acceptances.accept(id, request);
  expect([view().status, needsPerson(view()), open()]).toEqual(['ok', false, 0]);
  expect(view().lastResult?.problems[0]).toMatchObject({ code: 'hostname-mismatch', accepted: true });
  expect(await test.engine.jobs.check(id)).toMatchObject({ status: 'ok' });
  test.clock.advance(groupWaitMs);
  expect(notified()).toHaveLength(1);
  expect(test.engine.alerts.explain(id)?.heldBack).toEqual([
    { reason: 'Accepted until the certificate changes: hostname-mismatch (Ticket 7)', until: null },
  ]);
  await test.restart(0);
  expect(view().status).toBe('ok');
  await test.engine.jobs.acceptances.undo(id, 'hostname-mismatch');
  test.clock.advance(groupWaitMs);
  expect([view().status, view().accepted, notified().length]).toEqual(['critical', [], 2]);
});

it('counts again when its time is up', async () => {
  await using site = await watched();
  const { test, id, view } = site;
  const until = new Date(start + dayMs).toISOString();
  await test.engine.jobs.acceptances.accept(id, { ...request, until });
  expect(view()).toMatchObject({ status: 'ok', accepted: [{ until, fingerprint256: null }] });
  test.clock.advance(dayMs);
  expect(view().status).toBe('critical');
});

it('refuses what the last check did not find, what is past, and what was not accepted', async () => {
  await using site = await watched();
  const { acceptances } = site.test.engine.jobs;
  const { id } = site;
  await expect(acceptances.accept(id, { ...request, problem: 'expired' })).rejects.toMatchObject({
    field: 'problem',
  });
  await expect(
    acceptances.accept(id, { ...request, until: '2020-01-01T00:00:00.000Z' }),
  ).rejects.toMatchObject({ field: 'until' });
  await expect(acceptances.undo(id, 'hostname-mismatch')).rejects.toMatchObject({ field: 'problem' });
  expect(await acceptances.accept('none', request)).toBeNull();
});

it('a problem of several hosts is accepted in one step, of those that have it, and undone in one', async () => {
  await using site = await watched();
  const { test, id, view, open } = site;
  const { target } = view();
  const port = 'port' in target ? target.port : 0;
  const add = async (name: string, more: object) => {
    const job = await test.engine.jobs.add(jobInputSchema.parse({ name, ...more }));
    await test.engine.checks.checkNow(job.id);
    return job.id;
  };
  const second = await add('Second', { target: { host: 'localhost', port, servername: 'second.example' } });
  const fine = await add('Fine', { target: { host: 'localhost', port, servername: 'other.example' } });
  test.clock.advance(groupWaitMs);
  const ids = [id, second, fine, second, 'gone'];
  const standing = () => [id, second, fine].map((one) => test.engine.jobs.detail(one)?.accepted.length);
  expect(open()).toBe(2);
  expect(await test.engine.jobs.acceptances.acceptAll(ids, request)).toBe(2);
  expect([...standing(), open()]).toEqual([1, 1, 0, 0]);
  expect(await test.engine.jobs.acceptances.undoAll(ids, 'hostname-mismatch')).toBe(2);
  test.clock.advance(groupWaitMs);
  expect([...standing(), open()]).toEqual([0, 0, 0, 2]);
});

it('a problem that one of several hosts cannot accept is accepted by none', async () => {
  await using site = await watched();
  const { test, id, view } = site;
  const silent = await test.engine.jobs.add(jobInputSchema.parse({ target: { host: 'localhost', port: 1 } }));
  await test.engine.checks.checkNow(silent.id);
  const { acceptances } = test.engine.jobs;
  const unreachable = { ...request, problem: 'unreachable' } as const;
  await expect(acceptances.acceptAll([id, silent.id], unreachable)).rejects.toThrow(
    'The host has shown no certificate yet. Give a date or undone.',
  );
  await expect(acceptances.acceptAll([silent.id], request)).rejects.toThrow(
    'The last checks did not find hostname-mismatch. Check the hosts again.',
  );
  expect(view().accepted).toEqual([]);
});
