import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeApi } from '../../../electron/api/openapi/document.ts';
import type { Channel } from '../../../shared/schema/channels/channel.ts';
import { channelInputSchema } from '../../../shared/schema/channels/channel-view.ts';
import { type SettingsPatch, settingsPatchSchema } from '../../../shared/schema/settings.ts';
import { webhookSchema } from '../../../shared/schema/webhook.ts';
import { Service } from '../../support/service.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { TestEngine } from '../../support/test-engine.ts';

const url = 'https://hook.example/hidden';
const channel = (given: Record<string, unknown>) => channelInputSchema.parse({ url, ...given });
const webhook = (given: Record<string, unknown>) => webhookSchema.parse({ url, ...given });

/** Channels that a webhook can say, and others of the same types. */
const plain = [
  channel({ type: 'webhook', name: 'program', severity: 'warning', tags: ['web'], grouped: false }),
  channel({ type: 'slack', name: 'chat', enabled: false, caFile: '/etc/ssl/ca.pem' }),
  channel({ type: 'teams', name: 'team' }),
];
const more = [
  channel({ type: 'webhook', name: 'templated', template: '{"a": "{{title}}"}' }),
  channel({ type: 'webhook', name: 'put', method: 'PUT' }),
  channel({ type: 'webhook', name: 'key', headers: [{ name: 'X-Key', value: 'hidden' }] }),
  channel({ type: 'webhook', name: 'form', contentType: 'form' }),
  channel({ type: 'webhook', name: 'file', url: { file: 'hook' } }),
  channel({ type: 'slack', name: 'hourly', digest: 'hourly' }),
  channel({ type: 'slack', name: 'by proxy', proxy: 'jobs' }),
  channel({ type: 'slack', name: 'kinds', kinds: ['expired'] }),
  channel({ type: 'slack', name: 'not', notTags: ['test'] }),
  channel({ type: 'slack', name: 'no good news', resolved: false }),
  channel({ type: 'teams', name: 'bare', card: 'bare' }),
  channel({ type: 'mattermost', name: 'mattermost' }),
  channelInputSchema.parse({ type: 'ntfy', name: 'push', topic: 'ops' }),
];

/** An engine with channels, of which `stored` are those on disk. */
async function desk(channels: readonly Channel[]) {
  const test = new TestEngine();
  const { settings } = test.engine;
  await settings.edit({ channels: [...channels] });
  return {
    settings,
    edit: (patch: Record<string, unknown>) => settings.edit(settingsPatchSchema.parse(patch)),
    shown: () => settings.current.webhooks,
    names: () => settings.current.channels.map(({ type, name }) => `${type} ${name}`),
    stored: () =>
      JSON.parse(readFileSync(test.folder.file('config.json'), 'utf8')).settings.channels as Channel[],
    [Symbol.asyncDispose]: () => test[Symbol.asyncDispose](),
  };
}

