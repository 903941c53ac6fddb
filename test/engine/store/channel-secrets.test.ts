import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { exportEverything } from '../../../electron/engine/transfer/export-everything.ts';
import { importEverything } from '../../../electron/engine/transfer/import-everything.ts';
import { type Channel, channelSchema, fieldsOf } from '../../../shared/schema/channels/channel.ts';
import { channelTypeNames, channelTypes } from '../../../shared/schema/channels/types.ts';
import { wholeExportSchema } from '../../../shared/schema/whole-export.ts';
import { channelSamples, sampleChannel } from '../../support/channel-samples.ts';
import { TestEngine } from '../../support/test-engine.ts';

const samples = channelSamples();
const common = { proxy: 'http://elsewhere.example:3128', caFile: '/elsewhere.pem' };
const namesOf = (type: (typeof channelTypeNames)[number], isSecret: boolean) =>
  Object.entries(fieldsOf(type)).flatMap(([name, { input }]) =>
    (input === 'secret') === isSecret ? [name] : [],
  );
const changes = channelTypeNames
  .filter((type) => namesOf(type, true).length > 0)
  .flatMap((type) =>
    Object.entries({ ...common, ...samples[type].route }).map(([field, value]) => ({ type, field, value })),
  );

describe('the secrets of a channel', () => {
  it.each(channelTypeNames)('of type %s have each field of it classed: to where, or only what', (type) => {
    const { route, content } = samples[type];
    const open = namesOf(type, false);
    expect([...Object.keys(route).filter((name) => open.includes(name)), ...content].toSorted()).toEqual(
      open.toSorted(),
    );
    expect(channelTypes[type].route.filter((name) => open.includes(name)).toSorted()).toEqual(
      Object.keys(route)
        .filter((name) => open.includes(name))
        .toSorted(),
    );
  });

  it.each(changes)(
    'of type $type are asked for again when $field changes',
    async ({ type, field, value }) => {
      await using test = new TestEngine();
      const { settings } = test.engine;
      await settings.edit({ channels: [sampleChannel(type)] });
      const [shown] = settings.current.channels as [Channel];
      const edit = settings.edit({ channels: [{ ...shown, [field]: value } as Channel] });
      const isOnlySecret = namesOf(type, true).join() === field;
      const secrets = namesOf(type, true).filter((name) => name !== field);
      if (!isOnlySecret) {
        await expect(edit).rejects.toMatchObject({
          field: expect.stringMatching(new RegExp(`^channels\\.0\\.(?:${secrets.join('|')})$`)),
          message: expect.stringMatching(/^Enter this secret again/),
        });
        expect(settings.current.channels).toEqual([shown]);
      }
      // With its secrets it is taken.
      await settings.edit({ channels: [sampleChannel(type, { [field]: value })] });
      expect(settings.current.channels).toMatchObject([{ type, enabled: true }]);
    },
  );

  it.each(changes)('of type $type stay where an import changes $field', async ({ type, field, value }) => {
    await using test = new TestEngine();
    const { engine } = test;
    await engine.settings.edit({ channels: [sampleChannel(type)] });
    const before = engine.settings.current;
    const file = wholeExportSchema.parse(
      JSON.parse(
        JSON.stringify(
          exportEverything({ settings: before, sources: [], searches: [], jobs: [], now: engine.now() }),
        ),
      ),
    );
    const [given] = before.channels as [Channel];
    const report = await importEverything(
      { ...file, settings: { channels: [{ ...given, [field]: value }] } },
      engine,
      false,
    );
    expect(engine.settings.current).toEqual(before);
    expect(report.changes).toMatchObject([
      { what: 'channel', outcome: 'left-out', message: expect.stringMatching(/with this name exists/) },
    ]);
  });

  const withSecrets = channelTypeNames.filter((type) => namesOf(type, true).length > 0);
  it.each(withSecrets)(
    'of type %s are asked for again when the proxy changes that it shares with checks',
    async (type) => {
      await using test = new TestEngine();
      const { engine } = test;
      const { settings } = engine;
      await settings.edit({
        proxy: 'http://own.example:3128',
        channels: [sampleChannel(type, { proxy: 'jobs' })],
      });
      const before = settings.current;
      const refused = { field: 'proxy', message: expect.stringContaining(type) };
      for (const proxy of ['http://elsewhere.example:3128', null]) {
        await expect(settings.edit({ proxy })).rejects.toMatchObject(refused);
        await expect(settings.edit({ proxy, channels: before.channels })).rejects.toMatchObject(refused);
        // Not under another name either.
        const renamed = before.channels.map((channel) => ({ ...channel, name: `renamed ${type}` }));
        await expect(settings.edit({ proxy, channels: renamed })).rejects.toMatchObject(refused);
        const empty = exportEverything({
          settings: before,
          sources: [],
          searches: [],
          jobs: [],
          now: engine.now(),
        });
        const report = await importEverything({ ...empty, settings: { proxy } }, engine, false);
        expect(report.changes).toMatchObject([{ name: 'proxy', outcome: 'left-out' }]);
        expect(settings.current).toEqual(before);
      }
      // With its secrets, or without the channel, the proxy may change.
      const proxy = 'http://elsewhere.example:3128';
      await settings.edit({ proxy, channels: [sampleChannel(type, { proxy: 'jobs' })] });
      await settings.edit({ proxy: null, channels: [] });
    },
  );

  it.each(channelTypeNames)('of type %s are kept when only what is sent changes', async (type) => {
    await using test = new TestEngine();
    const { settings } = test.engine;
    await settings.edit({ channels: [sampleChannel(type)] });
    const [shown] = settings.current.channels as [Channel];
    await settings.edit({ channels: [{ ...shown, severity: 'critical', tags: ['shop'] } as Channel] });
    expect(settings.current.channels).toEqual([{ ...shown, severity: 'critical', tags: ['shop'] }]);
  });

  it.each(withSecrets)('of type %s are kept under another name, and not with another place', async (type) => {
    await using test = new TestEngine();
    const { settings } = test.engine;
    await settings.edit({ channels: [sampleChannel(type)] });
    const [shown] = settings.current.channels as [Channel];
    const renamed = { ...shown, name: 'renamed' } as Channel;
    await settings.edit({ channels: [renamed] });
    expect(settings.current.channels).toEqual([renamed]);
    const elsewhere = { ...renamed, name: 'again', proxy: 'http://elsewhere.example:3128' } as Channel;
    await expect(settings.edit({ channels: [elsewhere] })).rejects.toThrow(/^Enter /);
    // Of two that change, and of one that is beside another, none is known to be the one before.
    const added = { ...renamed, name: 'added' } as Channel;
    await expect(settings.edit({ channels: [renamed, added] })).rejects.toThrow(/^Enter /);
  });

  const twoTeams = () =>
    channelSchema.parse({
      ...{ type: 'alertmanager', name: 'am', username: 'ops', password: 'secret' },
      urls: ['https://am.example/team-a', 'https://am.example/team-b', 'https://other.example/team-a'],
    });

  it('in addresses that look alike stay with each of them, in their order', async () => {
    await using test = new TestEngine();
    const { settings, channelEditor } = test.engine;
    const kept = twoTeams();
    await settings.edit({ channels: [kept] });
    const [shown] = settings.current.channels as [Channel<'alertmanager'>];
    expect(shown.urls).toEqual([
      'https://am.example/***',
      'https://am.example/***',
      'https://other.example/***',
    ]);
    await settings.edit({ channels: [{ ...shown, severity: 'critical' }] });
    await channelEditor.edit('am', { tags: ['shop'] });
    const stored = readFileSync(test.folder.file('config.json'), 'utf8');
    for (const url of kept.type === 'alertmanager' ? kept.urls : []) expect(stored).toContain(url);
  });

  it('in addresses that look alike are asked for again where one of them is removed or added', async () => {
    await using test = new TestEngine();
    const { settings } = test.engine;
    await settings.edit({ channels: [twoTeams()] });
    const [shown] = settings.current.channels as [Channel<'alertmanager'>];
    for (const urls of [shown.urls.slice(1), [...shown.urls, 'https://am.example/***']])
      await expect(settings.edit({ channels: [{ ...shown, urls }] })).rejects.toThrow(
        /^Enter (?:the full|this) /,
      );
  });
});
