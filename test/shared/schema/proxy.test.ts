import { describe, expect, it } from 'vitest';
import { channelSchema } from '../../../shared/schema/channels/channel.ts';
import { channelInputSchema } from '../../../shared/schema/channels/channel-view.ts';
import { connectionSchema } from '../../../shared/schema/connection.ts';
import { jobInputSchema, jobPatchSchema } from '../../../shared/schema/job.ts';
import { settingsPatchSchema, settingsSchema } from '../../../shared/schema/settings.ts';

const channel = (proxy: string) => ({
  type: 'gotify',
  name: 'push',
  url: 'https://x.test',
  token: 'a',
  proxy,
});
/** Wherever a proxy is entered. */
const inputs = {
  'a new job': (proxy: string) =>
    jobInputSchema.safeParse({ target: { host: 'x.test' }, connection: { proxy } }),
  'an edited job': (proxy: string) => jobPatchSchema.safeParse({ connection: { proxy } }),
  'the settings': (proxy: string) => settingsPatchSchema.safeParse({ proxy }),
  'a channel': (proxy: string) => channelInputSchema.safeParse(channel(proxy)),
  'a channel of the settings': (proxy: string) =>
    settingsPatchSchema.safeParse({ channels: [channel(proxy)] }),
};
const places = Object.entries(inputs);

describe.each(places)('the proxy of %s', (_place, parse) => {
  it.each([
    'http://proxy.test:3128',
    'https://proxy.test',
    'socks5h://proxy.test:1080',
    'socks4a://ada@proxy.test',
    'socks4://192.0.2.1:1080',
    'http://ada:100%25@proxy.test:3128',
  ])('can be %s', (proxy) => {
    expect(parse(proxy).error?.issues).toBeUndefined();
  });

  it.each([
    ['http://ada:100%@proxy.test:3128', /^Write % .* as %25/],
    ['http://%ff@proxy.test:3128', /^Write % .* as %25/],
    ['socks://proxy.test', /^A proxy is written http/],
    ['http://proxy.test:3128/path', /^A proxy is written http/],
    ['http://proxy.test:3128/?a=b', /^A proxy is written http/],
    ['ftp://proxy.test', /^A proxy is written http/],
  ])('is refused as %s', (proxy, message) => {
    const [issue] = parse(proxy).error?.issues ?? [];
    expect(issue?.message).toMatch(message);
    expect(issue?.path.at(-1) === 'proxy' || issue?.path.length === 0).toBe(true);
  });
});

describe('a proxy that an older version stored', () => {
  it('is read again', () => {
    const older = 'http://ada:100%@proxy.test:3128';
    expect(connectionSchema.parse({ proxy: older }).proxy).toBe(older);
    expect(settingsSchema.parse({ proxy: older }).proxy).toBe(older);
    for (const proxy of [older, 'socks://proxy.test', 'http://proxy.test:3128/path'])
      expect(channelSchema.parse(channel(proxy)).proxy).toBe(proxy);
  });
});
