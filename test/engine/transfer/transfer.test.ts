import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SavedSearchError } from '../../../electron/engine/discovery/saved/new-search.ts';
import { makeSources } from '../../../electron/engine/file-sources/new-sources.ts';
import { restrictFiles } from '../../../electron/engine/probe/files/file-roots.ts';
import { SettingsFieldError } from '../../../electron/engine/store/channel-secrets.ts';
import type { ConfigFile } from '../../../electron/engine/store/config-file.ts';
import { ConfigStore } from '../../../electron/engine/store/config-store.ts';
import { exportEverything } from '../../../electron/engine/transfer/export-everything.ts';
import { importEverything } from '../../../electron/engine/transfer/import-everything.ts';
import { inheritedRules } from '../../../shared/schema/alert-rules.ts';
import { jobInputSchema, type NewJob } from '../../../shared/schema/job.ts';
import { savedSearchInputSchema } from '../../../shared/schema/saved-search.ts';
import { type Settings, settingsPatchSchema, settingsSchema } from '../../../shared/schema/settings.ts';
import { sourceInputSchema } from '../../../shared/schema/source.ts';
import { type WholeExport, wholeExportSchema } from '../../../shared/schema/whole-export.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { openConf, TestEngine } from '../../support/test-engine.ts';

const now = Date.parse('2026-11-26T10:00:00Z');
const email = {
  type: 'email',
  name: 'mail',
  host: 'mail.example.com',
  username: 'ops',
  password: 'hunter2',
  from: 'notafter@example.com',
  to: ['ops@example.com'],
};
const slack = { type: 'slack', name: 'chat', url: 'https://hooks.slack.com/services/T0/B0/hunter3' };

const exported = ({ engine }: TestEngine): WholeExport =>
  wholeExportSchema.parse(
    JSON.parse(
      JSON.stringify(
        exportEverything({
          settings: engine.settings.current,
          sources: engine.sources.list(),
          searches: engine.discoveries.list(),
          jobs: engine.jobs.all(),
          now,
        }),
      ),
    ),
  );

/** A machine on which everything has been set up. */
async function full() {
  const test = new TestEngine({ now });
  const { engine, folder } = test;
  writeFileSync(folder.file('leaf.pem'), test.ca.issue({ now }).pem);
  await engine.settings.edit(
    settingsPatchSchema.parse({
      retentionDays: 100,
      thresholds: { warning: { days: 25 }, critical: null },
      alerts: { ...inheritedRules, notifyAt: [{ days: 60 }] },
      tagRules: [{ tag: 'shop', thresholds: { warning: { days: 40 }, critical: null } }],
      quietHours: { from: '22:00', to: '07:00', timezone: 'Europe/Berlin' },
      proxy: 'http://user:hunter4@proxy.example:3128',
      channels: [
        email,
        slack,
        { type: 'ntfy', name: 'push', topic: 'ops' },
        { type: 'webhook', name: 'ops', url: 'https://ops.example/hunter5', severity: 'critical' },
      ],
      heartbeats: [
        { name: 'hc', url: 'https://hc.example/hunter6', failUrl: 'https://hc.example/hunter6/fail' },
      ],
      pause: { until: null },
      quietUntil: '2026-11-25T08:00:00Z',
    }),
  );
  const source = { name: 'files', paths: [folder.file('leaf.pem')], tags: ['local'] };
  await engine.sources.add(sourceInputSchema.parse(source));
  await engine.jobs.addAll([
    jobInputSchema.parse({
      target: { host: 'www.example.com' },
      tags: ['shop'],
      notes: 'kept',
      accepted: [
        {
          ...{ code: 'untrusted-issuer', severity: 'critical', reason: 'New root', until: null },
          ...{ acceptedAt: '2026-11-25T10:00:00.000Z', fingerprint256: null },
        },
      ],
      connection: { proxy: 'http://me:hunter7@inner.example:3128' },
      paused: true,
    }),
  ]);
  return test;
}

