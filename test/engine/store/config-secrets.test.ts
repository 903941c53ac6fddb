import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { testMessage } from '../../../electron/engine/channels/message.ts';
import { writeCsv } from '../../../electron/engine/export/csv.ts';
import { exportJob } from '../../../electron/engine/export/job.ts';
import type { Config } from '../../../electron/engine/store/config-file.ts';
import { openSecrets, sealSecrets } from '../../../electron/engine/store/config-secrets.ts';
import { SecretBox } from '../../../electron/engine/store/secret-box.ts';
import { isSealed } from '../../../shared/domain/sealed.ts';
import { channelSchema } from '../../../shared/schema/channels/channel.ts';
import { connectionSchema, proxySchema } from '../../../shared/schema/connection.ts';
import { jobInputSchema } from '../../../shared/schema/job.ts';
import { type Settings, settingsPatchSchema, settingsSchema } from '../../../shared/schema/settings.ts';
import { webhookSchema } from '../../../shared/schema/webhook.ts';
import { makeSender } from '../../support/send-to-webhook.ts';
import { TestEngine } from '../../support/test-engine.ts';

const makeVault = () => new SecretBox(randomBytes(32));

const configOf = (proxy: string | null, url: string): Config => ({
  settings: settingsSchema.parse({ proxy, channels: [{ type: 'slack', name: 'ops', url }] }),
  jobs: [],
  sources: [],
  searches: [],
});

/** The address of the first channel. */
function urlOf({ settings: { channels } }: Pick<Config, 'settings'>): string {
  const [channel] = channels;
  return channel && 'url' in channel && typeof channel.url === 'string' ? channel.url : '';
}

describe('a secret box', () => {
  it('opens what it sealed, which stands in a URL as it is', () => {
    const secretBox = makeVault();
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (secret) => {
        const sealed = secretBox.seal(secret, 'field host');
        expect(isSealed(sealed)).toBe(true);
        expect(encodeURI(sealed)).toBe(sealed);
        expect(secretBox.open(sealed, 'field host')).toEqual({ secret, isBound: true });
      }),
    );
  });

  it('seals the same secret otherwise each time', () => {
    const secretBox = makeVault();
    expect(secretBox.seal('one', 'a')).not.toBe(secretBox.seal('one', 'a'));
  });

  it('opens nothing that another sealed, that was changed, or that was never sealed', () => {
    const secretBox = makeVault();
    const sealed = secretBox.seal('secret', 'a');
    const at = sealed.length - 2;
    const changed = sealed.slice(0, at) + (sealed[at] === 'A' ? 'B' : 'A') + sealed.slice(at + 1);
    for (const text of [
      makeVault().seal('secret', 'a'),
      changed,
      sealed.replace('v2', 'v1'),
      'sealed.v1.',
      'sealed.v2.AAAA',
      'secret',
      '',
    ])
      expect(secretBox.open(text, 'a')).toBeNull();
  });
});

describe('a sealed secret that is moved (security finding 11)', () => {
  const secretBox = makeVault();
  const sealed = sealSecrets(
    configOf('http://user:hunter2@proxy.example:3128', 'https://hook.example/T0'),
    secretBox,
  );
  const password = /:(sealed[^@]*)@/.exec(sealed.settings.proxy ?? '')?.[1] ?? '';

  it.each([
    `http://user:${password}@evil.example:3128`,
    `http://user:${password}@proxy.example:3129`,
    `http://other:${password}@proxy.example:3128`,
    `socks5://user:${password}@proxy.example:3128`,
  ])('does not open in %s', (proxy) => {
    const { config, unopened } = openSecrets(configOf(proxy, 'https://h.example'), secretBox);
    expect(config.settings.proxy).toBe(proxy);
    expect(unopened).toBe(1);
  });

  it('does not open in another field, nor at another host of a channel', () => {
    const url = urlOf(sealed);
    for (const moved of [url.replace('hook.example', 'evil.example'), `https://hook.example/${password}`])
      expect(openSecrets(configOf(null, moved), secretBox)).toMatchObject({ unopened: 1 });
  });

  it('is refused wherever it comes from outside, and goes back unchanged where it was', async () => {
    const proxy = `http://user:${password}@evil.example:1`;
    const target = { host: 'localhost' };
    expect(jobInputSchema.safeParse({ target, connection: { proxy } }).error?.issues).toMatchObject([
      { path: ['connection', 'proxy'], message: expect.stringContaining('Enter it again') },
    ]);
    await using test = new TestEngine();
    const { id } = await test.engine.jobs.add(jobInputSchema.parse({ target }));
    const connection = connectionSchema.parse({ proxy });
    await expect(test.engine.jobs.edit(id, { connection })).rejects.toMatchObject({
      field: 'connection.proxy',
    });
    await expect(test.engine.settings.edit({ proxy })).rejects.toMatchObject({ field: 'proxy' });
    const hook = webhookSchema.parse({ name: 'ops', url: `https://evil.example/${password}` });
    await expect(test.engine.settings.edit({ webhooks: [hook] })).rejects.toMatchObject({
      field: 'webhooks.0.url',
    });
    expect(test.engine.settings.current.webhooks).toEqual([]);
  });
});

