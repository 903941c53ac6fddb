import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { HookMessage } from '../../../electron/engine/channels/message.ts';
import { Backups } from '../../../electron/engine/store/backups.ts';
import { readConfig } from '../../../electron/engine/store/config-file.ts';
import { sealSecrets } from '../../../electron/engine/store/config-secrets.ts';
import { SecretBox } from '../../../electron/engine/store/secret-box.ts';
import { webhooksToChannels } from '../../../electron/engine/store/webhooks-to-channels.ts';
import type { Channel } from '../../../shared/schema/channels/channel.ts';
import { receiveChannels } from '../../support/channel-receiver.ts';
import { makeSender } from '../../support/send-to-webhook.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { openConf, TestEngine } from '../../support/test-engine.ts';

const kept = (name: string) => join(import.meta.dirname, 'kept', name);

/** Reads settings as a version wrote them. */
function readSettings(settings: object, schemaVersion = 11, box: SecretBox | null = null) {
  using folder = temporaryFolder();
  writeFileSync(folder.file('config.json'), JSON.stringify({ schemaVersion, settings, jobs: [] }));
  const backups = new Backups(folder.file('backups'));
  return readConfig(() => openConf(folder.path), folder.file('config.json'), backups, 0, box);
}

const urlOf = (channel: Channel | undefined) => (channel && 'url' in channel ? channel.url : undefined);

