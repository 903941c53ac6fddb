import { mkdirSync, writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { receiveChannels } from '../../support/channel-receiver.ts';
import { makeCa } from '../../support/pki.ts';
import { Service } from '../../support/service.ts';
import { seeded } from '../../support/simulated-year.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const count = 100;
const killsOfEachPart = 4;
const hourMs = 3_600_000;
const seed = Number(process.env['NOTAFTER_SEED'] ?? Date.now() % 1_000_000);

interface WebhookBody {
  id: string;
  event: string;
  alerts: { alert: { jobId: string; severity: string } }[];
}

/** What a service of incidents keeps: those that are open by their alias, and how often each was opened. */
class Incidents {
  readonly open = new Set<string>();
  readonly opened = new Map<string, number>();

  take(path: string, body: Record<string, unknown>): void {
    const [, closed] = /\/v2\/alerts\/([^/]+)\/close/.exec(path) ?? [];
    if (closed !== undefined) return void this.open.delete(decodeURIComponent(closed));
    const alias = String(body['alias']);
    this.open.add(alias);
    this.opened.set(alias, (this.opened.get(alias) ?? 0) + 1);
  }
}

/** What a program keeps that knows messages by their ids: for each job the ids of its alert, and how often one came. */
class Messages {
  readonly ids = new Map<string, Set<string>>();
  readonly times = new Map<string, number>();

  take({ id, event, alerts }: WebhookBody): void {
    this.times.set(id, (this.times.get(id) ?? 0) + 1);
    if (event !== 'resolved')
      for (const { alert } of alerts)
        if (alert.severity !== 'info')
          this.ids.set(alert.jobId, (this.ids.get(alert.jobId) ?? new Set()).add(id));
  }
}

/** What a room shows: each transaction once, with the number of alerts in it. */
class Room {
  readonly shown = new Map<string, number>();

  take(path: string, { body }: Record<string, unknown>): void {
    const text = String(body);
    if (!text.startsWith('🔴')) return; // Good news.
    const [, more = '0'] = /… and (\d+) more$/m.exec(text) ?? [];
    const named = text
      .split('\n')
      .slice(1)
      .filter((line) => line.startsWith('🔴')).length;
    this.shown.set(path, Math.max(1, named + Number(more)));
  }

  get alerts(): number {
    return [...this.shown.values()].reduce((sum, one) => sum + one, 0);
  }
}

/** Five channels, three of which answer 503 while they are down. */
async function channels() {
  const [sound, shaky] = [new Incidents(), new Incidents()];
  const [heard, late] = [new Messages(), new Messages()];
  const room = new Room();
  const state = { isDown: true };
  // SAFETY: a webhook without a template posts a message.
  const asMessage = (body: Record<string, unknown>) => body as unknown as WebhookBody;
  const takers: Record<string, (path: string, body: Record<string, unknown>) => void> = {
    sound: (path, body) => sound.take(path, body),
    shaky: (path, body) => shaky.take(path, body),
    heard: (_path, body) => heard.take(asMessage(body)),
    late: (_path, body) => late.take(asMessage(body)),
    room: (path, body) => room.take(path, body),
  };
  const receiver = await receiveChannels(({ path, body }) => {
    const channel = path.split('/')[1] ?? '';
    if (state.isDown && ['shaky', 'late', 'room'].includes(channel)) return { status: 503 };
    takers[channel]?.(path, body);
    return { status: 200, body: { event_id: '$1' } };
  });
  const { url } = receiver;
  const given = [
    { type: 'jsm', name: 'sound', url: `${url}/sound`, apiKey: 'key' },
    { type: 'jsm', name: 'shaky', url: `${url}/shaky`, apiKey: 'key' },
    { type: 'webhook', name: 'heard', url: `${url}/heard`, grouped: false },
    { type: 'webhook', name: 'late', url: `${url}/late`, grouped: false },
    { type: 'matrix', name: 'room', url: `${url}/room`, room: '!abc:x.test', token: 'token' },
  ];
  return {
    ...{ sound, shaky, heard, late, room, state, given, receiver },
    [Symbol.asyncDispose]: () => receiver[Symbol.asyncDispose](),
  };
}

it(`loses no alert of ${count} hosts on five channels and leaves no incident open though it is killed (seed ${seed})`, async () => {
  const random = seeded(seed);
  using folder = temporaryFolder();
  await using other = await channels();
  const { sound, shaky, heard, late, room, state } = other;
  mkdirSync(folder.file('certificates'));
  const ca = makeCa();
  const write = (pem: string) => {
    for (let index = 0; index < count; index += 1)
      writeFileSync(folder.file(`certificates/${index}.pem`), pem);
  };
  write(ca.issue({ notBeforeDays: -90, notAfterDays: -2 }).pem);
  const jobs = Array.from({ length: count }, (_, index) => ({
    target: { file: folder.file(`certificates/${index}.pem`) },
  }));
  const data = folder.file('data');
  let service = await Service.start(data);
  let kills = 0;
  /** The program dies at some moment and is started again. @param meanwhile what happens while it is dead */
  const kill = async (withinMs: number, meanwhile: (outbox: DatabaseSync) => void = () => undefined) => {
    await wait(random() * withinMs);
    await service.end('SIGKILL');
    kills += 1;
    const outbox = new DatabaseSync(`${data}/history.sqlite`);
    meanwhile(outbox);
    outbox.close();
    service = await Service.start(data);
  };
  const waiting = async () =>
    ((await service.call('GET', '/hooks/deliveries')).body as { total: number }).total;
  expect((await service.call('PATCH', '/settings', { channels: other.given })).status).toBe(200);
  expect((await service.call('POST', '/jobs/import', { jobs })).body).toMatchObject({ added: count });

  // Two channels take alerts, three are down.
  for (let time = 0; time < killsOfEachPart; time += 1) await kill(time === 0 ? 4_000 : 1_500);
  await expect.poll(() => Math.min(sound.open.size, heard.ids.size), { timeout: 60_000 }).toBe(count);
  expect([shaky.open.size, late.ids.size, room.alerts]).toEqual([0, 0, 0]);

  // An hour passes, and the three are up again.
  state.isDown = false;
  const passed = 'UPDATE deliveries SET at = at - ?, next_at = next_at - ?, held_until = held_until - ?';
  await kill(500, (outbox) => outbox.prepare(passed).run(hourMs, hourMs, hourMs));
  for (let time = 1; time < killsOfEachPart; time += 1) await kill(2_000);
  await expect.poll(waiting, { timeout: 90_000, interval: 200 }).toBe(0);
  expect([shaky.open.size, late.ids.size]).toEqual([count, count]);
  expect(room.alerts).toBeGreaterThanOrEqual(count);

  // Every certificate is renewed, and a service of incidents is down once more.
  write(ca.issue({ notAfterDays: 60 }).pem);
  expect((await service.call('POST', '/jobs/check', {})).status).toBeLessThan(300);
  for (let time = 0; time < killsOfEachPart; time += 1) {
    state.isDown = time === 1;
    await kill(1_500);
    await service.call('POST', '/jobs/check', {});
  }
  state.isDown = false;
  await kill(500, (outbox) => outbox.prepare(passed).run(hourMs, hourMs, hourMs));
  await service.call('POST', '/jobs/check', {}); // What was being checked when it was killed is not known yet.
  await expect.poll(() => sound.open.size + shaky.open.size, { timeout: 90_000, interval: 200 }).toBe(0);
  await expect.poll(waiting, { timeout: 60_000, interval: 200 }).toBe(0);
  expect(await service.end('SIGTERM')).toBe(0);

  // What came more than once is known by its alias or id, and each kill repeats an alert once at most.
  for (const incidents of [sound, shaky]) {
    expect(incidents.opened.size).toBe(count);
    expect(Math.max(...incidents.opened.values())).toBeLessThanOrEqual(1 + kills);
  }
  expect(room.alerts).toBeLessThanOrEqual(count * (1 + kills));
  for (const messages of [heard, late])
    expect(Math.max(...messages.times.values())).toBeLessThanOrEqual(1 + kills);
  for (const messages of [heard, late])
    for (const [jobId, ids] of messages.ids) expect(ids.size, jobId).toBe(1);
}, 400_000);