/** Addresses of proxies with a password, as people may write them. */
const proxies = fc
  .record({
    scheme: fc.constantFrom('http', 'https', 'socks5', 'socks5h', 'socks4', 'socks4a'),
    user: fc.stringMatching(/^[a-z0-9]{0,8}$/),
    password: fc.stringMatching(/^[a-zA-Z0-9!$*_@:%~.-]{1,30}$/).filter((text) => !/%/.test(text)),
    place: fc.constantFrom('proxy.example', 'proxy.example:80', '192.0.2.7:3128', '[::1]:1080'),
    end: fc.constantFrom('', '/'),
  })
  .map(({ scheme, user, password, place, end }) => `${scheme}://${user}:${password}@${place}${end}`)
  .filter((url) => proxySchema.safeParse(url).success);

describe('the secrets of a configuration', () => {
  it('come back to the letter, and stand sealed where the schemas allow them', () => {
    const secretBox = makeVault();
    fc.assert(
      fc.property(
        proxies,
        fc.webUrl({ withQueryParameters: true, validSchemes: ['http', 'https'] }),
        (proxy, url) => {
          const config = configOf(proxy, url);
          const sealed = sealSecrets(config, secretBox);
          expect(isSealed(sealed.settings.proxy ?? '')).toBe(true);
          expect(proxySchema.safeParse(sealed.settings.proxy).error).toBeUndefined();
          expect(channelSchema.safeParse(sealed.settings.channels[0]).error).toBeUndefined();
          expect(new URL(urlOf(sealed)).origin).toBe(new URL(url).origin);
          expect(openSecrets(sealed, secretBox)).toEqual({ config, unopened: 0, toBeSealed: 0 });
          // Without the key they stay as they are, and are sealed no second time.
          expect(openSecrets(sealed, null)).toEqual({ config: sealed, unopened: 2, toBeSealed: 0 });
          expect(sealSecrets(sealed, makeVault())).toEqual(sealed);
        },
      ),
    );
  });

  it.each([
    'HTTPS://hook.example/T0',
    'Https://Hook.example/T0',
    ' https://hook.example/T0',
    'https:hook.example/T0',
  ])('open at every later start, also where an address is spelled %j', (url) => {
    const secretBox = makeVault();
    const sealed = sealSecrets(configOf(null, url), secretBox);
    expect(urlOf(sealed)).toMatch(/^https:\/\/hook\.example\/sealed/);
    const { config, ...rest } = openSecrets(sealed, secretBox);
    expect([urlOf(config), rest]).toEqual(['https://hook.example/T0', { unopened: 0, toBeSealed: 0 }]);
  });

  it.each([
    ' http://me:hunter2@proxy.example:1',
    'http:me:hunter2@proxy.example:1',
    'http:\\\\me:hunter2@proxy.example:1',
    'http://me:hunt\ner2@proxy.example:1',
  ])('are sealed and opened, also where a proxy is spelled %j', (proxy) => {
    const secretBox = makeVault();
    const sealed = sealSecrets(configOf(proxySchema.parse(proxy), 'https://h.example'), secretBox);
    expect(sealed.settings.proxy).toMatch(/^http:\/\/me:sealed\.v2\.[\w-]+@proxy\.example:1\/$/);
    const { config, unopened } = openSecrets(sealed, secretBox);
    expect([config.settings.proxy, unopened]).toEqual(['http://me:hunter2@proxy.example:1/', 0]);
  });

  it('open where an address was sealed without its host, with all others of the channel, and are sealed again as usual', () => {
    const secretBox = makeVault();
    // As it was sealed before: the address as a password, and all for the host that it leads to.
    const place = (field: string) => `channel webhook ${field} https://hook.example`;
    const configWith = (url: string) => ({
      ...configOf(null, url),
      settings: settingsSchema.parse({
        channels: [
          {
            ...{ type: 'webhook', name: 'ops', url, secret: secretBox.seal('hunter2', place('secret')) },
            headers: [{ name: 'X-Key', value: secretBox.seal('hunter3', place('headers X-Key')) }],
          },
        ],
      }),
    });
    const opened = openSecrets(
      configWith(secretBox.seal('HTTPS://hook.example/T0', place('url'))),
      secretBox,
    );
    expect(opened).toMatchObject({ unopened: 0, toBeSealed: 1 });
    expect(opened.config.settings.channels).toMatchObject([
      { url: 'https://hook.example/T0', secret: 'hunter2', headers: [{ value: 'hunter3' }] },
    ]);
    const sealed = sealSecrets(opened.config, secretBox);
    expect(urlOf(sealed)).toMatch(/^https:\/\/hook\.example\/sealed/);
    expect(openSecrets(sealed, secretBox)).toEqual({ config: opened.config, unopened: 0, toBeSealed: 0 });
    // Of another field or key it opens as little as before.
    for (const other of [
      secretBox.seal('HTTPS://hook.example/T0', place('secret')),
      makeVault().seal('HTTPS://hook.example/T0', place('url')),
      secretBox.seal('no address', place('url')),
      `sealed.v2.${'A'.repeat(38)}`,
    ]) {
      const { config, unopened } = openSecrets(configWith(other), secretBox);
      expect([urlOf(config), unopened]).toEqual([other, 3]);
    }
  });

  it('fit where they are as long as they may be', () => {
    const sealed = sealSecrets(
      configOf(`http://user:${'p'.repeat(1000)}@p:1`, `https://hook.example/${'u'.repeat(2020)}`),
      makeVault(),
    );
    expect(settingsSchema.safeParse(sealed.settings).error).toBeUndefined();
  });

  it('may be no longer than before where they are not sealed', () => {
    const long = `https://hook.example/${'u'.repeat(2100)}`;
    expect(webhookSchema.safeParse({ name: 'ops', url: long }).success).toBe(false);
    expect(proxySchema.safeParse(`http://user:${'p'.repeat(1100)}@p:1`).success).toBe(false);
  });

  it('are nothing where there is no password', () => {
    const secretBox = makeVault();
    for (const proxy of ['http://proxy.example:3128', 'socks5://user@proxy.example', null])
      expect(sealSecrets(configOf(proxy, 'https://h.example'), secretBox).settings.proxy).toBe(proxy);
  });
});