describe('a machine that is moved', () => {
  it('has everything again, without a secret, and names what it has not', async () => {
    await using old = await full();
    const file = exported(old);
    expect(JSON.stringify(file)).not.toMatch(/hunter/);
    const missing = file.missing.join('\n');
    for (const words of [
      /channels: mail, chat and ops/,
      /heartbeats: hc/,
      /of the proxy/,
      /www\.example/,
      /history/,
    ])
      expect(missing).toMatch(words);

    await using fresh = new TestEngine({ now });
    const report = await importEverything(file, fresh.engine, false);
    const { settings, jobs, sources } = fresh.engine;
    expect(settings.current).toMatchObject({
      retentionDays: 100,
      thresholds: { warning: { days: 25 } },
      alerts: { notifyAt: [{ days: 60 }] },
      tagRules: [{ tag: 'shop' }],
      quietHours: { timezone: 'Europe/Berlin' },
      proxy: 'http://proxy.example:3128',
      channels: [
        { name: 'mail', host: 'mail.example.com', enabled: false },
        { name: 'chat', enabled: false },
        { name: 'push', topic: 'ops', enabled: true },
        { name: 'ops', severity: 'critical', enabled: false, url: { set: true } },
      ],
      heartbeats: [],
      pause: null,
      quietUntil: null,
    });
    expect(sources.list()).toMatchObject([{ name: 'files', entries: 1, tags: ['local'] }]);
    expect([...jobs.all()].filter(({ origin }) => origin === null)).toMatchObject([
      {
        target: { host: 'www.example.com' },
        notes: 'kept',
        paused: true,
        accepted: [{ reason: 'New root' }],
      },
    ]);
    expect(report.changes).toEqual(
      expect.arrayContaining([
        { what: 'channel', name: 'ops', outcome: 'added', message: 'Enter its secrets, then turn it on.' },
        { what: 'channel', name: 'mail', outcome: 'added', message: 'Enter its secrets, then turn it on.' },
        {
          what: 'heartbeat',
          name: 'hc',
          outcome: 'left-out',
          message: expect.stringMatching(/not exported/),
        },
        { what: 'source', name: 'files', outcome: 'added', message: null },
      ]),
    );
    // The secret is asked for before the channel is turned on.
    const channels = settings.current.channels.map((one) => ({ ...one, enabled: true }));
    await expect(settings.edit({ channels })).rejects.toThrow(/Enter this secret/);
  });

  it('is what it was where its own export is imported: secrets stay, and nothing changes', async () => {
    await using old = await full();
    const before = [old.engine.settings.current, [...old.engine.jobs.all()], old.engine.sources.list()];
    const report = await importEverything(exported(old), old.engine, false);
    expect([old.engine.settings.current, [...old.engine.jobs.all()], old.engine.sources.list()]).toEqual(
      before,
    );
    expect(report.changes.filter(({ outcome }) => outcome !== 'unchanged')).toEqual([]);
    expect(report.jobs).toMatchObject({ added: 0, duplicates: 1, invalid: 0 });
  });

  it('that waits for its secrets stays so where the same file is imported again', async () => {
    await using old = await full();
    const file = exported(old);
    await using fresh = new TestEngine({ now });
    await importEverything(file, fresh.engine, false);
    const before = fresh.engine.settings.current;
    const report = await importEverything(file, fresh.engine, false);
    expect(fresh.engine.settings.current).toEqual(before);
    expect(report.changes.filter(({ outcome }) => outcome === 'added' || outcome === 'changed')).toEqual([]);
    expect(report.changes).toEqual(
      expect.arrayContaining([
        {
          ...{ what: 'channel', name: 'ops', outcome: 'unchanged' },
          message: 'Enter its secrets, then turn it on.',
        },
        {
          ...{ what: 'channel', name: 'mail', outcome: 'unchanged' },
          message: 'Enter its secrets, then turn it on.',
        },
      ]),
    );
  });

  it('is not touched by a dry run, which says what the import then does', async () => {
    await using old = await full();
    const file = exported(old);
    await using fresh = new TestEngine({ now });
    const before = fresh.engine.settings.current;
    const dry = await importEverything(file, fresh.engine, true);
    expect(fresh.engine.settings.current).toEqual(before);
    expect([fresh.engine.jobs.count, fresh.engine.sources.list()]).toEqual([0, []]);
    const done = await importEverything(file, fresh.engine, false);
    expect(done.changes).toEqual(dry.changes);
    expect(done.jobs.added).toBe(dry.jobs.added);
  });

  it('keeps what only it has, and its secrets for the same addresses', async () => {
    await using old = await full();
    const file = exported(old);
    await using other = new TestEngine({ now });
    await other.engine.settings.edit(
      settingsPatchSchema.parse({
        tagRules: [{ tag: 'mine' }],
        channels: [
          { ...email, password: 'own' },
          { type: 'webhook', name: 'ops', url: 'https://ops.example/own' },
          { type: 'webhook', name: 'mine', url: 'https://mine.example/x' },
        ],
        heartbeats: [
          {
            ...{ name: 'hc', url: 'https://hc.example/own', minutes: 30 },
            failUrl: 'https://hc.example/own/fail',
          },
        ],
      }),
    );
    await importEverything(file, other.engine, false);
    const { channels, heartbeats, tagRules } = JSON.parse(
      readFileSync(other.folder.file('config.json'), 'utf8'),
    ).settings as Settings;
    expect(channels).toMatchObject([
      { name: 'mail', enabled: true, password: 'own' },
      { name: 'ops', url: 'https://ops.example/own', severity: 'critical', enabled: true },
      { name: 'mine', url: 'https://mine.example/x' },
      { name: 'chat' },
      { name: 'push' },
    ]);
    expect(heartbeats).toMatchObject([
      { url: 'https://hc.example/own', failUrl: 'https://hc.example/own/fail', minutes: 5 },
    ]);
    expect(tagRules.map(({ tag }) => tag)).toEqual(['mine', 'shop']);
  });

  it('keeps its own channel where one of the same name has another address or type', async () => {
    await using old = await full();
    const file = exported(old);
    await using other = new TestEngine({ now });
    await other.engine.settings.edit(
      settingsPatchSchema.parse({
        channels: [
          { ...email, host: 'other.example' },
          { type: 'webhook', name: 'chat', url: 'https://mine.example/x' },
        ],
      }),
    );
    const { changes } = await importEverything(file, other.engine, false);
    expect(changes.filter(({ what, outcome }) => what === 'channel' && outcome === 'left-out')).toMatchObject(
      [
        { name: 'mail', message: expect.stringMatching(/different address/) },
        {
          name: 'chat',
          message: expect.stringMatching(/different type \(Webhook here, Slack in the file\)/),
        },
      ],
    );
    expect(other.engine.settings.current.channels).toMatchObject([
      { host: 'other.example' },
      { type: 'webhook', name: 'chat' },
      { name: 'push' },
      { name: 'ops' },
    ]);
  });
});

