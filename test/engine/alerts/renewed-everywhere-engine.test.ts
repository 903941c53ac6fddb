import { writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { groupWaitMs } from '../../../electron/engine/alerts/grouping.ts';
import { jobInputSchema } from '../../../shared/schema/job.ts';
import { TestEngine } from '../../support/test-engine.ts';
import { serveTls } from '../../support/tls-server.ts';

const hour = 3_600_000;
const start = Date.parse('2026-11-24T10:00:00Z');

/** A certificate in a file that was renewed, and on a server that was not, more than a day later. */
async function renewedOnDisk() {
  const test = new TestEngine({ now: start });
  const old = test.ca.issue({ now: start, notBeforeDays: -60, notAfterDays: 30 });
  const server = await serveTls(old, [test.ca]);
  const file = test.folder.file('mail.pem');
  writeFileSync(file, old.pem + test.ca.pem);
  test.engine.start();
  const add = async (target: object) =>
    (await test.engine.jobs.add(jobInputSchema.parse({ target, thresholds: { warning: { days: 5 } } }))).id;
  const ids = [await add({ file }), await add({ host: 'localhost', port: server.port })];
  const check = async () => {
    for (const id of ids) await test.engine.checks.checkNow(id);
    test.clock.advance(groupWaitMs);
  };
  await check();
  writeFileSync(file, test.ca.issue({ now: start, notBeforeDays: 0, notAfterDays: 90 }).pem + test.ca.pem);
  await check();
  test.clock.advance(25 * hour);
  await check();
  const open = () =>
    test.engine.alerts
      .list({ limit: 10, offset: 0, open: true })
      .items.filter(({ kind }) => kind === 'partly-renewed');
  /** Lets what follows from an edit happen. */
  const settle = () => test.clock.advance(2_000);
  return {
    test,
    port: server.port,
    server: ids[1] ?? '',
    open,
    settle,
    async [Symbol.asyncDispose]() {
      await test[Symbol.asyncDispose]();
      await server.close();
    },
  };
}

it('alerts about a server that still shows what was renewed on disk, until its job is deleted', async () => {
  await using site = await renewedOnDisk();
  const { test, open, settle } = site;
  expect(open()).toMatchObject([
    {
      title: expect.stringContaining('mail.pem is not renewed everywhere'),
      body: expect.stringContaining(`on disk, still the old certificate on port ${site.port}.`),
    },
  ]);
  await test.engine.jobs.remove(site.server);
  settle();
  expect(open()).toEqual([]);
});

it('resolves that alert when the job of the other is paused', async () => {
  await using site = await renewedOnDisk();
  await site.test.engine.jobs.edit(site.server, { paused: true });
  site.settle();
  expect(site.open()).toEqual([]);
});

it('resolves that alert when the job of the other looks elsewhere', async () => {
  await using site = await renewedOnDisk();
  await site.test.engine.jobs.edit(site.server, { target: { file: site.test.folder.file('ca.pem') } });
  site.settle();
  expect(site.open()).toEqual([]);
});
