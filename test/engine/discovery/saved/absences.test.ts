import { rmSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Network } from '../../../../electron/engine/monitor/network.ts';
import { jobInputSchema } from '../../../../shared/schema/job.ts';
import { savedSearchInputSchema } from '../../../../shared/schema/saved-search.ts';
import { searching, serveRenewable } from '../../../support/saved-searches.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

const loopback = (address: string) => [{ address, family: 4 as const }];
const lookupFailure = (code: string) => Object.assign(new Error(`getaddrinfo ${code}`), { code });

describe('what a run did not see', () => {
  it('is not missing if a file with hosts could not be read', async () => {
    using folder = temporaryFolder();
    const path = folder.file('Caddyfile');
    await using on = searching({ resolve: async () => loopback('127.26.3.1') });
    const [listed, other] = [
      await serveRenewable('127.26.3.1', 'listed.test'),
      await serveRenewable('127.26.3.2', 'other.test'),
    ];
    const caddyfile = `listed.test:${listed.port} {\n}\n`;
    writeFileSync(path, caddyfile);
    const { id } = await on.add({
      name: 'files',
      targets: [`127.26.3.2:${other.port}`],
      files: [{ format: 'caddy', path }],
    });
    expect(await on.run(id)).toMatchObject({ run: { new: 2 } });
    const before = on.finds(id).map((find) => [find.id, find.state]);
    rmSync(path);
    await other.listening.close();
    for (let times = 0; times < 3; times += 1) {
      const { run, message } = await on.run(id);
      expect([run.state, run.vanished, message, run.notes[0]]).toEqual([
        'done',
        0,
        null,
        'A file with hosts or a domain could not be read: nothing counts as missing in this run.',
      ]);
    }
    expect(on.finds(id).map((find) => [find.id, find.state])).toEqual(before);
    writeFileSync(path, caddyfile);
    expect(await on.run(id)).toMatchObject({ run: { new: 0 }, message: null });
    await listed.listening.close();
  });

  it('is not missing if the name server did not answer, and a deleted job is not added again', async () => {
    let isUp = true;
    const resolve = async () => {
      if (!isUp) throw lookupFailure('EAI_AGAIN');
      return loopback('127.26.3.3');
    };
    await using on = searching({ resolve });
    const one = await serveRenewable('127.26.3.3', 'one.test');
    const { id } = await on.add({
      name: 'names',
      targets: [`one.test:${one.port}`, `127.26.3.4:${one.port}`],
      onFind: 'add',
    });
    await on.run(id);
    const [job] = [...on.test.engine.jobs.all()];
    await on.test.engine.jobs.remove(job?.id ?? '');
    isUp = false;
    for (let times = 0; times < 3; times += 1) {
      const { run, message } = await on.run(id);
      expect([run.notes[0], message]).toEqual([
        'The name server did not answer for all hosts: their finds do not count as missing.',
        null,
      ]);
    }
    expect(on.finds(id)).toHaveLength(1);
    isUp = true;
    expect(await on.run(id)).toMatchObject({ run: { new: 0 }, message: null });
    expect([...on.test.engine.jobs.all()]).toEqual([]);
    await one.listening.close();
  });

  it('is missing where it was tried, though another name does not exist any more', async () => {
    let isKnown = true;
    const resolve = async () => {
      if (!isKnown) throw lookupFailure('ENOTFOUND');
      return loopback('127.26.3.5');
    };
    await using on = searching({ resolve });
    const [named, plain] = [
      await serveRenewable('127.26.3.5', 'named.test'),
      await serveRenewable('127.26.3.6', 'plain.test'),
    ];
    const { id } = await on.add({
      name: 'gone',
      targets: [`named.test:${named.port}`, `127.26.3.5:${named.port}`, `127.26.3.6:${plain.port}`],
    });
    await on.run(id);
    isKnown = false;
    await named.listening.close();
    await plain.listening.close();
    await on.run(id);
    await on.run(id);
    // The one with the name may be elsewhere.
    expect(on.finds(id).map(({ names, state }) => [names, state])).toEqual([
      [['named.test'], 'new'],
      [['plain.test'], 'vanished'],
    ]);
  });

  it('is missing where it was tried, though the name server did not answer for another name', async () => {
    let isUp = true;
    const resolve = async () => {
      if (!isUp) throw lookupFailure('EAI_AGAIN');
      return loopback('127.26.3.15');
    };
    await using on = searching({ resolve });
    const [named, plain] = [
      await serveRenewable('127.26.3.15', 'named.test'),
      await serveRenewable('127.26.3.16', 'plain.test'),
    ];
    const { id } = await on.add({
      name: 'failing',
      targets: [`named.test:${named.port}`, `127.26.3.16:${plain.port}`],
    });
    await on.run(id);
    isUp = false;
    await named.listening.close();
    await plain.listening.close();
    expect(await on.run(id)).toMatchObject({ run: { vanished: 0 }, message: null });
    expect(await on.run(id)).toMatchObject({ run: { vanished: 1 } });
    expect(on.finds(id).map(({ names, state }) => [names, state])).toEqual([
      [['named.test'], 'new'],
      [['plain.test'], 'vanished'],
    ]);
  });

  it('is forgotten where the search does not reach it any more, though a name does not exist any more; not if a look-up failed', async () => {
    let code: string | null = null;
    const resolve = async () => {
      if (code !== null) throw lookupFailure(code);
      return loopback('127.26.3.17');
    };
    await using on = searching({ resolve });
    const named = await serveRenewable('127.26.3.17', 'named.test');
    const [left, beside] = [
      await serveRenewable('127.26.3.18', 'left.test', named.port),
      await serveRenewable('127.26.3.17', 'beside.test'),
    ];
    const targets = [`named.test:${named.port}`];
    const { id } = await on.add({
      name: 'left',
      targets: [...targets, `127.26.3.18:${left.port}`, `127.26.3.17:${beside.port}`],
    });
    expect(await on.run(id)).toMatchObject({ run: { new: 3 } });
    on.test.clock.advance(1_000);
    await on.test.engine.discoveries.edit(id, { targets });
    code = 'EAI_AGAIN';
    for (let times = 0; times < 3; times += 1) await on.run(id);
    expect(on.finds(id)).toHaveLength(3);
    code = 'ENOTFOUND';
    expect(await on.run(id)).toMatchObject({ run: { vanished: 0 }, message: null });
    // Another port of the address that the lost name led to may be its own.
    expect(on.finds(id).map(({ address }) => address)).toEqual(['127.26.3.17', '127.26.3.17']);
    code = null;
    await on.run(id);
    expect(on.finds(id).map(({ names }) => names)).toEqual([['named.test']]);
    for (const { listening } of [named, left, beside]) await listening.close();
  });

  it('is forgotten without a message once the search was edited, and kept for a name that shows its addresses in turn', async () => {
    let turn = 0;
    const addresses = ['127.26.3.7', '127.26.3.8'];
    const resolve = async () => loopback(addresses[turn % 2] ?? '');
    await using on = searching({ resolve });
    const first = await serveRenewable('127.26.3.7', 'turns.test');
    const second = await serveRenewable('127.26.3.8', 'turns.test', first.port);
    const { id } = await on.add({ name: 'turns', targets: [`turns.test:${first.port}`, '127.26.3.9:443'] });
    await on.run(id);
    turn += 1;
    expect(await on.run(id)).toMatchObject({ run: { new: 1 } });
    for (turn = 2; turn < 6; turn += 1)
      expect(await on.run(id)).toMatchObject({ run: { new: 0 }, message: null });
    expect(on.finds(id)).toHaveLength(2);
    on.test.clock.advance(1_000);
    await on.test.engine.discoveries.edit(id, { targets: ['127.26.3.9:443'] });
    expect(await on.run(id)).toMatchObject({ run: { vanished: 0 }, message: null });
    expect(on.finds(id)).toEqual([]);
    await first.listening.close();
    await second.listening.close();
  });

  it('is looked for under the names of a watched host also while that host does not answer', async () => {
    await using on = searching({ resolve: async () => loopback('127.26.3.14') });
    const { engine, clock } = on.test;
    const one = await serveRenewable('127.26.3.14', 'watched.test');
    const target = { host: '127.26.3.14', port: one.port, servername: 'watched.test' };
    const { id } = await engine.jobs.add(jobInputSchema.parse({ target, paused: true }));
    const names = async () =>
      (await engine.discoveries.plan(savedSearchInputSchema.parse({ name: 'x', watched: true }))).hosts;
    await engine.checks.checkNow(id);
    expect(await names()).toBe(1);
    await one.listening.close();
    clock.advance(1_000);
    await engine.checks.checkNow(id);
    expect(engine.jobs.detail(id)?.status).toBe('unreachable');
    expect(await names()).toBe(1);
  });

  it('is not missing where the pair is excluded since', async () => {
    await using on = searching();
    const one = await serveRenewable('127.26.3.10', 'one.test');
    const { id } = await on.add({ name: 'less', targets: ['127.26.3.10-11'], ports: String(one.port) });
    await on.run(id);
    on.test.clock.advance(1_000);
    await on.test.engine.discoveries.edit(id, { exclude: [`127.26.3.10:${one.port}`] });
    expect(await on.run(id)).toMatchObject({ run: { vanished: 0 }, message: null });
    expect(on.finds(id)).toEqual([]);
    await one.listening.close();
  });
});

