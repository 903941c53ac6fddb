import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isForbiddenAddress } from '../../../electron/engine/addresses/special-networks.ts';
import { loadAdapter, type Sent } from '../../../electron/engine/channels/adapter.ts';
import type { ChannelSenderOptions } from '../../../electron/engine/channels/channel-sender.ts';
import { sendDatagrams } from '../../../electron/engine/channels/datagrams.ts';
import { Heartbeats } from '../../../electron/engine/channels/heartbeats.ts';
import { digestMessage, type HookMessage } from '../../../electron/engine/channels/message.ts';
import type { Alert } from '../../../shared/schema/alert.ts';
import { type Channel, channelSchema } from '../../../shared/schema/channels/channel.ts';
import { type ChannelType, channelTypeNames } from '../../../shared/schema/channels/types.ts';
import { heartbeatSchema } from '../../../shared/schema/heartbeat.ts';
import type { Job } from '../../../shared/schema/job.ts';
import { jobInputSchema } from '../../../shared/schema/job.ts';
import { type Received, receiveChannels } from '../../support/channel-receiver.ts';
import { ManualClock } from '../../support/manual-clock.ts';
import { makeSender } from '../../support/send-to-webhook.ts';
import { serveSmtp } from '../../support/smtp-server.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { KeptLog } from '../../support/test-engine.ts';

const { signal } = new AbortController();
const jobId = 'c0ffee00-0000-4000-8000-000000000001';
const at = Date.parse('2026-11-26T08:00:00Z');

function job(name: string, tags: string[] = ['shop']): Job {
  const input = jobInputSchema.parse({ target: { host: 'shop.example.com' } });
  const time = new Date(at).toISOString();
  // What a host may be called is the page's to refuse; adapters must stand any text.
  return { ...input, id: jobId, name, tags, createdAt: time, updatedAt: time } as Job;
}

function alert(more: Partial<Alert> = {}): Alert {
  return {
    id: 1,
    jobId,
    key: 'expiry:abc',
    raisedAt: new Date(at).toISOString(),
    kind: 'expiring',
    severity: 'warning',
    title: 'Shop expires in 6 days',
    body: 'Renew the certificate.',
    notifiedAt: new Date(at).toISOString(),
    resolvedAt: null,
    acknowledgedAt: null,
    snoozedUntil: null,
    ...more,
  };
}

const one = (more: Partial<Alert> = {}, name = 'Shop') => digestMessage([alert(more)], () => job(name), at);
const resolved = (): HookMessage => ({
  ...one(),
  event: 'resolved',
  title: 'Resolved: Shop expires in 6 days',
});

const token = 't0k3n-of-a-service';
/** A channel of each type that goes to `url`. */
const samples: { readonly [Type in ChannelType]: (url: string) => Record<string, unknown> } = {
  email: (url) => ({
    host: '127.0.0.1',
    port: Number(new URL(url).port),
    security: 'none',
    from: 'na@x.test',
    to: ['ops@x.test'],
  }),
  ntfy: (url) => ({ url, topic: 'ops', token }),
  gotify: (url) => ({ url, token }),
  discord: (url) => ({ url: `${url}/api/webhooks/1/${token}` }),
  telegram: () => ({ token: `123456789:${'A'.repeat(35)}`, chat: '-100123' }),
  slack: (url) => ({ url: `${url}/services/${token}` }),
  mattermost: (url) => ({ url: `${url}/hooks/${token}` }),
  teams: (url) => ({ url: `${url}/workflows/${token}` }),
  matrix: (url) => ({ url, room: '!abc:example.com', token }),
  pagerduty: () => ({ routingKey: 'a'.repeat(32) }),
  jsm: (url) => ({ url, apiKey: token }),
  alertmanager: (url) => ({ urls: [url] }),
  webhook: (url) => ({ url: `${url}/${token}` }),
  command: () => ({ program: '/bin/true' }),
  syslog: (url) => ({ host: '127.0.0.1', port: Number(new URL(url).port), transport: 'tcp' }),
};
const httpTypes = channelTypeNames.filter((type) => !['email', 'syslog', 'command'].includes(type));

