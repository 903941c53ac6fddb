import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { exportEverything } from '../../../electron/engine/transfer/export-everything.ts';
import { importEverything } from '../../../electron/engine/transfer/import-everything.ts';
import { type Channel, channelSchema, fieldsOf } from '../../../shared/schema/channels/channel.ts';
import type { ChannelField } from '../../../shared/schema/channels/fields.ts';
import { type ChannelType, channelTypeNames } from '../../../shared/schema/channels/types.ts';
import { jobInputSchema } from '../../../shared/schema/job.ts';
import { type SettingsPatch, settingsPatchSchema } from '../../../shared/schema/settings.ts';
import { wholeExportSchema } from '../../../shared/schema/whole-export.ts';
import { allowSampleCommand, channelSamples } from '../../support/channel-samples.ts';
import { runNotafter, Service } from '../../support/service.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { TestEngine } from '../../support/test-engine.ts';

/** Makes secrets that are all different and of one length, and remembers them. */
class Secrets {
  readonly all: string[] = [];
  next(): string {
    const secret = `Zq${String(this.all.length).padStart(6, '0')}`;
    this.all.push(secret);
    return secret;
  }
  /** An address with a secret wherever one may be. */
  address(host: string, hasPassword = false): string {
    const user = hasPassword ? `${this.next()}:${this.next()}` : this.next();
    return `https://${user}@${host}/${this.next()}/v1?${this.next()}=${this.next()}#${this.next()}`;
  }
  /** Secrets that a text has. */
  in(text: string): string[] {
    return this.all.filter((secret) => text.includes(secret));
  }
}

const marker = 'Zq999999';
const samples = channelSamples(marker);

/** A channel with another secret in each of its fields that can hold one, and in the address of its proxy. */
function secretive(type: ChannelType, secrets: Secrets): Channel {
  const own = Object.entries(fieldsOf(type)).flatMap(([name, field]) => {
    const value = secretValue(field, samples[type].values[name], secrets);
    return value === undefined ? [] : [[name, value]];
  });
  const proxy = `http://${secrets.next()}:${secrets.next()}@proxy.example:3128`;
  return channelSchema.parse({
    type,
    name: `a-${type}`,
    ...samples[type].values,
    ...Object.fromEntries(own),
    proxy,
  });
}

function secretValue({ input, hides }: ChannelField, sample: unknown, secrets: Secrets): unknown {
  if (input === 'secret') return String(sample).replace(marker, secrets.next());
  if (hides === 'values')
    return [
      { name: 'Authorization', value: `Bearer ${secrets.next()}` },
      { name: 'X-Key', value: secrets.next() },
    ];
  if (hides !== 'addresses') return undefined;
  return input === 'list'
    ? [secrets.address('one.example'), secrets.address('two.example')]
    : secrets.address('host.example');
}

/** Settings with a secret wherever one can be. */
function secretSettings(secrets: Secrets): SettingsPatch {
  return settingsPatchSchema.parse({
    proxy: `http://${secrets.next()}:${secrets.next()}@proxy.example:3128`,
    channels: [
      ...channelTypeNames.map((type) => secretive(type, secrets)),
      { type: 'webhook', name: 'hook', url: secrets.address('hook.example', true) },
    ],
    heartbeats: [
      {
        name: 'beat',
        url: secrets.address('beat.example', true),
        failUrl: secrets.address('beat.example', true),
      },
    ],
  });
}

describe('a field of a channel', () => {
  it.each(channelTypeNames)('of type %s is a secret, hides what is secret, or holds none', (type) => {
    const closed = Object.entries(fieldsOf(type)).flatMap(([name, { input, hides }]) =>
      input === 'secret' || hides ? [name] : [],
    );
    // What is neither is a choice or a number, or is named here, so that a new field is decided about.
    const open = ['from', 'to', 'cc', 'username', 'oauthClientId', 'oauthScope', 'topic', 'chat', 'thread'];
    const more = ['room', 'labels', 'template', 'host', 'program', 'args'];
    const others = Object.entries(fieldsOf(type)).flatMap(([name, { input }]) =>
      closed.includes(name) || input === 'choice' || input === 'number' ? [] : [name],
    );
    expect(others.filter((name) => ![...open, ...more].includes(name))).toEqual([]);
  });
});