describe('a run that has to rest', () => {
  it('looks nothing up before everything goes on', async () => {
    const asked: string[] = [];
    const resolve = async (name: string) => {
      asked.push(name);
      return loopback('127.26.3.12');
    };
    await using on = searching({ resolve });
    await on.test.engine.settings.edit({ pause: { until: null } });
    const { id } = await on.add({ name: 'paused', targets: ['paused.test:9443'] });
    const resting = on.test.next(
      'discovery-changed',
      ({ discovery }) => discovery.lastRun?.state === 'resting',
    );
    const ended = on.test.next('discovery-ended');
    on.test.engine.discoveries.run(id);
    await resting;
    expect(asked).toEqual([]);
    await on.test.engine.settings.edit({ pause: null });
    expect(await ended).toMatchObject({ run: { state: 'done' } });
    expect(asked).toEqual(['paused.test']);
  });

  it('is not begun by its schedule while this machine is offline', async () => {
    const isUp = false;
    const network: Network = { hasInterface: () => isUp, answers: async () => isUp, isLocal: () => false };
    const refused = async () => {
      throw lookupFailure('ENOTFOUND');
    };
    await using on = searching({ network, resolve: refused });
    const { id } = await on.add({
      name: 'hourly',
      targets: ['127.26.3.13:9443'],
      schedule: { type: 'interval', minutes: 60 },
    });
    const offline = on.test.next('state-changed', ({ state }) => state.offlineSince !== null);
    await on.test.engine.jobs.addAll([jobInputSchema.parse({ target: { host: 'www.example.com' } })]);
    on.test.clock.advance(0);
    await offline;
    on.test.clock.advance(2 * 3_600_000);
    expect(on.test.engine.discoveries.runs(id, 10, 0)?.total).toBe(0);
  });
});