const channel = (type: ChannelType, url: string, more: Record<string, unknown> = {}): Channel =>
  channelSchema.parse({ name: 'ops', type, ...samples[type](url), ...more });

function sender(url: string, more: Partial<ChannelSenderOptions> = {}) {
  return makeSender({ now: () => at, bases: { telegram: url, pagerduty: url }, ...more });
}

async function post(type: ChannelType, message: HookMessage, more: Record<string, unknown> = {}) {
  await using service = await receiveChannels();
  const sent = await sender(service.url).send(channel(type, service.url, more), message, signal);
  expect(sent).toEqual({ ok: true });
  const [request, ...others] = service.received;
  expect(others).toEqual([]);
  return request as Received;
}

it('has an adapter for each type, and none besides', async () => {
  const folder = join(import.meta.dirname, '../../../electron/engine/channels/adapters');
  expect(
    readdirSync(folder)
      .map((name) => name.replace(/\.ts$/, ''))
      .sort(),
  ).toEqual([...channelTypeNames].sort());
  for (const type of channelTypeNames)
    expect(await loadAdapter(type)).toMatchObject({ send: expect.any(Function) });
});

describe('the published contract of each service', () => {
  it('ntfy: https://docs.ntfy.sh/publish/#publish-as-json', async () => {
    const { method, path, headers, body } = await post('ntfy', one());
    expect([method, path, headers.authorization]).toEqual(['POST', '/', `Bearer ${token}`]);
    expect(body).toMatchObject({
      topic: 'ops',
      title: 'Shop expires in 6 days',
      priority: 4,
      tags: ['warning'],
    });
    expect(body['sequence_id']).toMatch(/^[\w-]{1,64}$/);
    const long = await post('ntfy', one({ body: 'ü'.repeat(5000) }));
    expect(Buffer.byteLength(String(long.body['message']))).toBeLessThanOrEqual(4096);
  });
  it('Gotify: POST /message with X-Gotify-Key', async () => {
    const { path, headers, body } = await post('gotify', one({ severity: 'critical' }));
    expect([path, headers['x-gotify-key'], body['priority']]).toEqual(['/message', token, 8]);
  });
  it('Discord: an embed within its limits, and mentions of nobody', async () => {
    const { body } = await post('discord', one({ title: 'x'.repeat(900), body: '_'.repeat(5000) }));
    const [embed] = body['embeds'] as { title: string; description: string }[];
    expect(embed?.title.length).toBeLessThanOrEqual(256);
    expect(embed?.description.length).toBeLessThanOrEqual(4096);
    expect(body['allowed_mentions']).toEqual({ parse: [] });
  });
  it('Telegram: sendMessage in HTML within 4,096 units', async () => {
    const { path, body } = await post('telegram', one({ body: '<b>&'.repeat(3000) }));
    expect(path).toBe(`/bot123456789:${'A'.repeat(35)}/sendMessage`);
    expect(body).toMatchObject({ chat_id: '-100123', parse_mode: 'HTML' });
    expect(String(body['text']).length).toBeLessThanOrEqual(4096);
    expect(String(body['text'])).not.toMatch(/<(?!\/?b>)|&(?!(?:amp|lt|gt|quot);)/);
  });
  it('Slack and Mattermost: text', async () => {
    for (const type of ['slack', 'mattermost'] as const)
      expect((await post(type, one())).body['text']).toContain('Shop expires in 6 days');
  });
  it('Teams: a message with an Adaptive Card, or the card alone', async () => {
    const wrapped = await post('teams', one());
    expect(wrapped.body).toMatchObject({
      type: 'message',
      attachments: [
        { contentType: 'application/vnd.microsoft.card.adaptive', content: { type: 'AdaptiveCard' } },
      ],
    });
    expect((await post('teams', one(), { card: 'bare' })).body).toMatchObject({ type: 'AdaptiveCard' });
    const many = digestMessage(
      Array.from({ length: 900 }, (_, id) => alert({ id, title: `${'x'.repeat(60)} ${id}` })),
      () => job('Shop'),
      at,
    );
    expect(Buffer.byteLength((await post('teams', many)).text)).toBeLessThan(27_000);
  });
  it('Matrix: the same transaction for the same message', async () => {
    const first = await post('matrix', one());
    const again = await post('matrix', one());
    expect(first.method).toBe('PUT');
    expect(first.path).toBe(again.path);
    expect(first.path).toMatch(
      /^\/_matrix\/client\/v3\/rooms\/!abc%3Aexample\.com\/send\/m\.room\.message\/na-/,
    );
    expect(first.body).toMatchObject({ msgtype: 'm.notice', 'm.mentions': {} });
  });
  it('PagerDuty: one key from trigger to resolve, whatever the severity', async () => {
    const [trigger, worse, end] = [
      await post('pagerduty', one()),
      await post('pagerduty', one({ severity: 'critical', title: 'Shop has expired', kind: 'expired' })),
      await post('pagerduty', resolved()),
    ];
    expect([trigger, worse, end].map(({ body }) => body['event_action'])).toEqual([
      'trigger',
      'trigger',
      'resolve',
    ]);
    expect(new Set([trigger, worse, end].map(({ body }) => body['dedup_key'])).size).toBe(1);
    expect(trigger.body).toMatchObject({
      routing_key: 'a'.repeat(32),
      payload: { summary: 'Shop expires in 6 days', source: 'shop.example.com', severity: 'warning' },
    });
    const long = await post('pagerduty', one({ key: `problem:${'x'.repeat(900)}`, title: 'y'.repeat(3000) }));
    expect(String(long.body['dedup_key']).length).toBeLessThanOrEqual(255);
    expect(String((long.body['payload'] as { summary: string }).summary).length).toBeLessThanOrEqual(1024);
  });
  it('Jira Service Management: an alias, and a close by it', async () => {
    const created = await post('jsm', one());
    expect([created.path, created.headers.authorization]).toEqual(['/v2/alerts', `GenieKey ${token}`]);
    expect(created.body).toMatchObject({ message: 'Shop expires in 6 days', priority: 'P3', tags: ['shop'] });
    const closed = await post('jsm', resolved());
    expect(decodeURIComponent(closed.path)).toBe(
      `/v2/alerts/${created.body['alias']}/close?identifierType=alias`,
    );
  });
  it('Alertmanager: labels, a start always, and an end', async () => {
    const { path, text } = await post('alertmanager', one(), { labels: [{ name: 'team', value: 'web' }] });
    expect(path).toBe('/api/v2/alerts');
    expect(JSON.parse(text)).toEqual([
      expect.objectContaining({
        labels: expect.objectContaining({
          alertname: 'NotAfterExpiring',
          instance: 'shop.example.com',
          team: 'web',
        }),
        startsAt: '2026-11-26T08:00:00.000Z',
        endsAt: '2026-11-26T08:05:00.000Z',
      }),
    ]);
  });
  it('a webhook: our document, or a template that no text can break', async () => {
    expect((await post('webhook', one())).body).toMatchObject({ version: 1, event: 'alert' });
    const name = 'a"b\\\n{{title}}';
    const template = '{"t": "{{job.name}}", "x": "{{title}}", "all": "{{alerts}}"}';
    const { body } = await post('webhook', one({}, name), { template });
    expect(body['t']).toBe(name);
    expect(body['all']).toHaveLength(1);
    const { headers, text } = await post('webhook', one(), {
      contentType: 'form',
      headers: [{ name: 'X-Auth', value: 'Bearer {{secret}}' }],
      secret: token,
    });
    expect(headers['x-auth']).toBe(`Bearer ${token}`);
    expect(new URLSearchParams(text).get('title')).toBe('Shop expires in 6 days');
  });
});