describe('the setting webhooks', () => {
  it('has the channels that it can say completely, without what is secret of their addresses', async () => {
    await using on = await desk([...more, ...plain]);
    const shown = { url: 'https://hook.example/***' };
    expect(on.shown()).toEqual([
      webhook({ name: 'program', severity: 'warning', tags: ['web'], grouped: false, ...shown }),
      webhook({ name: 'chat', format: 'slack', enabled: false, caFile: '/etc/ssl/ca.pem', ...shown }),
      webhook({ name: 'team', format: 'teams', ...shown }),
    ]);
  });

  it('changes nothing where it goes back as it was read, alone or with all settings', async () => {
    await using on = await desk([...plain, ...more]);
    const before = on.stored();
    const { current } = on.settings;
    await on.edit({ webhooks: current.webhooks });
    await on.edit(current);
    expect(on.stored()).toEqual(before);
  });

  it('edits and adds its channels, removes none, and leaves every other as it is', async () => {
    await using on = await desk([...plain, ...more]);
    const [program, chat] = on.shown();
    await on.edit({
      webhooks: [
        { ...chat, severity: 'critical', enabled: true },
        { ...program, format: 'teams' },
        webhook({ name: 'new' }),
      ],
    });
    const stored = on.stored();
    expect(stored.slice(2, -1)).toEqual([plain[2], ...more]);
    expect([...stored.slice(0, 2), stored.at(-1)]).toMatchObject([
      {
        type: 'teams',
        name: 'program',
        url,
        severity: 'warning',
        tags: ['web'],
        grouped: false,
        card: 'wrapped',
      },
      { type: 'slack', name: 'chat', url, severity: 'critical', enabled: true, caFile: '/etc/ssl/ca.pem' },
      { type: 'webhook', name: 'new', url, template: null },
    ]);
    await on.edit({ webhooks: [] });
    expect(on.stored()).toEqual(stored);
  });

  it.each([
    ['its own list', [{ name: 'ops', severity: 'critical' }]],
    ['its own list with one more', [{ name: 'ops' }, { name: 'new' }]],
    ['another webhook in place of its own', [{ name: 'new', url: 'https://hook.example/new' }]],
    ['an empty list', []],
  ])(
    'of a script of before takes no channel away that it does not know: it sends %s',
    async (_what, list) => {
      await using on = await desk([
        channel({ type: 'webhook', name: 'ops' }),
        channel({ type: 'slack', name: 'team chat', url: 'https://hook.example/chat' }),
        channel({ type: 'webhook', name: 'managers', url: 'https://hook.example/managers' }),
      ]);
      const [, ...people] = on.stored();
      await on.edit({ webhooks: list.map(webhook) });
      expect(on.stored()).toEqual(expect.arrayContaining(people));
      expect(on.names()).toContain('webhook ops');
      expect(on.names()).toHaveLength(list.some(({ name }) => name === 'new') ? 4 : 3);
    },
  );

  it('of a script of before with one webhook does not take the place of the one channel that a person added', async () => {
    const own = channel({ type: 'webhook', name: 'managers', url: 'https://hook.example/managers' });
    await using on = await desk([own]);
    await on.edit({ webhooks: [webhook({ name: 'ops' })] });
    expect(on.stored()).toEqual([own, channel({ type: 'webhook', name: 'ops' })]);
  });

  it('takes a new name for one of them, with the address that is kept', async () => {
    await using on = await desk([...more, ...plain]);
    const [program, chat, team] = on.shown();
    await on.edit({ webhooks: [program, { ...chat, name: 'talk' }, team] });
    expect(on.names().slice(-3)).toEqual(['webhook program', 'slack talk', 'teams team']);
    expect(on.stored().at(-2)).toMatchObject({ name: 'talk', url });
  });

  it('takes a new name beside a new webhook, and no second channel has the address that is kept', async () => {
    const chat = channel({ type: 'slack', name: 'chat', url: 'https://chat.example/hidden' });
    await using on = await desk([channel({ type: 'webhook', name: 'ops' }), chat]);
    const [ops, shown] = on.shown();
    await on.edit({ webhooks: [ops, { ...shown, name: 'talk' }, webhook({ name: 'new' })] });
    expect(on.names()).toEqual(['webhook ops', 'slack talk', 'webhook new']);
    expect(on.stored()[1]).toEqual({ ...chat, name: 'talk' });
    // Two that come of one: the first has its place.
    await on.edit({
      webhooks: [
        { ...on.shown()[1], name: 'a' },
        { ...on.shown()[1], name: 'b' },
        on.shown()[0],
        on.shown()[2],
        webhook({ name: 'c' }),
      ],
    });
    expect(on.names()).toEqual(['webhook ops', 'slack a', 'webhook new', 'slack b', 'webhook c']);
  });

  const elsewhere = { url: 'https://evil.example/***' };
  it.each<[string, (shown: ReturnType<typeof webhook>[]) => Record<string, unknown>, string]>([
    ['the name of another channel', () => ({ webhooks: [webhook({ name: 'push' })] }), 'webhooks.0.name'],
    ['an address that is not kept', ([one]) => ({ webhooks: [{ ...one, ...elsewhere }] }), 'webhooks.0.url'],
    ['other certificates', ([one]) => ({ webhooks: [{ ...one, caFile: '/evil.pem' }] }), 'webhooks.0.url'],
    [
      'an address that another NotAfter sealed',
      () => ({ webhooks: [webhook({ name: 'x', url: `https://hook.example/sealed.v2.${'A'.repeat(60)}` })] }),
      'webhooks.0.url',
    ],
    ['a change beside one of channels', () => ({ webhooks: [], channels: [] }), 'webhooks'],
    [
      'more than there may be channels',
      () => ({ webhooks: Array.from({ length: 41 }, (_, index) => webhook({ name: `${index}` })) }),
      'channels',
    ],
  ])('refuses %s, and nothing changes', async (_what, patch, field) => {
    await using on = await desk([...plain, ...more]);
    const before = on.stored();
    await expect(on.edit(patch(on.shown()))).rejects.toMatchObject({ field });
    expect(on.stored()).toEqual(before);
  });

  it('takes a change of one list beside the other as it was read', async () => {
    await using on = await desk([...plain, ...more]);
    const { current } = on.settings;
    const [program, ...rest] = current.webhooks;
    await on.edit({ ...current, webhooks: [{ ...program, severity: 'critical' }, ...rest] });
    expect(on.stored()).toEqual([{ ...plain[0], severity: 'critical' }, ...plain.slice(1), ...more]);
    const all = on.settings.current;
    await on.edit({ ...all, channels: all.channels.slice(1) });
    expect(on.stored()).toEqual([...plain.slice(1), ...more]);
  });

  it('keeps the proxy of checks from changing under secrets of channels, as channels do', async () => {
    await using on = await desk([...plain, ...more]);
    const patch: SettingsPatch = { webhooks: [], proxy: 'http://elsewhere.example:1' };
    await expect(on.settings.edit(patch)).rejects.toMatchObject({ field: 'proxy' });
  });
});

