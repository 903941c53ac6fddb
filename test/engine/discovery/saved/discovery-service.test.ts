import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { savedSearchInputSchema, savedSearchPatchSchema } from '../../../../shared/schema/saved-search.ts';
import {
  fastSearch as fast,
  searchesNow as now,
  serveRenewable as serve,
  searching as setUp,
} from '../../../support/saved-searches.ts';
import { listen } from '../../../support/tls-server.ts';

const hourMs = 3_600_000;

describe('a saved search', () => {
  it('tells what is new, changed and vanished, each in one message, and keeps finds over renewals', async () => {
    await using on = setUp();
    const one = await serve('127.26.0.1', 'one.test');
    const two = await serve('127.26.0.2', 'two.test');
    const ports = `${one.port},${two.port}`;
    const { id } = await on.add({ name: 'lab', targets: ['127.26.0.1-2'], ports });
    const first = await on.run(id);
    expect(first).toMatchObject({
      name: 'lab',
      run: { state: 'done', new: 2, changed: 0, vanished: 0, progress: { planned: 4, tried: 4, tls: 2 } },
      message: { severity: 'info', title: 'Search “lab”: 2 new' },
    });
    expect(first.message?.body).toContain(`one.test (127.26.0.1:${one.port}), expires in `);
    const before = on.finds(id);
    expect(before.map(({ state, names }) => [state, names])).toEqual([
      ['new', ['one.test']],
      ['new', ['two.test']],
    ]);
    // Nothing is new: no message.
    expect(await on.run(id)).toMatchObject({ run: { new: 0 }, message: null });
    one.renew();
    await two.listening.close();
    const third = await on.run(id);
    expect(third).toMatchObject({
      run: { new: 0, changed: 1, vanished: 0 },
      message: { title: 'Search “lab”: 1 changed' },
    });
    const fourth = await on.run(id);
    expect(fourth).toMatchObject({
      run: { new: 0, changed: 0, vanished: 1 },
      message: { title: 'Search “lab”: 1 vanished' },
    });
    const after = on.finds(id);
    expect(after.map((find) => [find.id, find.state])).toEqual([
      [before[0]?.id, 'new'],
      [before[1]?.id, 'vanished'],
    ]);
    expect(after[0]?.changedAt).not.toBeNull();
    // What vanished is told once.
    expect((await on.run(id)).message).toBeNull();
    await one.listening.close();
  });

  it('warns of a certificate that is not watched and about to expire', async () => {
    await using on = setUp();
    const one = await serve('127.26.0.3', 'soon.test');
    one.renew(3);
    const { id } = await on.add({ name: 'soon', targets: [`127.26.0.3:${one.port}`] });
    const { message } = await on.run(id);
    expect(message).toMatchObject({ severity: 'warning' });
    expect(message?.body).toMatch(/^Not watched and expired, or about to expire: soon\.test/);
    await one.listening.close();
  });

  it('is run by its schedule, and after time in which nothing ran once', async () => {
    await using on = setUp();
    const one = await serve('127.26.0.4', 'one.test');
    const schedule = { type: 'interval', minutes: 60 } as const;
    const { id, nextRunAt } = await on.add({ name: 'hourly', targets: [`127.26.0.4:${one.port}`], schedule });
    expect(Date.parse(nextRunAt ?? '') - now).toBeGreaterThanOrEqual(hourMs);
    const ended = on.test.next('discovery-ended');
    on.test.clock.advance(hourMs + 120_000);
    expect(await ended).toMatchObject({ run: { discoveryId: id, state: 'done', new: 1 } });
    const again = on.test.next('discovery-ended');
    await on.test.restart(10 * hourMs);
    on.test.clock.advance(60_000);
    await again;
    expect(on.test.engine.discoveries.runs(id, 10, 0)?.total).toBe(2);
    await one.listening.close();
  });

  it('goes on after a restart where it was, with the finds that it had, and no pair twice', async () => {
    await using on = setUp();
    const one = await serve('127.26.0.5', 'one.test');
    // Every connection is counted. The limit of one open connection makes the order strict.
    const counted = await listen(
      createServer((socket) => socket.end('no\n')),
      '127.26.0.6',
    );
    const limits = { ...fast, perSecond: 20, atOnce: 1 };
    const targets = Array.from({ length: 40 }, (_, index) => `127.26.1.${index + 1}:${counted.port}`);
    const { id } = await on.add({
      name: 'long',
      targets: [...targets, `127.26.0.5:${one.port}`, `127.26.0.6:${counted.port}`],
      limits,
    });
    const some = on.test.next(
      'discovery-changed',
      (event) => (event.discovery.lastRun?.progress.tried ?? 0) >= 5,
    );
    on.test.engine.discoveries.run(id);
    const ticking = setInterval(() => on.test.clock.set(on.test.clock.now() + 1_001), 20);
    const { discovery } = await some;
    clearInterval(ticking);
    const tried = discovery.lastRun?.progress.tried ?? 0;
    expect(tried).toBeLessThan(42);
    const ended = on.test.next('discovery-ended');
    await on.test.restart();
    const after = await ended;
    expect(after).toMatchObject({ run: { id: discovery.lastRun?.id, state: 'done', new: 1 } });
    expect(after.run.progress).toMatchObject({ planned: 42, tried: 42 });
    // One pair may have been under way when it was broken off.
    expect(after.run.progress.connections).toBeLessThanOrEqual(42 + 2 + 1);
    expect(counted.connections).toBeLessThanOrEqual(2);
    expect(after.message?.title).toBe('Search “long”: 1 new');
    await one.listening.close();
    await counted.close();
  });

  it('is stopped, concludes nothing then, and runs once at a time', async () => {
    await using on = setUp();
    const { id } = await on.add({
      name: 'wide',
      targets: ['127.26.2.0/24'],
      ports: '9443',
      limits: { ...fast, perSecond: 5 },
    });
    const ended = on.test.next('discovery-ended');
    on.test.engine.discoveries.run(id);
    expect(() => on.test.engine.discoveries.run(id)).toThrow('running already');
    expect(await on.test.engine.discoveries.stopRun(id)).toBe(true);
    expect(await ended).toMatchObject({
      run: { state: 'stopped', reason: 'It was stopped.', vanished: 0 },
      message: null,
    });
    expect(await on.test.engine.discoveries.stopRun('none')).toBe(false);
  });

  it('rests while everything is paused', async () => {
    await using on = setUp();
    const one = await serve('127.26.0.7', 'one.test');
    await on.test.engine.settings.edit({ pause: { until: null } });
    const { id } = await on.add({ name: 'paused', targets: [`127.26.0.7:${one.port}`] });
    const resting = on.test.next(
      'discovery-changed',
      ({ discovery }) => discovery.lastRun?.state === 'resting',
    );
    const ended = on.test.next('discovery-ended');
    on.test.engine.discoveries.run(id);
    await resting;
    expect(one.listening.connections).toBe(0);
    await on.test.engine.settings.edit({ pause: null });
    expect(await ended).toMatchObject({ run: { state: 'done', new: 1 } });
    await one.listening.close();
  });

  it('scans public addresses with consent alone, whoever names them and however', async () => {
    const resolve = async () => [{ address: '192.0.2.7', family: 4 as const }];
    await using on = setUp({ resolve });
    for (const targets of [['192.0.2.0/30'], ['192.0.2.7:443'], ['rebound.example'], ['[2001:db8::1]:443']]) {
      const { id } = await on.add({ name: targets[0] ?? '', targets });
      const { run } = await on.run(id);
      expect([targets, run]).toMatchObject([
        targets,
        {
          state: 'failed',
          reason: expect.stringContaining('allow-public-ranges'),
          progress: { connections: 0 },
        },
      ]);
    }
    const { id, revision } = await on.add({ name: 'consented', targets: ['192.0.2.7:443'] });
    expect(await on.test.engine.discoveries.consent(id, 'another')).toBeNull();
    expect(await on.test.engine.discoveries.consent(id, revision)).toMatchObject({
      publicConsentAt: expect.any(String),
    });
    // Whatever is searched otherwise needs it again.
    expect(await on.test.engine.discoveries.edit(id, { name: 'other' })).toMatchObject({
      publicConsentAt: expect.any(String),
    });
    const wider = [
      { targets: ['192.0.2.0/30'] },
      { files: [{ format: 'zone', path: '/tmp/zone' }] },
      { watched: true },
      { ports: 'web' },
      { exclude: [] },
    ] as const;
    for (const patch of wider) {
      const before = savedSearchInputSchema.parse({
        name: 'w',
        targets: ['192.0.2.7:443'],
        exclude: ['192.0.2.9'],
      });
      const saved = await on.test.engine.discoveries.add(before);
      await on.test.engine.discoveries.consent(saved.id, saved.revision);
      // The page sends every field: those that are as they were change nothing.
      const { limits: _limits, ...fields } = before;
      const renamed = await on.test.engine.discoveries.edit(saved.id, { ...fields, name: 'renamed' });
      expect(renamed).toMatchObject({ name: 'renamed', publicConsentAt: expect.any(String) });
      const edited = await on.test.engine.discoveries.edit(saved.id, savedSearchPatchSchema.parse(patch));
      expect([patch, edited?.publicConsentAt]).toEqual([patch, null]);
      await on.test.engine.discoveries.remove(saved.id);
    }
    await using allowed = setUp({ resolve, allowPublicRanges: true });
    const plan = await allowed.test.engine.discoveries.plan(
      savedSearchInputSchema.parse({ name: 'x', targets: ['192.0.2.0/30'] }),
    );
    expect(plan).toMatchObject({ publicAddresses: 4, refused: [], sent: 0 });
  });

  it('has its finds reviewed: watched by a job, ignored, added with tags', async () => {
    await using on = setUp();
    const [one, two, three] = [
      await serve('127.26.0.8', 'one.test'),
      await serve('127.26.0.9', 'two.test'),
      await serve('127.26.0.10', 'three.test'),
    ];
    const targets = [`127.26.0.8:${one.port}`, `127.26.0.9:${two.port}`, `127.26.0.10:${three.port}`];
    const { id } = await on.add({ name: 'review', targets });
    await on.run(id);
    const ids = on.finds(id).map((find) => find.id);
    const { finds } = on.test.engine.discoveries;
    expect(await finds.add(ids.slice(0, 1), ['lab'])).toEqual({ added: 1, leftOut: 0, missing: 0 });
    expect(await finds.add(ids.slice(0, 1), ['lab'])).toEqual({ added: 0, leftOut: 1, missing: 0 });
    const [job] = [...on.test.engine.jobs.all()];
    expect(job).toMatchObject({
      target: { host: '127.26.0.8', servername: 'one.test' },
      tags: ['lab'],
    });
    expect(finds.ignore({ ids: ids.slice(1, 2) }, true)).toEqual({ finds: 1, missing: 0 });
    expect(on.finds(id).map(({ state, jobId }) => [state, jobId])).toEqual([
      ['watched', job?.id],
      ['ignored', null],
      ['new', null],
    ]);
    expect(on.test.engine.discoveries.get(id)?.finds).toMatchObject({ watched: 1, ignored: 1, new: 1 });
    // An ignored one stays so, and its change is no news.
    two.renew();
    expect(await on.run(id)).toMatchObject({ message: null });
    expect(finds.list({ discovery: id, state: 'ignored', limit: 10, offset: 0 })).toMatchObject({ total: 1 });
    expect(finds.list({ search: 'THREE.test', limit: 10, offset: 0 })).toMatchObject({ total: 1 });
    expect(await on.test.engine.discoveries.remove(id)).toBe(true);
    expect(on.finds(id)).toEqual([]);
    for (const { listening } of [one, two, three]) await listening.close();
  });

  it('adds what it finds, if it is told to', async () => {
    await using on = setUp();
    const one = await serve('127.26.0.11', 'one.test');
    const { id } = await on.add({
      name: 'adding',
      targets: [`127.26.0.11:${one.port}`],
      onFind: 'add',
      addTags: ['found'],
    });
    await on.run(id);
    expect([...on.test.engine.jobs.all()]).toMatchObject([{ tags: ['found'] }]);
    expect(on.finds(id)).toMatchObject([{ state: 'watched' }]);
    await one.listening.close();
  });

  it('is told to channels in one message that names no job', async () => {
    await using on = setUp();
    const one = await serve('127.26.0.12', 'one.test');
    await on.test.engine.settings.edit({
      webhooks: [
        {
          name: 'all',
          url: 'http://127.0.0.1:9/',
          format: 'json',
          caFile: null,
          grouped: true,
          severity: 'info',
          tags: [],
          enabled: true,
        },
        {
          name: 'urgent',
          url: 'http://127.0.0.1:9/',
          format: 'json',
          caFile: null,
          grouped: true,
          severity: 'warning',
          tags: [],
          enabled: true,
        },
      ],
    });
    const { id } = await on.add({ name: 'told', targets: [`127.26.0.12:${one.port}`] });
    await on.run(id);
    const { items } = on.test.engine.channels.list({ limit: 10, offset: 0 });
    expect(items.map(({ hook, title }) => [hook, title])).toEqual([['all', 'Search “told”: 1 new']]);
    await one.listening.close();
  });

  it('refuses a name that is taken, and a search of nothing', async () => {
    await using on = setUp();
    await on.add({ name: 'a', targets: ['10.0.0.1'] });
    await expect(on.add({ name: 'a', targets: ['10.0.0.2'] })).rejects.toThrow(
      'Another search has this name.',
    );
    const parsed = savedSearchInputSchema.safeParse({ name: 'b' });
    expect(parsed.error?.issues[0]?.message).toContain('Enter addresses');
    expect(savedSearchInputSchema.safeParse({ name: 'b', targets: ['a'], ports: '0' }).success).toBe(false);
    expect(savedSearchInputSchema.safeParse({ name: 'b', files: [{ path: 'hosts' }] }).success).toBe(false);
    expect(
      savedSearchInputSchema.safeParse({
        name: 'b',
        targets: ['a'],
        schedule: { type: 'interval', minutes: 5 },
      }).success,
    ).toBe(false);
  });
});