describe('an answer', () => {
  const answers = async (
    type: ChannelType,
    answer: Parameters<typeof receiveChannels>[0],
    more: Partial<ChannelSenderOptions> = {},
  ) => {
    await using service = await receiveChannels(answer);
    const sent = await sender(service.url, more).send(channel(type, service.url), one(), signal);
    return { sent, received: service.received };
  };

  it.each(httpTypes)(
    'of 503 or a redirect from %s is a failure that names no secret, and leads nowhere else',
    async (type) => {
      const { sent } = await answers(type, () => ({ status: 503 }));
      expect(sent).toMatchObject({ ok: false, isFinal: false });
      await using elsewhere = await receiveChannels();
      const moved = await answers(type, () => ({ status: 307, headers: { location: elsewhere.url } }));
      expect(moved.sent.ok).toBe(false);
      expect(elsewhere.received).toEqual([]);
      expect(JSON.stringify([sent, moved.sent])).not.toContain(token);
    },
  );

  it.each([
    ['seconds', 'ntfy', { status: 429, headers: { 'retry-after': '20' } }, 20_000],
    [
      'a date',
      'slack',
      {
        status: 429,
        headers: { date: 'Sun, 06 Nov 1994 08:49:37 GMT', 'retry-after': 'Sun, 06 Nov 1994 08:50:07 GMT' },
      },
      30_000,
    ],
    ['fractions of a second', 'discord', { status: 429, body: { retry_after: 1.2345 } }, 1235],
    [
      'parameters',
      'telegram',
      { status: 429, body: { ok: false, description: 'Too Many Requests', parameters: { retry_after: 7 } } },
      7000,
    ],
    [
      'milliseconds',
      'matrix',
      { status: 429, body: { errcode: 'M_LIMIT_EXCEEDED', error: 'Too many', retry_after_ms: 1500 } },
      1500,
    ],
  ] as const)('of 429 with %s is a time to wait for', async (_, type, answer, waitMs) => {
    expect((await answers(type, () => answer)).sent).toMatchObject({
      ok: false,
      isFinal: false,
      retryAfterMs: waitMs,
    });
  });

  it('by which a token was revoked is final', async () => {
    for (const type of ['ntfy', 'gotify', 'telegram', 'matrix', 'jsm'] as const)
      expect((await answers(type, () => ({ status: 401 }))).sent).toMatchObject({ ok: false, isFinal: true });
  });

  it('of an address that anyone can set shows nothing of what it says', async () => {
    const secret = {
      errcode: 'the-secret',
      error: 'the-secret',
      message: 'the-secret',
      errors: ['the-secret'],
    };
    for (const type of [
      'ntfy',
      'gotify',
      'slack',
      'discord',
      'teams',
      'mattermost',
      'matrix',
      'jsm',
      'alertmanager',
      'webhook',
    ] as const)
      for (const status of [200, 400, 500])
        expect(JSON.stringify((await answers(type, () => ({ status, body: secret }))).sent)).not.toContain(
          'the-secret',
        );
  });

  it('that never ends is taken by its status', async () => {
    const endless = await answers('webhook', () => (response) => void response.writeHead(200).write('x'));
    expect(endless.sent).toEqual({ ok: true });
    const flood = await answers('discord', () => (response) => {
      response.writeHead(200);
      const more = () => {
        while (response.writable && response.write('x'.repeat(65_536)));
        response.once('drain', more);
      };
      more();
    });
    expect(flood.sent).toEqual({ ok: true });
  });

  it('of Telegram, that the group has become a supergroup, changes the chat and sends again', async () => {
    const edits: unknown[] = [];
    const { sent, received } = await answers(
      'telegram',
      ({ body }) =>
        body['chat_id'] === '-100123'
          ? {
              status: 400,
              body: { ok: false, description: 'upgraded', parameters: { migrate_to_chat_id: -100999 } },
            }
          : { status: 200 },
      { onEdit: async (name, edit) => void edits.push([name, edit]) },
    );
    expect(sent).toEqual({ ok: true });
    expect(edits).toEqual([['ops', { chat: '-100999' }]]);
    expect(received.map(({ body }) => body['chat_id'])).toEqual(['-100123', '-100999']);
  });

  it('of Matrix names the room behind an alias once', async () => {
    const edits: unknown[] = [];
    await using service = await receiveChannels(({ path }) => ({
      status: 200,
      body: path.includes('/directory/') ? { room_id: '!real:example.com' } : {},
    }));
    const room = channel('matrix', service.url, { room: '#ops:example.com' });
    const sent = await sender(service.url, { onEdit: async (_, edit) => void edits.push(edit) }).send(
      room,
      one(),
      signal,
    );
    expect([sent.ok, edits]).toEqual([true, [{ room: '!real:example.com' }]]);
  });
});