describe('secrets of settings', () => {
  it('are in no setting that is shown, no event, no export and no log', async () => {
    const secrets = new Secrets();
    await using test = new TestEngine();
    const { engine } = test;
    const answer = await engine.settings.edit(secretSettings(secrets));
    const proxy = `socks5://${secrets.next()}:${secrets.next()}@inner.example`;
    const job = jobInputSchema.parse({ target: { host: 'localhost' }, paused: true, connection: { proxy } });
    const { id } = await engine.jobs.add(job);
    const whole = exportEverything({
      settings: engine.settings.current,
      sources: [],
      searches: [],
      jobs: engine.jobs.all(),
      now: engine.now(),
    });
    const told = [
      answer,
      engine.settings.current,
      whole,
      test.events,
      test.log.lines,
      engine.jobs.detail(id),
    ];
    for (const one of told) expect(secrets.in(JSON.stringify(one))).toEqual([]);
    expect(secrets.all.length).toBeGreaterThan(100);
    // They are kept.
    expect(secrets.in(readFileSync(test.folder.file('config.json'), 'utf8'))).toEqual(secrets.all);
  });

  it('stay where what is shown is sent back, or imported again', async () => {
    const secrets = new Secrets();
    await using test = new TestEngine();
    const { engine } = test;
    await engine.settings.edit(secretSettings(secrets));
    const kept = () => JSON.parse(readFileSync(test.folder.file('config.json'), 'utf8')).settings;
    const before = kept();
    const { pause: _, ...shown } = engine.settings.current;
    await engine.settings.edit(shown);
    expect(kept()).toEqual(before);
    const whole = exportEverything({
      settings: engine.settings.current,
      sources: [],
      searches: [],
      jobs: [],
      now: engine.now(),
    });
    const report = await importEverything(
      wholeExportSchema.parse(JSON.parse(JSON.stringify(whole))),
      engine,
      false,
    );
    expect(report.changes.filter(({ outcome }) => outcome !== 'unchanged')).toEqual([]);
    expect(kept()).toEqual(before);
  });

  it('are imported as missing on another machine, and nothing is turned on without them', async () => {
    const secrets = new Secrets();
    await using from = new TestEngine();
    await from.engine.settings.edit(secretSettings(secrets));
    const whole = exportEverything({
      settings: from.engine.settings.current,
      sources: [],
      searches: [],
      jobs: [],
      now: from.engine.now(),
    });
    await using to = new TestEngine();
    const { settings } = to.engine;
    await importEverything(wholeExportSchema.parse(JSON.parse(JSON.stringify(whole))), to.engine, false);
    const { channels } = settings.current;
    expect(channels.filter(({ enabled }) => enabled)).toEqual([]);
    expect(channels).toHaveLength(channelTypeNames.length + 1);
    for (const channel of channels)
      await expect(settings.edit({ channels: [{ ...channel, enabled: true }] })).rejects.toMatchObject({
        field: expect.stringMatching(/^channels\.0\./),
        message: expect.stringMatching(/^Enter this|^Enter the/),
      });
  });

  it('cannot be sent elsewhere by their mask', async () => {
    const secrets = new Secrets();
    await using test = new TestEngine();
    const { engine } = test;
    const { settings } = engine;
    await settings.edit(secretSettings(secrets));
    const proxy = 'socks5://me:hidden@inner.example';
    const { id } = await engine.jobs.add(
      jobInputSchema.parse({ target: { host: 'localhost' }, paused: true, connection: { proxy } }),
    );
    const before = readFileSync(test.folder.file('config.json'), 'utf8');
    const { channels, webhooks, heartbeats } = settings.current;
    const of = (type: ChannelType) => channels.find((channel) => channel.type === type) as Channel;
    const moved = (address: string) => address.replace(/[a-z]+\.example/, 'evil.example');
    const [hook, beat] = [webhooks[0], heartbeats[0]];
    const edits: SettingsPatch[] = [
      { proxy: moved(settings.current.proxy ?? '') },
      { webhooks: [{ ...hook, url: moved(hook?.url ?? '') } as NonNullable<typeof hook>] },
      { webhooks: [{ ...hook, caFile: '/tmp/evil.pem' } as NonNullable<typeof hook>] },
      { heartbeats: [{ ...beat, url: moved(beat?.url ?? '') } as NonNullable<typeof beat>] },
      {
        heartbeats: [
          { ...beat, url: beat?.failUrl, failUrl: moved(beat?.failUrl ?? '') } as NonNullable<typeof beat>,
        ],
      },
      ...channelTypeNames.map((type) => ({
        channels: [{ ...of(type), proxy: moved(of(type).proxy) } as Channel],
      })),
      { channels: [{ ...of('webhook'), headers: [{ name: 'X-Other', value: '***' }] } as Channel] },
    ];
    for (const edit of edits)
      await expect(settings.edit(edit)).rejects.toMatchObject({ field: expect.any(String) });
    const { connection } = engine.jobs.detail(id) ?? {};
    if (!connection) throw new Error('The job has no connection.');
    expect(connection.proxy).toBe('socks5://***@inner.example');
    await expect(
      engine.jobs.edit(id, { connection: { ...connection, proxy: 'socks5://***@evil.example' } }),
    ).rejects.toMatchObject({ field: 'connection.proxy' });
    await engine.jobs.edit(id, { connection: { ...connection, family: 'ipv4' } });
    expect(engine.jobs.get(id)?.connection).toMatchObject({ proxy, family: 'ipv4' });
    const after = JSON.parse(readFileSync(test.folder.file('config.json'), 'utf8'));
    expect(after.settings).toEqual(JSON.parse(before).settings);
  });

  it('are in no answer of the API and no output of the command line', async () => {
    const secrets = new Secrets();
    using folder = temporaryFolder();
    await using service = await Service.start(folder.file('data'), ...allowSampleCommand);
    const proxy = `http://${secrets.next()}:${secrets.next()}@inner.example:3128`;
    const body = { target: { host: 'localhost', port: 1 }, paused: true, connection: { proxy } };
    const patch = JSON.parse(JSON.stringify(secretSettings(secrets)));
    const answers = [
      await service.call('PATCH', '/settings', patch),
      await service.call('POST', '/jobs', body),
    ];
    for (const path of ['/settings', '/export', '/jobs', '/jobs/export'])
      answers.push(await service.call('GET', path));
    for (const { status } of answers) expect(status).toBeLessThan(300);
    const data = ['--data', folder.file('data')];
    const file = folder.file('all.json');
    const outputs = [
      await runNotafter('export', '--output', file, ...data),
      await runNotafter('channels', 'list', '--json', ...data),
      await runNotafter('jobs', 'list', ...data),
      await runNotafter('jobs', 'export', ...data),
    ];
    expect(outputs).toMatchObject(outputs.map(() => ({ status: 0, stderr: '' })));
    const told = [answers, outputs, readFileSync(file, 'utf8')].map((one) => JSON.stringify(one));
    expect(told.flatMap((text) => secrets.in(text))).toEqual([]);
  }, 60_000);
});
