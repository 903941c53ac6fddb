import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer, get } from 'node:http';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { makeCa } from '../../support/pki.ts';
import { Service } from '../../support/service.ts';
import { seeded } from '../../support/simulated-year.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { listen } from '../../support/tls-server.ts';

const count = 2_000;
const kills = 8;
const seed = Number(process.env['NOTAFTER_SEED'] ?? Date.now() % 1_000_000);

/** What the webhook got: for each job the ids of the messages, one for each time that it came; and how often it came in the present run. */
async function receiver() {
  const got = new Map<string, string[]>();
  const ofRun = new Map<string, number>();
  const server = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk: Buffer) => {
      text += chunk.toString();
    });
    request.on('end', () => {
      if (request.method === 'GET') return void response.writeHead(204).end();
      const { id, alerts } = JSON.parse(text) as { id: string; alerts: { alert: { jobId: string } }[] };
      for (const { alert } of alerts) {
        got.set(alert.jobId, [...(got.get(alert.jobId) ?? []), id]);
        ofRun.set(alert.jobId, (ofRun.get(alert.jobId) ?? 0) + 1);
      }
      response.writeHead(204).end();
    });
  });
  const { port, close } = await listen(server);
  /** Waits until everything that a dead program had sent has been read: its connections are closed then. */
  const idle = async () => {
    // Connections are taken in their order: once this one was answered, none of before waits to be taken.
    const [answer] = await once(get({ port, host: '127.0.0.1', agent: false }), 'response');
    answer.resume();
    await once(answer, 'close');
    await expect
      .poll(() => new Promise<number>((resolve) => server.getConnections((_, open) => resolve(open))), {
        timeout: 10_000,
      })
      .toBe(0);
  };
  return { got, ofRun, idle, url: `http://127.0.0.1:${port}/`, [Symbol.asyncDispose]: close };
}

it(`delivers each of ${count} alerts though it is killed and locked out at random (seed ${seed})`, async () => {
  const random = seeded(seed);
  using folder = temporaryFolder();
  await using hook = await receiver();
  mkdirSync(folder.file('certificates'));
  const { pem } = makeCa().issue({ notBeforeDays: -90, notAfterDays: -2 });
  const jobs = Array.from({ length: count }, (_, index) => {
    const file = folder.file(`certificates/${index}.pem`);
    writeFileSync(file, pem);
    return { target: { file } };
  });
  const data = folder.file('data');
  let service = await Service.start(data);
  const webhook = { name: 'incidents', url: hook.url, grouped: false };
  expect((await service.call('PATCH', '/settings', { webhooks: [webhook] })).status).toBe(200);
  expect((await service.call('POST', '/jobs/import', { jobs })).body).toMatchObject({ added: count });

  /** By what is on disk, how often the alert of a job is yet to be sent: as often as it waits, and once until its release is written down. */
  let due = (_jobId: string): number => 1;
  /** To be called once the program is dead. */
  const endRun = async () => {
    await hook.idle();
    for (const [jobId, times] of hook.ofRun) expect(times, jobId).toBeLessThanOrEqual(due(jobId));
    hook.ofRun.clear();
    const database = new DatabaseSync(`${data}/history.sqlite`, { readOnly: true });
    const jobsOf = (sql: string) => (database.prepare(sql).all() as { job: string }[]).map(({ job }) => job);
    const waiting = Map.groupBy(
      jobsOf(`SELECT json_extract(told.value, '$.alert.jobId') AS job
        FROM deliveries, json_each(deliveries.payload, '$.alerts') AS told`),
      (job) => job,
    );
    const released = new Set(jobsOf('SELECT job FROM alerts WHERE released IS NOT NULL'));
    database.close();
    due = (jobId) => (waiting.get(jobId)?.length ?? 0) + (released.has(jobId) ? 0 : 1);
  };
  for (let kill = 0; kill < kills; kill += 1) {
    // Its own words decide when: the alerts come two seconds after the last check, and are sent within seconds.
    await wait(random() * (kill === 0 ? 3_000 : 900));
    if (random() < 0.5) {
      const other = new DatabaseSync(`${data}/history.sqlite`);
      other.exec('PRAGMA busy_timeout = 5000; BEGIN IMMEDIATE');
      await wait(random() * 800);
      expect((await service.call('GET', '/status')).status).toBe(200); // It lives.
      if (random() < 0.5) await service.end('SIGKILL');
      other.exec('ROLLBACK');
      other.close();
    }
    await service.end('SIGKILL');
    await endRun();
    service = await Service.start(data);
  }
  const waiting = async () =>
    ((await service.call('GET', '/hooks/deliveries')).body as { total: number }).total;
  const isDone = () => [...hook.got.keys()].every((jobId) => (hook.ofRun.get(jobId) ?? 0) === due(jobId));
  await expect.poll(() => hook.got.size, { timeout: 150_000, interval: 100 }).toBe(count);
  await expect
    .poll(async () => [await waiting(), isDone()], { timeout: 30_000, interval: 100 })
    .toEqual([0, true]);
  expect(await service.end('SIGTERM')).toBe(0);

  // Each run sent what was on disk before it, and nothing twice; the last one all of it. An alert always has the same id.
  for (const [jobId, ids] of hook.got) {
    expect(new Set(ids).size, jobId).toBe(1);
    expect(hook.ofRun.get(jobId) ?? 0, jobId).toBe(due(jobId));
    expect(ids.length, jobId).toBeLessThanOrEqual(1 + 2 * kills);
  }
}, 300_000);