describe('hostile text', () => {
  const texts = [
    '</b><script>alert(1)</script>',
    '<!channel> <@U123> @everyone @here <https://evil.example|bank>',
    '[bank](https://evil.example) ![x](https://evil.example/x.png)',
    '"}],"embeds":[{"title":"x',
    'line one\r\nBcc: victim@example.com\r\n\r\nbody',
    '\u0000\u001b[2J\u202egnp.exe\ud800',
    `{{title}} {{alerts}} $${'{jndi:ldap://evil}'}`,
    '*bold* _it_ ~x~ `code` > quote ||spoiler||',
  ];
  /** What must not be in a message, by how the service reads it; the others show plain text, or are read by programs. */
  const markup: Partial<Record<ChannelType, RegExp>> = {
    discord: /(?<!\\\\)[*_~`|]{2}|\]\(https:|@everyone|@here|<@/,
    telegram: /<(?!\/?b>)/,
    slack: /<!|<@|<http/,
    mattermost: /\]\(https:|@everyone|@here|@channel/,
    teams: /\]\(https:|<at>/,
  };
  const expectText = (type: ChannelType, { text: sent, body, headers }: Received) => {
    expect(() => JSON.parse(sent)).not.toThrow();
    expect(headers['bcc']).toBeUndefined();
    if (markup[type]) expect(sent).not.toMatch(markup[type]);
    if (type === 'jsm') expect(body['description']).not.toContain('<');
    if (type === 'matrix') expect(body['formatted_body']).not.toMatch(/<(?!\/?b>|br>)/);
  };
  it.each(httpTypes)('stays text in %s', async (type) => {
    for (const text of texts) {
      const hostile = digestMessage(
        [alert({ title: text, body: text }), alert({ id: 2, key: text, title: text })],
        () => job(text, [text]),
        at,
      );
      for (const message of [hostile, one({ title: text, body: text, key: text }, text)]) {
        expectText(type, await post(type, message));
      }
    }
  });

  it('begins no header and no recipient of a mail', async () => {
    await using server = await serveSmtp();
    for (const text of texts) {
      const sent = await sender('http://127.0.0.1').send(
        channel('email', `http://127.0.0.1:${server.port}`),
        one({ title: text, body: text }, text),
        signal,
      );
      expect(sent).toEqual({ ok: true });
    }
    for (const { recipients, data } of server.messages) {
      expect(recipients).toEqual(['ops@x.test']);
      const [head = ''] = data.split('\n\n');
      expect(head).not.toMatch(/^Bcc:/im);
      const html = data.slice(data.indexOf('text/html')).replaceAll('=\n', '');
      expect(html).not.toContain('<script>');
    }
  });
});