const secrets = ['hunter2', 'hunter3', 'T0000-hook'];
const filesOf = (engine: TestEngine): string =>
  readdirSync(engine.folder.path, { recursive: true, encoding: 'utf8' })
    .filter((name) => statSync(engine.folder.file(name)).isFile())
    .map((name) => readFileSync(engine.folder.file(name), 'latin1'))
    .join('\n');

/** The settings as they are kept, opened by the engine's own key. */
function openedSettings({ folder, secretBox }: TestEngine): Settings {
  const { settings } = JSON.parse(readFileSync(folder.file('config.json'), 'utf8'));
  const config = { settings: settingsSchema.parse(settings), jobs: [], sources: [], searches: [] };
  return openSecrets(config, secretBox ?? null).config.settings;
}

async function fill({ engine }: TestEngine): Promise<void> {
  await engine.settings.edit({
    proxy: 'http://user:hunter2@127.0.0.1:9',
    webhooks: [webhookSchema.parse({ name: 'ops', url: 'http://127.0.0.1:9/T0000-hook' })],
  });
  const connection = { proxy: 'socks5://user:hunter3@127.0.0.1:9' };
  await engine.jobs.add(jobInputSchema.parse({ target: { host: 'localhost', port: 9 }, connection }));
}

describe('a channel', () => {
  it('has the password of its proxy and the values of its headers sealed, each for its place', () => {
    const secretBox = makeVault();
    const channels = (proxy: string, host: string) => [
      {
        ...{ type: 'webhook', name: 'ops', url: `https://${host}/hunter2`, proxy },
        headers: [
          { name: 'X-Key', value: 'hunter3' },
          { name: 'Authorization', value: 'Bearer {{secret}}' },
        ],
      },
    ];
    const configWith = (given: unknown): Config => ({
      settings: settingsSchema.parse({ channels: given }),
      jobs: [],
      sources: [],
      searches: [],
    });
    const config = configWith(channels('http://me:hunter4@proxy.example:3128', 'hook.example'));
    const sealed = sealSecrets(config, secretBox);
    expect(JSON.stringify(sealed)).not.toMatch(/hunter/);
    expect(JSON.stringify(sealed)).toContain('Bearer {{secret}}');
    expect(settingsSchema.safeParse(sealed.settings).error).toBeUndefined();
    expect(openSecrets(sealed, secretBox)).toEqual({ config, unopened: 0, toBeSealed: 0 });
    const text = JSON.stringify(sealed.settings.channels);
    for (const [from, to] of [
      ['proxy.example', 'evil.example'],
      ['hook.example', 'evil.example'],
      ['X-Key', 'X-Other'],
    ] as const) {
      const moved = configWith(JSON.parse(text.replace(from, to)));
      expect(openSecrets(moved, secretBox).unopened).toBeGreaterThan(0);
    }
  });

  it('is not used with a header that cannot be opened', async () => {
    const value = makeVault().seal('hunter2', 'elsewhere');
    const channel = channelSchema.parse({
      ...{ type: 'webhook', name: 'ops', url: 'http://127.0.0.1:9/' },
      headers: [{ name: 'X-Key', value }],
    });
    const sent = await makeSender().send(channel, testMessage(0), new AbortController().signal);
    expect(sent).toMatchObject({ ok: false, isFinal: true, error: expect.stringContaining('sealed') });
  });
});