describe('an address in a file to import', () => {
  const own = {
    heartbeats: [{ name: 'hc', url: 'https://hc.example/own' }],
    channels: [
      slack,
      email,
      { type: 'webhook', name: 'ops', url: 'https://ops.example/own' },
      {
        ...{
          type: 'webhook',
          name: 'put',
          url: 'https://put.example/own',
          secret: 'hunter2',
          template: '{"a": "{{title}}"}',
        },
        headers: [{ name: 'X-Key', value: 'hunter3' }],
      },
    ],
    proxy: 'http://proxy.example:3128',
  };
  const given = (settings: Record<string, unknown>): WholeExport => ({
    ...{ format: 'notafter-export', schemaVersion: 7, exportedAt: new Date(now).toISOString() },
    ...{ settings, sources: [], searches: [], jobs: [], missing: [] },
  });
  const plan = async (settings: Record<string, unknown>) => {
    await using test = new TestEngine({ now });
    await test.engine.settings.edit(settingsPatchSchema.parse(own));
    const before = readFileSync(test.folder.file('config.json'), 'utf8');
    const dry = await importEverything(given(settings), test.engine, true);
    const done = await importEverything(given(settings), test.engine, false);
    expect(done.changes).toEqual(dry.changes);
    const isSame = readFileSync(test.folder.file('config.json'), 'utf8') === before;
    return { changes: done.changes.map(({ outcome, message }) => `${outcome}: ${message}`), isSame };
  };

  it.each([
    [
      'another host of a webhook of an older version',
      { webhooks: [{ name: 'ops', url: 'https://elsewhere.example/new' }] },
      'changed: It is replaced by one with a different address (https://ops.example here, https://elsewhere.example in the file).',
    ],
    [
      'another path of a webhook of an older version',
      { webhooks: [{ name: 'ops', url: 'https://ops.example/new' }] },
      'changed: It is replaced by one with different settings (Address).',
    ],
    [
      'another address of a heartbeat',
      { heartbeats: [{ name: 'hc', url: 'https://elsewhere.example/new' }] },
      'changed: Its address is replaced by the one in the file (https://hc.example here, https://elsewhere.example in the file).',
    ],
    [
      'other secrets of a channel',
      { channels: [{ ...email, password: 'new' }] },
      'changed: Its secrets are replaced by those in the file.',
    ],
    [
      'another server of a channel, with its secrets',
      { channels: [{ ...email, host: 'elsewhere.example', password: 'new' }] },
      'changed: It is replaced by one with a different address (smtp://mail.example.com:587 here, smtp://elsewhere.example:587 in the file).',
    ],
    [
      'another type of a channel, with its secrets',
      { channels: [{ type: 'ntfy', name: 'chat', topic: 'ops' }] },
      'changed: It is replaced by one with a different type (Slack here, ntfy in the file).',
    ],
    [
      'another proxy',
      { proxy: 'http://me:hidden@elsewhere.example:1' },
      'changed: http://proxy.example:3128 here, http://***@elsewhere.example:1 in the file.',
    ],
  ])('is shown before it takes the place of this machine’s: %s', async (_what, settings, words) => {
    expect(await plan(settings)).toEqual({ changes: [words], isSame: false });
  });

  it.each([
    [
      'webhook of an older version',
      { webhooks: [{ name: 'ops', url: 'https://ops.example/' }] },
      /^unchanged: null$/,
    ],
    [
      'webhook of an older version with another CA file',
      { webhooks: [{ name: 'ops', url: 'https://ops.example/', caFile: '/ca.pem' }] },
      /different settings \(CA file\)/,
    ],
    [
      'channel on another host than a webhook of an older version',
      {
        webhooks: [{ name: 'ops', url: 'https://elsewhere.example/', severity: 'critical', enabled: false }],
      },
      /^left-out: A channel with this name exists with a different address \(https:\/\/ops\.example here, https:\/\/elsewhere\.example in the file\)\. Rename one of them\.$/,
    ],
    [
      'channel with more than a webhook of an older version',
      { webhooks: [{ name: 'put', url: 'https://put.example/', severity: 'critical' }] },
      /^left-out: A channel with this name exists with settings that webhooks did not have\. Rename one of them\.$/,
    ],
    [
      'channel with more than a webhook of an older version with its address',
      { webhooks: [{ name: 'put', url: 'https://put.example/new', severity: 'critical' }] },
      /^left-out: A channel with this name exists with settings that webhooks did not have\. Rename one of them\.$/,
    ],
    ['heartbeat', { heartbeats: [{ name: 'hc', url: 'https://elsewhere.example/' }] }, /not exported/],
    [
      'channel of another type',
      { channels: [{ type: 'gotify', name: 'chat', url: 'https://gotify.example', token: { set: true } }] },
      /different type \(Slack here, Gotify in the file\)/,
    ],
  ])('leaves a %s as it is where the secret is not in the file', async (_what, settings, words) => {
    expect(await plan(settings)).toEqual({ changes: [expect.stringMatching(words)], isSame: true });
  });

  it('leaves a channel as it is also where the file has another channel with the name of a webhook', async () => {
    const webhooks = [{ name: 'ops', url: 'https://elsewhere.example/' }];
    const { changes, isSame } = await plan({
      webhooks,
      channels: [{ type: 'ntfy', name: 'ops', topic: 'ops' }],
    });
    expect(isSame).toBe(false);
    expect(changes).toEqual([expect.stringMatching(/^left-out: .*different address/), 'added: null']);
  });
});