describe('email', () => {
  const to = (port: number, more: Record<string, unknown> = {}) =>
    channel('email', `http://127.0.0.1:${port}`, more);
  const send = (given: Channel, message = one(), remaining: string[] | null = null): Promise<Sent> =>
    sender('http://127.0.0.1').send(given, message, signal, remaining);

  it('has text and HTML, and one thread for what is about the same', async () => {
    await using server = await serveSmtp();
    await send(to(server.port), one());
    await send(to(server.port), one({ severity: 'critical', kind: 'expired', title: 'Shop has expired' }));
    const [first = '', second = ''] = server.messages.map(({ data }) => data);
    const header = (mail: string, name: string) => new RegExp(`^${name}: (.*)$`, 'im').exec(mail)?.[1];
    expect(header(first, 'Auto-Submitted')).toBe('auto-generated');
    expect(first).toContain('text/plain');
    expect(first).toContain('text/html');
    expect(header(first, 'References')).toBe(header(second, 'References'));
    expect(header(first, 'Message-ID')).not.toBe(header(second, 'Message-ID'));
    expect(header(first, 'Subject')).toBe(header(second, 'Subject'));
    expect(header(second, 'Importance')).toBe('high');
  });

  it('that some recipients are refused "for now" is sent again to these alone', async () => {
    let isGrey = true;
    await using server = await serveSmtp({
      replies: {
        'RCPT TO:<LATE': () => (isGrey ? '451 4.7.1 Greylisted' : '250 OK'),
        'RCPT TO:<GONE': '550 5.1.1 No such user',
      },
    });
    const given = to(server.port, { to: ['ops@x.test', 'late@x.test', 'gone@x.test'] });
    const sent = await send(given);
    expect(sent).toMatchObject({ ok: false, isFinal: false, remaining: ['late@x.test'] });
    isGrey = false;
    expect(await send(given, one(), ['late@x.test'])).toEqual({ ok: true });
    expect(server.messages.map(({ recipients }) => recipients)).toEqual([['ops@x.test'], ['late@x.test']]);
  });

  it('that is refused tells the server’s words, and whether trying again can help', async () => {
    await using full = await serveSmtp({ replies: { '.': '552 5.2.2 Mailbox full' } });
    expect(await send(to(full.port))).toMatchObject({
      ok: false,
      isFinal: true,
      error: expect.stringContaining('552'),
    });
    await using grey = await serveSmtp({ replies: { 'RCPT TO': '451 4.7.1 Greylisted' } });
    expect(await send(to(grey.port))).toMatchObject({
      ok: false,
      isFinal: false,
      error: expect.stringContaining('451'),
    });
    await using plain = await serveSmtp();
    // The server offers no STARTTLS: nothing is sent in the clear.
    expect(await send(to(plain.port, { security: 'starttls' }))).toMatchObject({ ok: false });
    expect(plain.messages).toEqual([]);
  });

  it('in plain text goes to private addresses only', () => {
    const given = { name: 'm', type: 'email', security: 'none', from: 'a@x.test', to: ['b@x.test'] };
    expect(channelSchema.safeParse({ ...given, host: 'mail.example.com' }).success).toBe(false);
    expect(channelSchema.safeParse({ ...given, host: '10.1.2.3' }).success).toBe(true);
  });
});