describe('webhooks of a file of version 11', () => {
  it('are channels with the same addresses, filters, certificates and names', () => {
    const { settings } = JSON.parse(readFileSync(kept('config-11.json'), 'utf8'));
    const { config, warning } = readSettings(settings);
    expect(warning).toBeNull();
    const common = { notTags: [], kinds: [], resolved: true, digest: 'now', proxy: 'none', grouped: true };
    const plain = { method: 'POST', headers: [], secret: null, contentType: 'json', template: null };
    const everything = { severity: 'info', tags: [], caFile: null, enabled: true };
    const url = (path: string) => `http://127.0.0.1:9/${path}`;
    expect(config.settings.channels).toEqual([
      expect.objectContaining({ type: 'ntfy', name: 'push' }),
      expect.objectContaining({ type: 'webhook', name: 'templated', template: '{"text": "{{title}}"}' }),
      {
        ...{ type: 'webhook', name: 'ops', url: url('ops'), ...common, ...plain, ...everything },
        ...{ severity: 'warning', tags: ['web'] },
      },
      { type: 'slack', name: 'chat', url: url('chat'), ...common, ...everything },
      {
        ...{ type: 'teams', name: 'team', url: url('team'), ...common, ...everything },
        ...{ card: 'wrapped', severity: 'critical' },
      },
      {
        ...{ type: 'webhook', name: 'pager', url: url('pager'), ...common, ...plain, ...everything },
        ...{ grouped: false, caFile: '/etc/ssl/ca.pem' },
      },
      {
        ...{ type: 'slack', name: 'mattermost', ...common, ...everything, enabled: false },
        url: url('hooks/abcdefghijklmnopqrstuvwxyz'),
      },
    ]);
    expect(config.settings.reports).toMatchObject([{ name: 'weekly', channels: ['ops', 'chat'] }]);
    expect(JSON.stringify(config.settings)).not.toContain('"webhooks"');
  });

  it('open with the key that sealed them, and are sealed again as the addresses of channels', () => {
    const { settings } = JSON.parse(readFileSync(kept('config-11-sealed.json'), 'utf8'));
    const box = new SecretBox(Buffer.alloc(32, 7));
    const { config, sealed, isToBeSealed } = readSettings(settings, 11, box);
    expect([sealed, isToBeSealed]).toEqual([null, true]);
    expect(config.settings.channels.map(urlOf)).toContain('http://127.0.0.1:9/pager');
    const again = sealSecrets(config, box);
    expect(JSON.stringify(again)).not.toMatch(/127\.0\.0\.1:9\/(?:ops|pager|chat|team)/);
    expect(readSettings(again.settings, 12, box)).toMatchObject({
      config: { settings: config.settings },
      isToBeSealed: false,
    });
    // At another host they open neither as a channel's address nor as a webhook's.
    const moved = JSON.parse(JSON.stringify(settings).replaceAll('127.0.0.1:9', 'evil.example'));
    expect(readSettings(moved, 11, box).sealed).toMatch(/^6 secrets /);
  });

  it('keep their address sealed where there is no key, and open once there is', async () => {
    await using test = new TestEngine({
      prepare: (folder) => copyFileSync(kept('config-11-sealed.json'), join(folder, 'config.json')),
    });
    const { current } = test.engine.settings;
    expect(current.channels.map(({ name }) => name)).toEqual([
      ...['push', 'templated', 'ops', 'chat', 'team', 'pager', 'mattermost'],
    ]);
    // Another edit takes nothing from them.
    await test.engine.settings.edit({ channels: current.channels, retentionDays: 5 });
    test.secretBox = new SecretBox(Buffer.alloc(32, 7));
    await test.restart();
    expect(test.engine.status.state.warning).toBeNull();
    const text = () => readFileSync(test.folder.file('config.json'), 'utf8');
    await expect.poll(() => text().match(/sealed\.v2/g)?.length).toBe(6);
    expect(
      readSettings(JSON.parse(text()).settings, 12, test.secretBox).config.settings.channels[2],
    ).toMatchObject({ name: 'ops', url: 'http://127.0.0.1:9/ops' });
  });

  it.each([
    'https://hook.example/services/T0/\nB0',
    'https://hook.example/services/T0/\tB0',
    'HTTPS://hook.example/services/T0/B0',
  ])(
    'with the sealed address %j leave every setting open to change, and open at the starts after it',
    async (url) => {
      const secretBox = new SecretBox(Buffer.alloc(32, 7));
      const sealed = `https://hook.example/${secretBox.seal(url, 'webhook address https://hook.example')}`;
      const settings = { webhooks: [{ name: 'ops', url: sealed }] };
      await using test = new TestEngine({
        secretBox,
        prepare: (folder) =>
          writeFileSync(
            join(folder, 'config.json'),
            JSON.stringify({ schemaVersion: 11, settings, jobs: [] }),
          ),
      });
      for (let start = 0; start < 2; start += 1) {
        await test.engine.settings.edit({ timeoutSeconds: 7 + start });
        const stored = JSON.parse(readFileSync(test.folder.file('config.json'), 'utf8')).settings;
        expect(urlOf(readSettings(stored, 12, secretBox).config.settings.channels[0])).toBe(
          'https://hook.example/services/T0/B0',
        );
        await test.restart();
        expect(test.engine.status.state.warning).toBeNull();
      }
    },
  );

  it('get what waited for them, once, by the channels that they are now', async () => {
    const status = { value: 503 };
    await using receiver = await receiveChannels(() => ({ status: status.value }));
    const wait = { schema: 11 };
    await using test = new TestEngine({
      // The deliveries of the kept file are due then.
      now: Date.parse('2026-11-26T11:00:00Z'),
      prepare: (folder) => {
        const config = readFileSync(kept('config-11.json'), 'utf8')
          .replaceAll('http://127.0.0.1:9', receiver.url)
          .replaceAll('"/etc/ssl/ca.pem"', 'null');
        wait.schema = JSON.parse(config).schemaVersion;
        writeFileSync(join(folder, 'config.json'), config);
        copyFileSync(kept('history-10.sqlite'), join(folder, 'history.sqlite'));
      },
    });
    expect(wait.schema).toBe(11);
    const { engine } = test;
    const waiting = () => engine.channels.list({ limit: 9, offset: 0 }).items;
    expect(
      waiting()
        .map(({ hook }) => hook)
        .toSorted(),
    ).toEqual(['chat', 'ops', 'pager', 'push', 'team']);
    const attempts = () => waiting().reduce((sum, one) => sum + one.attempts, 0);
    const before = attempts();
    engine.start();
    expect(engine.channels.failing().filter(({ failingMs }) => failingMs > 0)).toHaveLength(5);
    await expect.poll(() => receiver.received.length).toBe(5);
    // What is still on its way cannot be hurried.
    await expect.poll(attempts).toBe(before + 5);
    receiver.received.length = 0;
    status.value = 200;
    // Chats take a message a second.
    test.clock.advance(1_000);
    engine.channels.hurry();
    await expect.poll(waiting).toEqual([]);
    expect(receiver.received.map(({ path }) => path).toSorted()).toEqual([
      '/',
      '/chat',
      '/ops',
      '/pager',
      '/team',
    ]);
    const bodyOf = (path: string) => receiver.received.find((one) => one.path === path)?.body;
    expect(bodyOf('/ops')).toMatchObject({ version: 1, event: 'alert', title: 'shop cannot be reached' });
    expect(bodyOf('/pager')).toEqual(bodyOf('/ops'));
    expect(bodyOf('/chat')).toMatchObject({ text: expect.stringContaining('*shop cannot be reached*') });
    expect(engine.status.state.failingChannels).toEqual([]);
  });

  it.each(
    // SAFETY: as version 11 sent it.
    JSON.parse(readFileSync(kept('webhook-requests-11.json'), 'utf8')) as {
      format: string;
      message: HookMessage;
      request: { path: string; method: string; type: string; body: string };
    }[],
  )(
    'send what version 11 sent, to the letter: $format, $message.event',
    async ({ format, message, request }) => {
      await using receiver = await receiveChannels();
      const webhook = { name: 'ops', url: `${receiver.url}${request.path}`, format };
      const [channel] = readSettings({ webhooks: [webhook] }).config.settings.channels;
      const sent = await makeSender().send(channel as Channel, message, new AbortController().signal);
      expect(sent).toEqual({ ok: true });
      const [got] = receiver.received;
      expect([got?.path, got?.method, got?.headers['content-type'], got?.text]).toEqual([
        ...[request.path, request.method, request.type, request.body],
      ]);
    },
  );

  it('keep an address that can no longer be entered, and every setting can be edited beside them', async () => {
    const webhooks = [
      { name: 'mattermost', url: 'https://chat.example/hooks/abcdefghijklmnopqrstuvwxyz', format: 'slack' },
      { name: 'discord', url: 'https://discord.com/api/webhooks/1/token/slack', format: 'slack' },
      { name: 'office', url: 'https://acme.webhook.office.com/webhookb2/1', format: 'teams' },
      { name: 'lines', url: 'https://hook.example/a\nb' },
    ];
    await using test = new TestEngine({
      prepare: (folder) =>
        writeFileSync(
          join(folder, 'config.json'),
          JSON.stringify({ schemaVersion: 11, settings: { webhooks }, jobs: [] }),
        ),
    });
    const { engine } = test;
    expect(engine.status.state.warning).toBeNull();
    await engine.settings.edit({ retentionDays: 7 });
    await engine.channelEditor.edit('office', { severity: 'critical' });
    await engine.settings.edit({ channels: engine.settings.current.channels });
    const stored = () =>
      JSON.parse(readFileSync(test.folder.file('config.json'), 'utf8')).settings.channels as {
        url: string;
      }[];
    expect(stored().map(({ url }) => url)).toEqual([
      ...webhooks.slice(0, 3).map(({ url }) => url),
      'https://hook.example/ab',
    ]);
    await test.restart();
    expect(stored()).toHaveLength(4);
  });

  it('keep their names, which what waits for them has: a channel of the same name gets another', () => {
    const url = 'http://127.0.0.1:9/x';
    const webhooks = [
      { name: 'ops', url },
      { name: 'ops', url: `${url}2` },
      { name: 'x'.repeat(60), url },
    ];
    const channels = [
      { type: 'ntfy', name: 'ops', topic: 'ops' },
      { type: 'ntfy', name: 'ops 2', topic: 'two' },
      { type: 'ntfy', name: 'x'.repeat(60), topic: 'three' },
    ];
    const { config, warning } = readSettings({ webhooks, channels });
    expect(warning).toBeNull();
    expect(config.settings.channels.map(({ type, name }) => `${type} ${name}`)).toEqual([
      ...['ntfy ops 4', 'ntfy ops 2', `ntfy ${'x'.repeat(55)} 2`],
      ...['webhook ops', 'webhook ops 3', `webhook ${'x'.repeat(60)}`],
    ]);
  });

  it('beyond 40 channels are kept and work, and no more can be added', async () => {
    const url = 'http://127.0.0.1:9/x';
    const settings = {
      webhooks: Array.from({ length: 20 }, (_, index) => ({ name: `hook ${index}`, url })),
      channels: Array.from({ length: 40 }, (_, index) => ({
        type: 'ntfy',
        name: `push ${index}`,
        topic: 'x',
      })),
    };
    await using test = new TestEngine({
      prepare: (folder) =>
        writeFileSync(join(folder, 'config.json'), JSON.stringify({ schemaVersion: 11, settings, jobs: [] })),
    });
    const { channelEditor } = test.engine;
    expect(test.engine.status.state.warning).toBeNull();
    expect(channelEditor.list()).toHaveLength(60);
    await channelEditor.edit('hook 19', { severity: 'critical' });
    const { revision: _revision, ...own } = channelEditor.get('push 0') ?? { revision: '' };
    const other = { ...(own as Channel), name: 'one more' };
    await expect(channelEditor.add(other)).rejects.toMatchObject({
      field: 'channels',
      message: 'At most 40 channels.',
    });
    await test.restart();
    expect(test.engine.channelEditor.list()).toHaveLength(60);
    for (const { name } of settings.webhooks) await test.engine.channelEditor.remove(name);
    await expect(test.engine.channelEditor.add(other)).rejects.toThrow('At most 40 channels.');
    await test.engine.channelEditor.remove('push 1');
    expect(await test.engine.channelEditor.add(other)).toMatchObject({ name: 'one more' });
  });

  it('that cannot be read are left out and named, and cost no channel', () => {
    const webhooks = [
      { name: 'good', url: 'http://127.0.0.1:9/x' },
      { name: 'bad', url: 'nowhere' },
      { name: 'odd', url: 'http://127.0.0.1:9/x', format: 'discord' },
      { name: 'command', url: 'http://127.0.0.1:9/x' },
      ...[null, 7, { format: 'slack' }],
    ];
    const channels = [{ type: 'ntfy', name: 'push', topic: 'ops' }];
    const { config, warning } = readSettings({ webhooks, channels });
    expect(config.settings.channels.map(({ name }) => name)).toEqual(['push', 'good']);
    const [, left] =
      /^Of channels, what could not be read was left out: (.*)\. The file as it was is kept as /.exec(
        warning ?? '',
      ) ?? [];
    expect(left?.replaceAll(/ \([^)]*\)/g, '')).toBe('bad, odd, command, entry 6, entry 7 and entry 8');
    expect(left).toMatch(/^bad \(url: Address is an http:\/\/ or https:\/\/ address\), odd \(type: /);
    expect(warning).not.toContain('defaults');
    // What is no list at all is named, too.
    expect(readSettings({ webhooks: 'none', channels })).toMatchObject({
      config: { settings: { channels: [{ name: 'push' }] } },
      warning: expect.stringContaining('webhooks'),
    });
    expect(readSettings({ webhooks: [webhooks[0]], channels: 'none' })).toMatchObject({
      config: { settings: { channels: [{ name: 'good' }] } },
      warning: expect.stringContaining('channels'),
    });
  });

  it('of one name by the hundred thousand are told apart in a moment', () => {
    const webhooks = Array.from({ length: 100_000 }, () => ({ name: 'ops' }));
    const names = new Set(
      (webhooksToChannels({ webhooks })['channels'] as { name: string }[]).map(({ name }) => name),
    );
    expect(names.size).toBe(100_000);
  });
});