describe('the API of a service', () => {
  const folder = temporaryFolder();
  let service: Service;
  beforeAll(async () => {
    service = await Service.start(folder.file('data'));
  });
  afterAll(async () => {
    await service[Symbol.asyncDispose]();
    folder[Symbol.dispose]();
  });

  it('reads and writes webhooks as an older version did, and has each as a channel', async () => {
    const given = [
      { name: 'ops', url: 'http://127.0.0.1:9/hidden' },
      { name: 'chat', url: 'http://127.0.0.1:9/chat', format: 'slack' },
    ];
    const answer = await service.call('PATCH', '/settings', { webhooks: given });
    const shown = {
      url: 'http://127.0.0.1:9/***',
      severity: 'info',
      tags: [],
      caFile: null,
      grouped: true,
      enabled: true,
    };
    expect(answer).toMatchObject({
      status: 200,
      body: {
        webhooks: [
          { name: 'ops', format: 'json', ...shown },
          { name: 'chat', format: 'slack', ...shown },
        ],
      },
    });
    expect((await service.call('GET', '/settings')).body).toMatchObject(answer.body as object);
    expect((await service.call('GET', '/channels')).body).toMatchObject({
      items: [
        { type: 'webhook', name: 'ops', url: { set: true } },
        { type: 'slack', name: 'chat', url: { set: true } },
      ],
    });
    const tested = await service.call('POST', '/hooks/test', { name: 'ops' });
    expect(tested.body).toEqual(
      await service.call('POST', '/channels/ops/test', {}).then(({ body }) => body),
    );
    expect(
      await service.call('PATCH', '/settings', { webhooks: [{ name: 'ops', url: 'ftp://x' }] }),
    ).toMatchObject({
      status: 400,
    });
  });

  it('describes webhooks, and the test of one, as deprecated', async () => {
    // SAFETY: an OpenAPI document.
    const { components, paths } = (await describeApi('0.0.0')) as {
      components: { schemas: { Settings: { properties: Record<string, { deprecated?: boolean }> } } };
      paths: Record<string, Record<string, { deprecated?: boolean; requestBody?: unknown }>>;
    };
    const { webhooks, channels } = components.schemas.Settings.properties;
    expect([webhooks?.deprecated, channels?.deprecated]).toEqual([true, undefined]);
    expect(paths['/hooks/test']?.['post']?.deprecated).toBe(true);
    expect(JSON.stringify(paths['/settings']?.['patch']?.requestBody)).toMatch(/"deprecated":true/);
  });
});
