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

/** What the webhook got: for each job the ids of the messages, one for each time that it came; and the ids of the present run. */
async function receiver() {
  const got = new Map<string, string[]>();
  const ofRun = new Set<string>();
  const server = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk: Buffer) => {
      text += chunk.toString();
    });
    request.on('end', () => {
      if (request.method === 'GET') return void response.writeHead(204).end();
      const { id, alerts } = JSON.parse(text) as { id: string; alerts: { alert: { jobId: string } }[] };
      ofRun.add(id);
      for (const { alert } of alerts) got.set(alert.jobId, [...(got.get(alert.jobId) ?? []), id]);
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

  /** For each message, how often it was sent and not written down when the program was killed. */
  const unrecorded = new Map<string, number>();
  /** To be called once the program is dead: what came in its run, and waits in its outbox all the same, will come again. */
  const noteUnrecorded = async () => {
    await hook.idle();
    const outbox = new DatabaseSync(`${data}/history.sqlite`, { readOnly: true });
    const waiting = outbox.prepare("SELECT json_extract(payload, '$.id') AS id FROM deliveries").all();
    outbox.close();
    for (const { id } of waiting as { id: string }[])
      if (hook.ofRun.has(id)) unrecorded.set(id, (unrecorded.get(id) ?? 0) + 1);
    hook.ofRun.clear();
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
    await noteUnrecorded();
    service = await Service.start(data);
  }
  await expect.poll(() => hook.got.size, { timeout: 150_000, interval: 100 }).toBe(count);
  const waiting = async () =>
    ((await service.call('GET', '/hooks/deliveries')).body as { total: number }).total;
  await expect.poll(waiting, { timeout: 30_000, interval: 100 }).toBe(0);
  expect(await service.end('SIGTERM')).toBe(0);

  // Each came once, and once more for each time that it was sent and not written down; always under its own id.
  for (const [jobId, ids] of hook.got) {
    const [id = ''] = ids;
    expect(new Set(ids).size, jobId).toBe(1);
    expect(ids.length, jobId).toBe(1 + (unrecorded.get(id) ?? 0));
  }
}, 300_000);
