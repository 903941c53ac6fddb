import { mkdirSync, renameSync, rmdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { groupWaitMs } from '../../../electron/engine/alerts/grouping.ts';
import { type Channel, channelSchema } from '../../../shared/schema/channels/channel.ts';
import { reportScheduleSchema } from '../../../shared/schema/report-schedule.ts';
import { receiveChannels } from '../../support/channel-receiver.ts';
import { siteInTrouble } from '../../support/site-in-trouble.ts';
import { TestEngine } from '../../support/test-engine.ts';

/** An engine with an alert that waits for two channels, whose servers answer 503. */
async function twoWaiting() {
  const answer = { status: 503 };
  const chat = await receiveChannels(() => answer);
  const channel = (name: string) =>
    channelSchema.parse({ type: 'webhook', name, url: `${chat.url}/${name}` });
  const site = await siteInTrouble({ settings: { channels: [channel('a'), channel('b')] } });
  const { engine, clock } = site.test;
  clock.advance(groupWaitMs);
  const waiting = () => engine.channels.list({ limit: 9, offset: 0 }).items;
  await expect.poll(() => waiting().map(({ attempts }) => attempts)).toEqual([1, 1]);
  return {
    ...{ test: site.test, engine, channel, waiting },
    standing: () =>
      waiting()
        .map(({ hook, state }) => `${hook} ${state}`)
        .toSorted(),
    /** Everything is taken from now on. @returns where it went */
    async deliver() {
      const before = chat.received.length;
      answer.status = 200;
      engine.channels.hurry();
      await expect.poll(() => waiting().filter(({ state }) => state === 'waiting')).toEqual([]);
      return chat.received
        .slice(before)
        .map(({ path }) => path)
        .toSorted();
    },
    async [Symbol.asyncDispose]() {
      await site[Symbol.asyncDispose]();
      await chat[Symbol.asyncDispose]();
    },
  };
}

describe('what waits for channels', () => {
  it('follows two that are renamed at the same moment', async () => {
    await using desk = await twoWaiting();
    const { channelEditor } = desk.engine;
    await Promise.all([channelEditor.edit('a', { name: 'a1' }), channelEditor.edit('b', { name: 'b1' })]);
    expect(desk.standing()).toEqual(['a1 waiting', 'b1 waiting']);
    expect(await desk.deliver()).toEqual(['/a', '/b']);
    expect(desk.waiting()).toEqual([]);
  });

  it('follows one that is renamed beside one that is added and one that is deleted', async () => {
    await using desk = await twoWaiting();
    const { channelEditor } = desk.engine;
    await Promise.all([
      channelEditor.remove('b'),
      channelEditor.edit('a', { name: 'a1' }),
      channelEditor.add(desk.channel('c')),
    ]);
    expect(desk.engine.channelEditor.list().map(({ name }) => name)).toEqual(['a1', 'c']);
    expect(await desk.deliver()).toEqual(['/a']);
    // What waited for the channel that is gone is given up.
    expect(desk.standing()).toEqual(['b failed']);
  });

  it('follows names that change places, one step after the other', async () => {
    await using desk = await twoWaiting();
    const { settings } = desk.engine;
    const rename = (from: string, to: string) =>
      settings.edit({
        channels: settings.current.channels.map((one) => (one.name === from ? { ...one, name: to } : one)),
      });
    await Promise.all([rename('a', 'x'), rename('b', 'a'), rename('x', 'b')]);
    expect(settings.current.channels.map(({ name }) => name)).toEqual(['b', 'a']);
    expect(desk.standing()).toEqual(['a waiting', 'b waiting']);
    expect(await desk.deliver()).toEqual(['/a', '/b']);
    expect(desk.waiting()).toEqual([]);
  });

  it('follows two that one edit of the list renames, with their secrets, their reports and known failures', async () => {
    await using desk = await twoWaiting();
    const { engine, test } = desk;
    const { settings, status } = engine;
    await settings.edit({ reports: [reportScheduleSchema.parse({ name: 'weekly', channels: ['b', 'a'] })] });
    test.clock.set(test.clock.now() + 2 * 3_600_000);
    engine.wake();
    await expect.poll(() => status.state.failingChannels.length).toBe(2);
    await settings.edit({
      channels: settings.current.channels.map((one) => ({ ...one, name: `${one.name}1` })),
    });
    expect(desk.standing()).toEqual(['a1 waiting', 'b1 waiting']);
    expect(settings.current.reports[0]?.channels).toEqual(['b1', 'a1']);
    expect(status.state.failingChannels.map(({ name }) => name).toSorted()).toEqual(['a1', 'b1']);
    expect(await desk.deliver()).toEqual(['/a', '/b']);
    expect(desk.waiting()).toEqual([]);
    expect(status.state.failingChannels).toEqual([]);
  });

  it('goes by a name that the list still has, wherever it is, beside one that is new', async () => {
    await using desk = await twoWaiting();
    const { settings } = desk.engine;
    const [a, b] = settings.current.channels as [Channel, Channel];
    await settings.edit({ channels: [b, a] });
    expect(desk.standing()).toEqual(['a waiting', 'b waiting']);
    await settings.edit({ channels: [{ ...b }, { ...a, name: 'a1' }] });
    expect(desk.standing()).toEqual(['a1 waiting', 'b waiting']);
    expect(await desk.deliver()).toEqual(['/a', '/b']);
  });

  it('is listed as failed, and takes no secret along, where a list does not say which became which', async () => {
    await using desk = await twoWaiting();
    const { settings } = desk.engine;
    const [a] = settings.current.channels as [Channel];
    await expect(settings.edit({ channels: [{ ...a, name: 'x' }] })).rejects.toMatchObject({
      field: 'channels.0.url',
    });
    expect(desk.standing()).toEqual(['a waiting', 'b waiting']);
    await settings.edit({ channels: [desk.channel('x'), desk.channel('y'), desk.channel('z')] });
    expect(await desk.deliver()).toEqual([]);
    expect(desk.waiting()).toMatchObject([
      { hook: 'b', state: 'failed', error: 'There is no hook of this name any more.' },
      { hook: 'a', state: 'failed', error: 'There is no hook of this name any more.' },
    ]);
  });

  it('goes back to the old names where the disk does not take the new ones', async () => {
    await using desk = await twoWaiting();
    const { channelEditor } = desk.engine;
    // A folder is in the place of the file.
    const file = desk.test.folder.file('config.json');
    renameSync(file, `${file}.kept`);
    mkdirSync(file);
    const edits = await Promise.allSettled([
      channelEditor.edit('a', { name: 'a1' }),
      channelEditor.edit('b', { name: 'b1' }),
    ]);
    expect(edits).toMatchObject([
      { status: 'rejected', reason: { name: 'StoreWriteError' } },
      { status: 'rejected', reason: { name: 'StoreWriteError' } },
    ]);
    expect(channelEditor.list().map(({ name }) => name)).toEqual(['a', 'b']);
    expect(desk.standing()).toEqual(['a waiting', 'b waiting']);
    rmdirSync(file);
    renameSync(`${file}.kept`, file);
    expect(await desk.deliver()).toEqual(['/a', '/b']);
  });
});

describe('the times of reports', () => {
  it('follow two that are renamed at the same moment, beside one that is added', async () => {
    await using test = new TestEngine();
    const folder = test.folder.file('out');
    mkdirSync(folder);
    const { engine } = test;
    engine.start();
    const schedule = (name: string) => reportScheduleSchema.parse({ name, folder });
    for (const name of ['a', 'b']) {
      await engine.reports.add(schedule(name));
      await engine.reports.send(name);
    }
    const lastAt = new Date(test.clock.now()).toISOString();
    await Promise.all([
      engine.reports.edit('a', { name: 'a1' }),
      engine.reports.edit('b', { name: 'b1' }),
      engine.reports.add(schedule('c')),
    ]);
    expect(engine.reports.list()).toMatchObject([
      { name: 'a1', lastAt },
      { name: 'b1', lastAt },
      { name: 'c', lastAt: null },
    ]);
  });
});
