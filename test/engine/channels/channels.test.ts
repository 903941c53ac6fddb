import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { groupWaitMs } from '../../../electron/engine/alerts/grouping.ts';
import { digestTime } from '../../../electron/engine/channels/digest-time.ts';
import { Pacer } from '../../../electron/engine/channels/pacer.ts';
import type { Engine } from '../../../electron/engine/engine.ts';
import { SecretBox } from '../../../electron/engine/store/secret-box.ts';
import { type Channel, channelSchema } from '../../../shared/schema/channels/channel.ts';
import { receiveChannels } from '../../support/channel-receiver.ts';
import { siteInTrouble } from '../../support/site-in-trouble.ts';
import { TestEngine } from '../../support/test-engine.ts';

describe('channels of an engine', () => {
  it('open an incident under its key, and resolve it when the problem is over, whatever was changed since', async () => {
    await using pagerduty = await receiveChannels();
    const channel = channelSchema.parse({ type: 'pagerduty', name: 'oncall', routingKey: 'a'.repeat(32) });
    await using site = await siteInTrouble({
      settings: { channels: [channel] },
      channelBases: { pagerduty: pagerduty.url },
      notAfterDays: 10,
    });
    site.test.clock.advance(groupWaitMs);
    await expect.poll(() => pagerduty.received.length).toBe(1);
    // Only critical alerts from now on: what was opened is closed nevertheless.
    const [kept] = site.test.engine.settings.current.channels;
    await site.test.engine.settings.edit({ channels: [{ ...(kept as Channel), severity: 'critical' }] });
    site.test.clock.advance(1000);
    await site.test.engine.jobs.edit(site.id, { target: { host: '127.0.0.1' } });
    await expect.poll(() => pagerduty.received.length).toBe(2);
    expect(pagerduty.received.map(({ body }) => body['event_action'])).toEqual(['trigger', 'resolve']);
    expect(new Set(pagerduty.received.map(({ body }) => body['dedup_key'])).size).toBe(1);
  });

  it('tell Alertmanager what is open, each minute, and the end until it was taken', async () => {
    let status = 200;
    await using manager = await receiveChannels(() => ({ status }));
    const channel = channelSchema.parse({ type: 'alertmanager', name: 'am', urls: [manager.url] });
    await using site = await siteInTrouble({ settings: { channels: [channel] } });
    /** Time passes in small steps until so many were posted. */
    const posted = (count: number) =>
      expect
        .poll(() => {
          if (manager.received.length < count) site.test.clock.advance(5_000);
          return manager.received.length;
        })
        .toBe(count);
    const ends = () =>
      (JSON.parse(manager.received.at(-1)?.text ?? '[]') as { endsAt: string }[]).map(({ endsAt }) =>
        Date.parse(endsAt),
      );
    site.test.clock.advance(groupWaitMs);
    await posted(1);
    expect(ends()[0]).toBeGreaterThan(site.test.clock.now());
    await posted(2);
    // Another name is another alert there: the one under the old name ends.
    await site.test.engine.jobs.edit(site.id, { name: 'Store' });
    const named = () =>
      (
        JSON.parse(manager.received.at(-1)?.text ?? '[]') as { endsAt: string; labels: { host: string } }[]
      ).map(({ endsAt, labels }) => [labels.host, Date.parse(endsAt) <= site.test.clock.now()]);
    await posted(3);
    expect(named()).toEqual([
      ['Store', false],
      ['Shop', true],
    ]);
    await posted(4); // The end was taken, and is not posted again.
    expect(named()).toEqual([['Store', false]]);
    status = 503;
    await site.test.engine.jobs.edit(site.id, { target: { host: '127.0.0.1' } });
    // The host was given another address: what was posted under the old one ends under it.
    const places = () =>
      (
        JSON.parse(manager.received.at(-1)?.text ?? '[]') as {
          endsAt: string;
          labels: { instance: string };
        }[]
      )
        .filter(({ endsAt }) => Date.parse(endsAt) <= site.test.clock.now())
        .map(({ labels }) => labels.instance);
    // The host has another problem now; the one that is over is told until its end was taken.
    const past = () => ends().filter((end) => end <= site.test.clock.now()).length;
    await expect
      .poll(() => {
        site.test.clock.advance(1_000);
        return past();
      })
      .toBe(1);
    await expect.poll(() => site.test.log.lines.join('\n')).toContain('did not take the open alerts');
    const refused = manager.received.length;
    status = 200;
    await posted(refused + 1);
    expect(places()).toEqual([expect.stringMatching(/^localhost:/)]);
    await posted(refused + 2);
    expect(past()).toBe(0);
  });

  it.each([
    ['by itself', (engine: Engine) => engine.channelEditor.edit('chat', { name: 'our team' })],
    [
      'in the list of the settings',
      (engine: Engine) => {
        const [shown] = engine.settings.current.channels as [Channel];
        return engine.settings.edit({ channels: [{ ...shown, name: 'our team' }] });
      },
    ],
  ])(
    'that are renamed %s get what waits for them, and are known to fail, under the new name',
    async (_how, rename) => {
      let status = 503;
      await using chat = await receiveChannels(() => ({ status }));
      const channel = channelSchema.parse({ type: 'slack', name: 'chat', url: `${chat.url}/x` });
      await using site = await siteInTrouble({ settings: { channels: [channel] } });
      const { engine, clock } = site.test;
      clock.advance(groupWaitMs);
      const waiting = () => engine.channels.list({ limit: 9, offset: 0 }).items;
      await expect.poll(() => waiting()[0]?.attempts).toBe(1);
      clock.set(clock.now() + 2 * 3_600_000);
      engine.wake();
      await expect.poll(() => engine.status.state.failingChannels).toMatchObject([{ name: 'chat' }]);
      await rename(engine);
      expect(waiting()).toMatchObject([{ hook: 'our team', state: 'waiting' }]);
      expect(engine.status.state.failingChannels).toMatchObject([{ name: 'our team' }]);
      const before = chat.received.length;
      status = 200;
      engine.channels.hurry();
      await expect.poll(() => waiting()).toEqual([]);
      expect(chat.received.length).toBe(before + 1);
      expect(engine.status.state.failingChannels).toEqual([]);
    },
  );

  it('that keep a state end what they were told under another name, one post at a time', async () => {
    const held: (() => void)[] = [];
    let isSlow = false;
    await using manager = await receiveChannels(() => (response) => {
      const answer = () => void response.writeHead(200).end();
      if (isSlow) held.push(answer);
      else answer();
    });
    const channel = channelSchema.parse({ type: 'alertmanager', name: 'am', urls: [manager.url] });
    await using site = await siteInTrouble({ settings: { channels: [channel] } });
    const { engine, clock } = site.test;
    const told = () =>
      (
        JSON.parse(manager.received.at(-1)?.text ?? '[]') as { endsAt: string; labels: { host: string } }[]
      ).map(({ endsAt, labels }) => [labels.host, Date.parse(endsAt) <= clock.now()]);
    clock.advance(groupWaitMs);
    await expect
      .poll(() => {
        if (manager.received.length === 0) clock.advance(1_000);
        return told();
      })
      .toEqual([['Shop', false]]);
    await engine.channelEditor.edit('am', { name: 'manager' });
    isSlow = true;
    await engine.jobs.edit(site.id, { name: 'Store' });
    await expect
      .poll(() => {
        if (held.length === 0) clock.advance(1_000);
        return told();
      })
      .toEqual([
        ['Store', false],
        ['Shop', true],
      ]);
    // The post has no answer yet. What becomes due meanwhile waits for it, however often.
    for (const name of ['One', 'Two', 'Three']) {
      await engine.jobs.edit(site.id, { name });
      await engine.settings.edit({ pause: null }); // A change of the settings has them posted soon.
      clock.advance(2_000);
      await new Promise((resolve) => setImmediate(resolve));
    }
    const posts = manager.received.length;
    await new Promise((resolve) => setImmediate(resolve));
    expect(held).toHaveLength(1);
    isSlow = false;
    held[0]?.();
    await expect.poll(told).toEqual([
      ['Three', false],
      ['Store', true],
    ]);
    expect(manager.received.length).toBe(posts + 1);
  });

  it('keep their secrets sealed on disk, bound to their address, and told to nobody', async () => {
    const secretBox = new SecretBox(Buffer.alloc(32, 7));
    await using test = new TestEngine({ secretBox });
    const heard: string[] = [];
    test.engine.events.subscribe((event) => heard.push(JSON.stringify(event)));
    const channels = [
      { type: 'gotify', name: 'push', url: 'https://gotify.example.com', token: 'first-secret' },
      { type: 'slack', name: 'team', url: 'https://hooks.slack.com/services/second-secret' },
    ].map((given) => channelSchema.parse(given));
    await test.engine.settings.edit({ channels });
    const file = readFileSync(test.folder.file('config.json'), 'utf8');
    expect(file).not.toMatch(/first-secret|second-secret/);
    expect(file).toContain('https://hooks.slack.com/sealed.v2.');
    expect(JSON.stringify(test.engine.settings.current) + heard.join('')).not.toMatch(
      /first-secret|second-secret/,
    );
    const [push, team] = test.engine.settings.current.channels as [Channel, Channel];
    // What the page has read goes back as it is.
    await test.engine.settings.edit({ channels: [{ ...push, severity: 'critical' } as Channel, team] });
    await expect(
      test.engine.settings.edit({ channels: [{ ...push, url: 'https://evil.example' } as Channel, team] }),
    ).rejects.toThrow('Enter this secret again');
    await expect(
      test.engine.settings.edit({ channels: [{ ...push, name: 'renamed' } as Channel] }),
    ).rejects.toThrow('none is kept');
    // A sealed text from elsewhere is refused.
    const sealed = /sealed\.v2\.[\w-]+/.exec(file)?.[0] ?? '';
    await expect(
      test.engine.settings.edit({ channels: [{ ...push, token: sealed } as Channel] }),
    ).rejects.toThrow('cannot be moved');
  });
});