describe('an import', () => {
  it('changes nothing where it cannot be written: not in memory, not on disk, and nobody hears of it', async () => {
    await using old = await full();
    const file = exported(old);
    await using test = new TestEngine({ now });
    const { engine } = test;
    await engine.jobs.add(
      jobInputSchema.parse({ target: { host: 'www.example.com' }, tags: ['own'], paused: true }),
    );
    const state = () => [engine.settings.current, [...engine.jobs.all()], engine.sources.list()];
    const [before, events] = [state(), test.events.length];
    rmSync(test.folder.file('config.json'));
    mkdirSync(test.folder.file('config.json'));
    await expect(importEverything(file, engine, false)).rejects.toThrow(/Nothing was changed/);
    expect(state()).toEqual(before);
    expect(test.events.slice(events)).toEqual([]);
    rmSync(test.folder.file('config.json'), { recursive: true });
    const report = await importEverything(file, engine, false);
    expect(report.jobs).toMatchObject({ merged: 1 });
    expect(state()).not.toEqual(before);
  });

  it('is one write', async () => {
    await using old = await full();
    const file = exported(old);
    using folder = temporaryFolder();
    const stored = openConf(folder.path);
    let writes = 0;
    const counting: ConfigFile = {
      path: stored.path,
      get store() {
        return stored.store;
      },
      set store(value) {
        writes += 1;
        stored.store = value;
      },
    };
    const store = new ConfigStore(
      counting,
      { jobs: [], settings: settingsSchema.parse({}), sources: [], searches: [] },
      () => now,
    );
    const patch = settingsPatchSchema.parse({ retentionDays: 5 });
    const [source] = makeSources(
      [sourceInputSchema.parse({ name: 'files', paths: ['/certs'] })],
      [],
      new Date(now).toISOString(),
    );
    const jobs = file.jobs.map((job) => jobInputSchema.parse(job));
    await store.importAll({
      settings: patch,
      sources: source ? [source] : [],
      searches: [],
      jobs,
      tags: new Map(),
    });
    expect(writes).toBe(1);
    expect(stored.store).toMatchObject({ settings: { retentionDays: 5 }, sources: [{ name: 'files' }] });
    // One part that is refused, in the middle: none of the others happens.
    const refused = store.importAll({
      settings: patch,
      sources: [],
      searches: [],
      jobs: [jobs[0] as NewJob, { ...(jobs[0] as NewJob), tags: Array.from({ length: 60 }, String) }],
      tags: new Map(),
    });
    await expect(refused).rejects.toThrow(SettingsFieldError);
    expect([writes, store.size]).toEqual([1, jobs.length]);
  });

  it.each([
    [
      'a heartbeat that another NotAfter sealed',
      { heartbeats: [{ name: 'hc', url: `https://hc.example/sealed.v2.${'A'.repeat(60)}` }] },
    ],
    [
      'a secret of a channel that another NotAfter sealed',
      { channels: [{ ...email, password: `sealed.v2.${'A'.repeat(60)}` }] },
    ],
    ['a proxy that another NotAfter sealed', { proxy: `http://me:sealed.v2.${'A'.repeat(60)}@p.example:1` }],
    [
      'a webhook of an older version with the name of a channel, and without its address',
      { webhooks: [{ name: 'own', url: 'https://hook.example/' }] },
    ],
  ])('leaves out %s, and imports the rest', async (_what, settings) => {
    await using test = new TestEngine({ now });
    const own = { type: 'ntfy', name: 'own', topic: 'ops' };
    await test.engine.settings.edit(settingsPatchSchema.parse({ channels: [own] }));
    const file = exported(test);
    const given = { ...file, settings: { ...settings, checksAtOnce: 7 } };
    const dry = await importEverything(given, test.engine, true);
    const report = await importEverything(given, test.engine, false);
    expect(report.changes).toEqual(dry.changes);
    expect(report.changes.map(({ outcome }) => outcome).toSorted()).toEqual(['changed', 'left-out']);
    expect(test.engine.settings.current).toMatchObject({
      ...{ checksAtOnce: 7, heartbeats: [], proxy: null, webhooks: [] },
      channels: [own],
    });
  });

  it('leaves out a source whose files may not be read, and imports the rest', async () => {
    await using test = new TestEngine({ now });
    const file = exported(test);
    {
      using _files = restrictFiles([test.folder.path], []);
      const given = {
        ...file,
        settings: { checksAtOnce: 7 },
        sources: [
          { name: 'outside', paths: ['/etc'] },
          { name: 'inside', paths: [test.folder.file('certs')] },
        ],
      };
      const report = await importEverything(given, test.engine, false);
      expect(report.changes).toMatchObject([
        { what: 'setting', outcome: 'changed' },
        { name: 'outside', outcome: 'left-out' },
        { name: 'inside', outcome: 'added' },
      ]);
    }
    expect(test.engine.sources.list().map(({ name }) => name)).toEqual(['inside']);
    expect(test.engine.settings.current.checksAtOnce).toBe(7);
  });
});