describe('an address of no service', () => {
  it.each([
    'http://169.254.169.254/latest/meta-data',
    'http://2852039166/',
    'http://[::ffff:169.254.169.254]/',
    'http://[fe80::1]/',
    'http://[fd00:ec2::254]/',
    'http://[fd00:ec2::23]/',
    'http://[fd20:ce::254]/',
    'http://100.100.100.200/',
    'http://168.63.129.16/',
    'http://0.0.0.0/',
    'http://224.0.0.1/',
    // NAT64 (RFC 6052), 6to4 (RFC 3056) and an IPv4-compatible form of 169.254.169.254.
    'http://[64:ff9b::a9fe:a9fe]/',
    'http://[2002:a9fe:a9fe::1]/',
    'http://[::a9fe:a9fe]/',
  ])('is no channel and no heartbeat: %s', async (url) => {
    const error = expect.stringContaining('NotAfter sends nothing to this address');
    const sent = await sender(url).send(channel('gotify', url, { url }), one(), signal);
    expect(sent).toMatchObject({ ok: false, error });
    const host = new URL(url).hostname.replace(/^\[|\]$/g, '');
    for (const transport of ['tcp', 'udp']) {
      const given = channel('syslog', 'http://127.0.0.1:9', { host, transport });
      expect(await sender(url).send(given, one(), signal)).toMatchObject({ ok: false, error });
    }
    const log = new KeptLog();
    const heartbeats = new Heartbeats({
      ...{ clock: new ManualClock(), log, version: '0.0.0', trouble: () => null, isOffline: () => false },
      rules: { settings: { heartbeats: [heartbeatSchema.parse({ name: 'watch', url })], pause: null } },
    });
    heartbeats.wake();
    await expect.poll(() => log.lines).toEqual([expect.stringContaining('calls no link-local address')]);
    await heartbeats.stop();
  });

  it('is told from those of a network of one’s own, and from names', () => {
    for (const address of ['127.0.0.1', '10.0.0.1', '192.168.1.1', '::1', 'fd12::1', '8.8.8.8', 'localhost'])
      expect(isForbiddenAddress(address)).toBe(false);
  });
});

