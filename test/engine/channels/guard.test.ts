import { describe, expect, it, vi } from 'vitest';
import { Heartbeats } from '../../../electron/engine/channels/heartbeats.ts';
import { testMessage } from '../../../electron/engine/channels/message.ts';
import { channelSchema } from '../../../shared/schema/channels/channel.ts';
import { heartbeatSchema } from '../../../shared/schema/heartbeat.ts';
import { ManualClock } from '../../support/manual-clock.ts';
import { serveSocks4Proxy } from '../../support/proxies.ts';
import { makeSender } from '../../support/send-to-webhook.ts';
import { KeptLog } from '../../support/test-engine.ts';

/** A name server that has the address of a cloud's metadata service for every name. */
vi.mock('node:dns/promises', () => ({
  lookup: async () => [{ address: '169.254.169.254', family: 4 }],
}));

const { signal } = new AbortController();
const refused = { ok: false, error: expect.stringContaining('NotAfter sends nothing to this address') };
const send = (given: Record<string, unknown>) =>
  makeSender().send(channelSchema.parse({ name: 'ops', ...given }), testMessage(Date.now()), signal);
const gotify = (proxy: string) => ({ type: 'gotify', url: 'http://hook.test', token: 'token', proxy });
const syslog = (transport: string, more = {}) => ({ type: 'syslog', transport, host: 'log.test', ...more });

describe('a name that leads to a metadata service', () => {
  it.each([
    ['HTTP', gotify('none')],
    ['HTTP through a proxy', gotify('http://proxy.test:3128')],
    ['HTTP through a proxy with the address itself', gotify('http://169.254.169.254:3128')],
    ['TCP', syslog('tcp')],
    ['UDP', syslog('udp')],
  ])('gets nothing by %s', async (_how, given) => {
    expect(await send(given)).toMatchObject(refused);
  });

  it('is not given to a proxy that wants an address', async () => {
    await using proxy = await serveSocks4Proxy();
    expect(await send(syslog('tcp', { proxy: `socks4://127.0.0.1:${proxy.port}` }))).toMatchObject(refused);
    expect(proxy.requests).toEqual([]);
  });

  it('gets no heartbeat', async () => {
    const log = new KeptLog();
    const heartbeats = new Heartbeats({
      ...{ clock: new ManualClock(), log, version: '0.0.0', trouble: () => null, isOffline: () => false },
      rules: {
        settings: {
          heartbeats: [heartbeatSchema.parse({ name: 'watch', url: 'http://a.test' })],
          pause: null,
        },
      },
    });
    heartbeats.wake();
    await expect.poll(() => log.lines).toEqual([expect.stringContaining('calls no link-local address')]);
    await heartbeats.stop();
  });
});