/** Lists in lists. */
const nested = (depth: number): unknown => (depth === 0 ? 0 : [nested(depth - 1)]);

describe('a file to import', () => {
  const empty: WholeExport = {
    ...{ format: 'notafter-export', schemaVersion: 7, exportedAt: new Date(now).toISOString() },
    ...{ settings: {}, sources: [], searches: [], jobs: [], missing: [] },
  };

  it('of an older version is migrated, and one of a newer version refused', async () => {
    await using test = new TestEngine({ now });
    const job = { target: { host: 'old.example', port: 443, servername: null, starttls: null } };
    const old = { ...empty, schemaVersion: 1, jobs: [{ ...job, name: 'two\nlines', paused: true }] };
    expect((await importEverything(old, test.engine, false)).jobs).toMatchObject({ added: 1, invalid: 0 });
    expect([...test.engine.jobs.all()]).toMatchObject([{ name: 'two lines', paused: true }]);
    await expect(importEverything({ ...empty, schemaVersion: 999 }, test.engine, false)).rejects.toThrow(
      /newer/,
    );
  });

  it('brings as many saved searches as can be saved, and names the others', async () => {
    await using test = new TestEngine({ now });
    const own = savedSearchInputSchema.parse({ name: 'own', targets: ['10.0.0.1'] });
    await test.engine.discoveries.add(own);
    const searches = Array.from({ length: 60 }, (_, index) => ({ name: `s${index}`, targets: ['10.0.0.1'] }));
    const given = wholeExportSchema.parse({
      ...{ format: 'notafter-export', schemaVersion: 1, exportedAt: new Date(now).toISOString() },
      ...{ settings: {}, sources: [], searches, jobs: [], missing: [] },
    });
    const { changes } = await importEverything(given, test.engine, false);
    expect(test.engine.discoveries.list()).toHaveLength(50);
    const left = changes.filter(({ outcome }) => outcome === 'left-out');
    expect(left.map(({ name }) => name)).toEqual(searches.slice(49).map(({ name }) => name));
    expect(left[0]?.message).toBe(
      'At most 50 searches can be saved. Delete one, then import the file again.',
    );
    // A name that was taken while files were read: nothing is imported.
    const parts = { settings: {}, sources: [], jobs: [], tags: new Map() };
    await expect(test.engine.imports.commit({ ...parts, searches: [own] })).rejects.toThrow(SavedSearchError);
  });

  it('brings saved searches, without the consent that a person gave there', async () => {
    await using test = new TestEngine({ now });
    const search = savedSearchInputSchema.parse({
      name: 'dmz',
      targets: ['192.0.2.0/28'],
      schedule: { type: 'interval', minutes: 1440 },
    });
    const { id, revision } = await test.engine.discoveries.add(search);
    await test.engine.discoveries.consent(id, revision);
    const whole = exportEverything({
      settings: test.engine.settings.current,
      sources: [],
      searches: test.engine.discoveries.list(),
      jobs: [],
      now,
    });
    expect(whole.searches).toEqual([search]);
    await using other = new TestEngine({ now });
    const report = await importEverything(
      { ...whole, searches: [search, search, { name: 'bad' }] },
      other.engine,
      false,
    );
    expect(report.changes.filter(({ what }) => what === 'search').map(({ outcome }) => outcome)).toEqual([
      'added',
      'unchanged',
      'left-out',
    ]);
    expect(other.engine.discoveries.list()).toMatchObject([{ name: 'dmz', publicConsentAt: null }]);
  });

  it('that is wrong in parts is imported but for these, each named', async () => {
    await using test = new TestEngine({ now });
    const report = await importEverything(
      {
        ...empty,
        settings: {
          retentionDays: -1,
          checksAtOnce: 7,
          surprise: true,
          api: { enabled: true, port: 9999 },
          pause: { until: null },
          quietUntil: '2026-11-25T08:00:00Z',
          caFiles: ['/nowhere.pem'],
          tagRules: [{ tag: 'a' }, { tag: '' }, 5],
          webhooks: 'none',
        },
        sources: [{ name: 'x', paths: ['relative'] }, 7],
        jobs: [
          { target: { host: 'bad host' } },
          null,
          'text',
          { target: { host: 'good.example' }, paused: true },
        ],
      },
      test.engine,
      false,
    );
    const { settings, jobs, sources } = test.engine;
    expect(settings.current).toMatchObject({ checksAtOnce: 7, retentionDays: 400, caFiles: [], pause: null });
    expect(settings.current.api.enabled).toBe(false);
    expect(settings.current.tagRules.map(({ tag }) => tag)).toEqual(['a']);
    expect([...jobs.all()]).toMatchObject([{ target: { host: 'good.example' } }]);
    expect(sources.list()).toEqual([]);
    const left = report.changes.filter(({ outcome }) => outcome === 'left-out').map(({ name }) => name);
    expect(left.toSorted()).toEqual(
      ['1', '2', '2', '3', 'caFiles', 'retentionDays', 'surprise', 'webhooks', 'x']
        .filter((name) => left.includes(name))
        .toSorted(),
    );
    expect(left).toEqual(expect.arrayContaining(['retentionDays', 'surprise', 'webhooks', 'x', 'caFiles']));
    expect(report.jobs).toMatchObject({ added: 1, invalid: 3 });
  });

  it('whatever it holds is refused by the schema or imported without a fault, and leaves valid settings', async () => {
    await using test = new TestEngine({ now });
    const { current } = test.engine.settings;
    const fields = fc.constantFrom(...Object.keys(current), '__proto__', 'constructor', 'toString');
    const hostile = fc.record({
      ...{ format: fc.constant('notafter-export'), exportedAt: fc.constant(empty.exportedAt) },
      schemaVersion: fc.integer({ min: 1, max: 7 }),
      settings: fc.dictionary(fields, fc.jsonValue({ maxDepth: 4 })),
      sources: fc.array(fc.jsonValue({ maxDepth: 3 }), { maxLength: 3 }),
      jobs: fc.array(fc.jsonValue({ maxDepth: 3 }), { maxLength: 3 }),
      missing: fc.array(fc.string(), { maxLength: 3 }),
    });
    await fc.assert(
      fc.asyncProperty(hostile, async (given) => {
        const parsed = wholeExportSchema.safeParse(given);
        if (parsed.success) await importEverything(parsed.data, test.engine, true);
      }),
      { numRuns: 500 },
    );
    expect(test.engine.settings.current).toEqual(current);
  });

  it.each([
    ['too many jobs', { ...empty, jobs: Array.from({ length: 50_001 }, () => 0) }],
    ['too many sources', { ...empty, sources: Array.from({ length: 1_001 }, () => 0) }],
    ['another format', { ...empty, format: 'other' }],
    ['a field that is not known', { ...empty, more: 1 }],
    ['jobs that are nested without end', { ...empty, jobs: [nested(100)] }],
    ['settings that are nested without end', { ...empty, settings: { channels: [nested(100)] } }],
    ['a job without end', { ...empty, jobs: [{ notes: 'x'.repeat(70_000_000) }] }],
    ['a source without end', { ...empty, sources: [{ paths: Array.from({ length: 600_000 }, () => 0) }] }],
    ['a search without end', { ...empty, searches: [{ name: 'x'.repeat(40_000_000) }] }],
    ['a setting without end', { ...empty, settings: { views: Array.from({ length: 300_000 }, () => 0) } }],
    ['sentences without end', { ...empty, missing: ['x'.repeat(1_001)] }],
  ])('with %s is refused', (_what, given) => expect(wholeExportSchema.safeParse(given).success).toBe(false));
});
