import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it, vi } from 'vitest';
import { StoreWriteError } from '../../../../electron/engine/store/config-store.ts';
import { fastSearch, searching, serveRenewable } from '../../../support/saved-searches.ts';

const hourMs = 3_600_000;

describe('the end of a run', () => {
  it('is announced with what it found also where its finds cannot be added', async () => {
    await using on = searching();
    const one = await serveRenewable('127.26.4.1', 'one.test');
    const { id } = await on.add({ name: 'adding', targets: [`127.26.4.1:${one.port}`], onFind: 'add' });
    vi.spyOn(on.test.engine.jobs, 'addAll').mockRejectedValueOnce(new StoreWriteError('The disk is full.'));
    const note = 'New finds could not be added as hosts. The disk is full. Add them from the list of finds.';
    expect(await on.run(id)).toMatchObject({
      run: { state: 'done', notes: [note] },
      message: { title: 'Search “adding”: 1 new' },
    });
    expect(on.test.engine.discoveries.runs(id, 1, 0)?.items).toMatchObject([{ notes: [note] }]);
    expect(on.finds(id)).toMatchObject([{ state: 'new' }]);
    await one.listening.close();
  });

  it('adds each find with the tags of the search that found it, and those given', async () => {
    await using on = searching();
    const [one, two] = [
      await serveRenewable('127.26.4.2', 'one.test'),
      await serveRenewable('127.26.4.3', 'two.test'),
    ];
    const targets = [`127.26.4.2:${one.port}`, `127.26.4.3:${two.port}`];
    const first = await on.add({ name: 'first', targets: targets.slice(0, 1), addTags: ['dmz'] });
    const second = await on.add({ name: 'second', targets, addTags: ['lab'] });
    await on.run(first.id);
    await on.run(second.id);
    const ids = on
      .finds(first.id)
      .concat(on.finds(second.id))
      .map((find) => find.id);
    expect(await on.test.engine.discoveries.addFinds(ids, ['new'])).toEqual({
      added: 2,
      leftOut: 1,
      missing: 0,
    });
    expect([...on.test.engine.jobs.all()].map(({ tags }) => tags)).toEqual([
      ['new', 'dmz', 'lab'],
      ['new', 'lab'],
    ]);
    for (const { listening } of [one, two]) await listening.close();
  });
});

describe('finds', () => {
  it('are ignored by a rule of places, and no longer', async () => {
    await using on = searching();
    const { discoveries } = on.test.engine;
    const servers = await Promise.all(
      [1, 2, 3].map((index) => serveRenewable(`127.26.4.${index + 20}`, `s${index}.lab.test`)),
    );
    const targets = servers.map(({ port }, index) => `127.26.4.${index + 21}:${port}`);
    const { id } = await on.add({ name: 'rules', targets, names: ['s2.lab.test'] });
    const other = await on.add({ name: 'other', targets: targets.slice(0, 1) });
    await on.run(id);
    await on.run(other.id);
    const ignored = () =>
      [id, other.id].map((search) =>
        on
          .finds(search)
          .filter(({ state }) => state === 'ignored')
          .map(({ address }) => Number(address.split('.').at(-1)) - 20),
      );
    const all = new Set<number>();
    for (const [rule, finds] of [
      [
        ['127.26.4.20/31', '127.26.4.23'],
        [[1, 3], [1]],
      ],
      [['::ffff:127.26.4.21'], [[1], [1]]],
      [['*.lab.test'], [[1, 2, 3], [1]]],
      [['S2.lab.test'], [[2], []]],
      [[`:${servers[2]?.port}`], [[3], []]],
      [
        [`s1.lab.test:${servers[0]?.port}`, `s2.lab.test:1`],
        [[1], [1]],
      ],
    ] as const) {
      const { finds: changed } = discoveries.ignoreFinds({ rule }, true);
      expect([rule, ignored(), changed]).toEqual([rule, finds, finds.flat().length]);
      expect(discoveries.ignoreFinds({ rule }, true).finds).toBe(0);
      expect(discoveries.ignoreFinds({ rule }, false).finds).toBe(changed);
      all.add(changed);
    }
    expect(all.size).toBeGreaterThan(1);
    const ids = on.finds(id).map((find) => find.id);
    expect(discoveries.ignoreFinds({ rule: ['*.lab.test'], discovery: other.id }, true).finds).toBe(1);
    expect(discoveries.ignoreFinds({ rule: ['s2.lab.test'], ids: [...ids, 9_999] }, true)).toEqual({
      ...{ finds: 1, missing: 1 },
    });
    expect(() => discoveries.ignoreFinds({ rule: ['10.0.0.0/33'] }, true)).toThrow('A prefix');
    for (const { listening } of servers) await listening.close();
  });

  it('are forgotten by id, state and age, and found again as new', async () => {
    await using on = searching();
    const { discoveries } = on.test.engine;
    const servers = await Promise.all(
      [1, 2, 3].map((index) => serveRenewable(`127.26.4.${index + 10}`, `s${index}.test`)),
    );
    const targets = servers.map(({ port }, index) => `127.26.4.${index + 11}:${port}`);
    const { id } = await on.add({ name: 'forget', targets });
    await on.run(id);
    const ids = on.finds(id).map((find) => find.id);
    expect(discoveries.ignoreFinds({ ids: ids.slice(0, 1) }, true)).toEqual({ finds: 1, missing: 0 });
    expect(discoveries.forgetFinds({ ids: ids.slice(0, 2), state: 'new' })).toBe(1);
    expect(discoveries.forgetFinds({ state: 'vanished' })).toBe(0);
    expect(discoveries.forgetFinds({ discovery: 'other', state: 'new' })).toBe(0);
    expect(discoveries.get(id)?.finds).toMatchObject({ new: 1, ignored: 1 });
    on.test.clock.advance(1_000);
    await servers[2]?.listening.close();
    const again = await on.run(id);
    expect(again.run.new).toBe(1);
    const before = new Date(on.test.clock.now()).toISOString();
    expect(discoveries.forgetFinds({ lastSeenBefore: before })).toBe(1);
    expect(discoveries.forgetFinds({ ids })).toBe(1);
    // What was ignored is news again.
    expect((await on.run(id)).run.new).toBe(1);
    for (const { listening } of servers.slice(0, 2)) await listening.close();
  });
});