describe('the pace of a channel', () => {
  it('keeps to each of its limits', () => {
    const pacer = new Pacer();
    const pace = [
      { count: 1, perMs: 1000 },
      { count: 3, perMs: 60_000 },
    ];
    const allowed: number[] = [];
    for (let now = 0; now <= 70_000; now += 100) {
      if (pacer.waiting(now).includes('ops')) continue;
      allowed.push(now);
      pacer.note('ops', pace, now);
    }
    expect(allowed).toEqual([0, 1000, 2000, 60_000, 61_000, 62_000]);
  });
});

describe('the time of a digest', () => {
  it.each([
    ['now', '2026-11-26T08:10:00Z', '2026-11-26T08:10:00Z'],
    ['hourly', '2026-11-26T08:10:00Z', '2026-11-26T09:00:00Z'],
    [{ at: '08:00', timezone: 'Europe/Berlin' }, '2026-11-26T08:10:00Z', '2026-11-27T07:00:00Z'],
    // The night in which clocks go back.
    [{ at: '08:00', timezone: 'Europe/Berlin' }, '2026-10-24T23:00:00Z', '2026-10-25T07:00:00Z'],
  ] as const)('%j after %s is %s', (digest, now, expected) => {
    expect(digestTime(digest, Date.parse(now))).toBe(Date.parse(expected));
  });
});