describe('datagrams', () => {
  const direct = { caFile: null, proxy: null };
  const records = ['one', 'two'].map((text) => Buffer.from(text));
  /** A socket that keeps what it receives. */
  async function receiving(type: 'udp4' | 'udp6', address: string) {
    const socket = createSocket(type);
    const received: string[] = [];
    socket.on('message', (data) => received.push(data.toString()));
    socket.bind(0, address);
    await once(socket, 'listening');
    return { received, port: socket.address().port, [Symbol.dispose]: () => void socket.close() };
  }

  it('reach a server whose name has IPv6 alone', async () => {
    using server = await receiving('udp6', '::1');
    const to = { host: 'log.internal', port: server.port };
    await sendDatagrams(direct, to, records, signal, async () => [{ address: '::1', family: 6 }]);
    await expect.poll(() => server.received).toEqual(['one', 'two']);
  });

  it('go to the next address where the first has no route', async () => {
    using server = await receiving('udp4', '127.0.0.1');
    const to = { host: 'log.internal', port: server.port };
    await sendDatagrams(direct, to, records, signal, async () => [
      { address: '127.255.255.255', family: 4 }, // A broadcast address, which a socket may not send to.
      { address: '127.0.0.1', family: 4 },
    ]);
    await expect.poll(() => server.received).toEqual(['one', 'two']);
  });

  it('are not sent where a proxy must be used, where the name leads to metadata, or after the deadline', async () => {
    using server = await receiving('udp4', '127.0.0.1');
    const to = { host: 'log.internal', port: server.port };
    const through = { caFile: null, proxy: 'http://127.0.0.1:3128' };
    const own = async () => [{ address: '127.0.0.1', family: 4 as const }];
    await expect(sendDatagrams(through, to, records, signal, own)).rejects.toThrow(
      'cannot go through a proxy',
    );
    const metadata = async () => [{ address: '169.254.169.254', family: 4 as const }];
    await expect(sendDatagrams(direct, to, records, signal, metadata)).rejects.toThrow('sends nothing');
    const deadline = new AbortController();
    const late = sendDatagrams(direct, to, records, deadline.signal, () => new Promise(() => undefined));
    deadline.abort();
    await expect(late).rejects.toThrow('did not answer in time');
    expect(server.received).toEqual([]);
  });
});

describe('a secret', () => {
  it('in a file is read from the folder of secrets, and from nowhere else', async () => {
    using folder = temporaryFolder();
    await using service = await receiveChannels();
    const { mkdirSync, writeFileSync } = await import('node:fs');
    mkdirSync(folder.file('secrets'));
    writeFileSync(folder.file('secrets/gotify'), `${token}\nmore\n`);
    writeFileSync(folder.file('other'), 'another\n');
    const sending = (file: string) =>
      sender(service.url, { folder: folder.path }).send(
        channel('gotify', service.url, { token: { file } }),
        one(),
        signal,
      );
    expect(await sending('gotify')).toEqual({ ok: true });
    expect(service.received[0]?.headers['x-gotify-key']).toBe(token);
    for (const file of ['../other', folder.file('other'), '/etc/passwd'])
      expect(await sending(file)).toMatchObject({ ok: false, error: expect.stringContaining('must be in') });
    expect(service.received).toHaveLength(1);
  });
});