describe('the 24 hours of a run', () => {
  const slow = { targets: ['127.26.5.0/24'], ports: '9443', limits: { ...fastSearch, perSecond: 1 } };

  it('do not count while it rests', async () => {
    await using on = searching();
    await on.test.engine.settings.edit({ pause: { until: null } });
    const { id } = await on.add({ name: 'resting', targets: ['127.26.4.4:9443'] });
    const ended = on.test.next('discovery-ended');
    on.test.engine.discoveries.run(id);
    on.test.clock.advance(30 * hourMs);
    await on.test.engine.settings.edit({ pause: null });
    expect(await ended).toMatchObject({ run: { state: 'done' } });
  });

  it('do not count while NotAfter is closed, and end it when they have passed', async () => {
    await using on = searching();
    const { id } = await on.add({ name: 'slow', ...slow });
    on.test.engine.discoveries.run(id);
    await on.test.restart(30 * hourMs);
    const ended = on.test.next('discovery-ended');
    on.test.clock.advance(24 * hourMs - 60_000);
    expect(on.test.engine.discoveries.get(id)?.lastRun?.endedAt).toBeNull();
    on.test.clock.advance(60_000);
    expect(await ended).toMatchObject({ run: { state: 'stopped', reason: 'It took longer than 24 hours.' } });
  });
});

describe('what is kept of searches', () => {
  it('may be damaged: the rest is read, and NotAfter starts', async () => {
    await using on = searching();
    const [one, two] = [
      await serveRenewable('127.26.4.5', 'one.test'),
      await serveRenewable('127.26.4.6', 'two.test'),
    ];
    const { id } = await on.add({
      name: 'damaged',
      targets: [`127.26.4.5:${one.port}`, `127.26.4.6:${two.port}`],
    });
    await on.run(id);
    await on.run(id);
    const database = new DatabaseSync(on.test.folder.file('history.sqlite'));
    database.exec("UPDATE discovery_runs SET detail = '{\"state', ended_at = NULL WHERE id = 2");
    database.exec("UPDATE discovery_finds SET found = 'none' WHERE id = 1");
    database.close();
    await on.test.restart();
    expect(on.test.engine.discoveries.runs(id, 10, 0)?.items.map((run) => run.id)).toEqual([1]);
    expect(on.finds(id).map((find) => find.id)).toEqual([2]);
    expect(await on.run(id)).toMatchObject({ run: { state: 'done', new: 1 } });
    for (const { listening } of [one, two]) await listening.close();
  });

  it('has a sentence with what to do where no run can be saved', async () => {
    await using on = searching();
    const { id } = await on.add({ name: 'locked', targets: ['127.26.4.7:9443'] });
    const other = new DatabaseSync(on.test.folder.file('history.sqlite'));
    other.exec('PRAGMA busy_timeout = 5000; BEGIN IMMEDIATE');
    expect(() => on.test.engine.discoveries.run(id)).toThrow(
      new StoreWriteError(
        'The run cannot be saved: the disk is full, or another program has locked the database. Free up space or end that program, then run the search again.',
      ),
    );
    other.close();
  });
});