describe('an engine with secrets', () => {
  it('says none of them in its log or in what it gives out, whatever goes wrong with them', async () => {
    await using test = new TestEngine();
    await fill(test);
    const [job] = [...test.engine.jobs.all()];
    const result = await test.engine.checks.checkNow(job?.id ?? '');
    expect(result).toMatchObject({ unreachable: { reason: 'refused' } });
    const sent = await test.engine.channels.test('ops');
    expect(sent).toMatchObject({ delivered: false });
    const told = [
      ...test.log.lines,
      ...[result, sent, test.engine.jobs.detail(job?.id ?? '')?.lastResult].map((one) => JSON.stringify(one)),
      ...[...test.engine.jobs.all()].map((one) => JSON.stringify(exportJob(one))),
      writeCsv(test.engine.jobs.withStatus()),
    ].join('\n');
    expect(told).toContain('127.0.0.1');
    for (const secret of secrets) expect(told).not.toContain(secret);
  });
});

describe('an engine with a secretBox', () => {
  it('has no secret in any of its files, and has them all after a restart', async () => {
    await using test = new TestEngine({ secretBox: makeVault() });
    await fill(test);
    const [settings, jobs] = [openedSettings(test), [...test.engine.jobs.all()]];
    for (const secret of secrets) expect(filesOf(test)).not.toContain(secret);
    await test.restart();
    expect(openedSettings(test)).toEqual(settings);
    expect([...test.engine.jobs.all()].map(({ connection }) => connection)).toEqual(
      jobs.map(({ connection }) => connection),
    );
    expect(test.engine.status.state.warning).toBeNull();
  });

  it.each([
    'HTTPS://127.0.0.1:9/T0000-hook',
    ' https://127.0.0.1:9/T0000-hook',
    'https://127.0.0.1:9/T0000\n-hook',
  ])('has an address after two restarts that was entered as %j', async (url) => {
    await using test = new TestEngine({ secretBox: makeVault() });
    const webhooks = [webhookSchema.parse({ name: 'ops', url })];
    await test.engine.settings.edit(settingsPatchSchema.parse({ webhooks }));
    for (let start = 0; start < 2; start += 1) {
      await test.restart();
      expect(urlOf({ settings: openedSettings(test) })).toBe('https://127.0.0.1:9/T0000-hook');
      expect(test.engine.status.state.warning).toBeNull();
      await test.engine.settings.edit({ timeoutSeconds: 5 + start });
    }
  });

  it('seals what was written without one', async () => {
    await using test = new TestEngine();
    await fill(test);
    expect(readFileSync(test.folder.file('config.json'), 'utf8')).toContain('hunter2');
    test.secretBox = makeVault();
    await test.restart();
    await expect
      .poll(() =>
        secrets.filter((secret) => readFileSync(test.folder.file('config.json'), 'utf8').includes(secret)),
      )
      .toEqual([]);
    expect(openedSettings(test).proxy).toContain('hunter2');
  });

  it('loses nothing where the next one has no key: what is sealed stays, is not used, and is told', async () => {
    const secretBox = makeVault();
    await using test = new TestEngine({ secretBox });
    await fill(test);
    const [job] = [...test.engine.jobs.all()];
    test.secretBox = undefined;
    await test.restart();
    expect(test.engine.status.state.warning).toMatch(
      /^3 secrets in .* were sealed by the desktop app .* token of a channel\. Enter them again,/,
    );
    expect(await test.engine.checks.checkNow(job?.id ?? '')).toMatchObject({
      unreachable: {
        reason: 'refused',
        message: expect.stringContaining('is sealed, and cannot be opened here'),
      },
    });
    // The page sends back what it was shown.
    const { connection } = test.engine.jobs.detail(job?.id ?? '') ?? {};
    await test.engine.jobs.edit(job?.id ?? '', { tags: ['edited'], ...(connection ? { connection } : {}) });
    await test.engine.settings.edit({
      proxy: test.engine.settings.current.proxy,
      webhooks: test.engine.settings.current.webhooks,
    });
    test.secretBox = secretBox;
    await test.restart();
    expect(urlOf({ settings: openedSettings(test) })).toBe('http://127.0.0.1:9/T0000-hook');
    expect(openedSettings(test).proxy).toBe('http://user:hunter2@127.0.0.1:9');
    expect([...test.engine.jobs.all()]).toMatchObject([
      { tags: ['edited'], connection: { proxy: 'socks5://user:hunter3@127.0.0.1:9' } },
    ]);
  });
});
