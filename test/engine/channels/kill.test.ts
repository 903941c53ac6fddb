import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
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

/** What the webhook got: for each job the ids of the messages, one for each time that it came. */
async function receiver() {
  const got = new Map<string, string[]>();
  const server = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk: Buffer) => {
      text += chunk.toString();
    });
    request.on('end', () => {
      const { id, alerts } = JSON.parse(text) as { id: string; alerts: { alert: { jobId: string } }[] };
      for (const { alert } of alerts) got.set(alert.jobId, [...(got.get(alert.jobId) ?? []), id]);
      response.writeHead(204).end();
    });
  });
  const { port, close } = await listen(server);
  return { got, url: `http://127.0.0.1:${port}/`, [Symbol.asyncDispose]: close };
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

  const received = () => [...hook.got.values()].reduce((sum, ids) => sum + ids.length, 0);
  // Of each kill one may be in flight. While another program holds the database, what is sent cannot be written down, nor can the one
  // that was in flight when it took hold.
  let unrecorded = kills;
  for (let kill = 0; kill < kills; kill += 1) {
    // Its own words decide when: the alerts come two seconds after the last check, and are sent within seconds.
    await wait(random() * (kill === 0 ? 3_000 : 900));
    if (random() < 0.5) {
      const other = new DatabaseSync(`${data}/history.sqlite`);
      other.exec('PRAGMA busy_timeout = 5000; BEGIN IMMEDIATE');
      const before = received();
      await wait(random() * 800);
      expect((await service.call('GET', '/status')).status).toBe(200); // It lives.
      if (random() < 0.5) {
        await service.end('SIGKILL');
        unrecorded += 1 + received() - before;
      }
      other.exec('ROLLBACK');
      other.close();
    }
    await service.end('SIGKILL');
    service = await Service.start(data);
  }
  await expect.poll(() => hook.got.size, { timeout: 60_000, interval: 100 }).toBe(count);
  const waiting = async () =>
    ((await service.call('GET', '/hooks/deliveries')).body as { total: number }).total;
  await expect.poll(waiting, { timeout: 30_000, interval: 100 }).toBe(0);
  expect(await service.end('SIGTERM')).toBe(0);

  const twice = [...hook.got.values()].filter((ids) => ids.length > 1);
  // One that came twice was sent and not written down when the program was killed, and has the same id.
  for (const ids of twice) expect(new Set(ids).size).toBe(1);
  expect(twice.length).toBeLessThanOrEqual(unrecorded);
}, 180_000);
