import tls from 'node:tls';
import { describe, expect, it } from 'vitest';
import { MachineOffline } from '../../../electron/engine/monitor/check-queue.ts';
import { Connectivity } from '../../../electron/engine/monitor/connectivity.ts';
import { systemNetwork } from '../../../electron/engine/monitor/network.ts';
import { type JobView, jobInputSchema } from '../../../shared/schema/job.ts';
import { CutNetwork } from '../../support/cut-network.ts';
import { ManualClock } from '../../support/manual-clock.ts';
import { makeCa } from '../../support/pki.ts';
import { TestEngine } from '../../support/test-engine.ts';
import { listen, serveTls } from '../../support/tls-server.ts';

const minute = 60_000;

/** Jobs of servers on loopback addresses of their own, each checked once, on a network that can be cut. */
async function watched(count: number) {
  const network = new CutNetwork();
  const begin = Date.now(); // Certificates are made by the real clock.
  const test = new TestEngine({ now: begin, network });
  const leaf = test.ca.issue({
    notAfterDays: 400,
    sans: ['127.0.0.2', '127.0.0.3', '127.0.0.4', '127.0.0.5'],
  });
  test.engine.start();
  const open = (host: string, port = 0) =>
    listen(tls.createServer({ cert: leaf.pem, key: leaf.key }), host, port);
  const servers = await Promise.all(
    Array.from({ length: count }, (_, index) => open(`127.0.0.${index + 2}`)),
  );
  const hosts = servers.map(({ port }, index) => ({ host: `127.0.0.${index + 2}`, port }));
  const ids: string[] = [];
  for (const target of hosts) {
    const finished = test.next('check-finished');
    const schedule = { type: 'interval', minutes: 5 };
    ids.push((await test.engine.jobs.add(jobInputSchema.parse({ target, schedule }))).id);
    test.clock.advance(0);
    await finished;
  }
  return {
    begin,
    test,
    network,
    ids,
    /** Cuts it: servers that are there answer no more, and nothing else does. */
    async cut() {
      test.clock.advance(5_000); // The answers of a moment ago speak for the network no more.
      network.isCut = true;
      await Promise.all(servers.map((server) => server.close()));
    },
    async mend() {
      network.isCut = false;
      for (const [index, { host, port }] of hosts.entries()) servers[index] = await open(host, port);
    },
    statuses: () => ids.map((id) => test.engine.jobs.detail(id)?.status),
    checks: () => ids.map((id) => test.engine.results.list(id, 10, 0)?.total),
    async [Symbol.asyncDispose]() {
      await test[Symbol.asyncDispose]();
      await Promise.all(servers.map((server) => server.close().catch(() => undefined)));
    },
  };
}

describe('while nothing at all can be reached', () => {
  it('this machine is said to be offline, once, and no host is blamed', async () => {
    await using site = await watched(3);
    const { test } = site;
    await site.cut();
    const offline = test.next('state-changed');
    test.clock.advance(5 * minute);
    expect((await offline).state.offlineSince).toBe(new Date(site.begin + 5 * minute + 5_000).toISOString());
    expect(site.statuses()).toEqual(['ok', 'ok', 'ok']);
    expect(site.checks()).toEqual([1, 1, 1]);
    test.clock.advance(0);
    for (let hour = 0; hour < 3; hour += 1) test.clock.advance(60 * minute);
    expect(test.events.filter(({ type }) => type === 'state-changed')).toHaveLength(1);
    expect(test.events.filter(({ type }) => type === 'alert')).toEqual([]);
    expect(test.log.lines.filter((line) => line.includes('offline'))).toHaveLength(1);
  });

  it('checks wait, and run once when something answers again, marked where they were missed', async () => {
    await using site = await watched(3);
    const { test } = site;
    await site.cut();
    const offline = test.next('state-changed');
    test.clock.advance(5 * minute);
    await offline;
    await site.mend();
    const online = test.next('state-changed');
    const finished = new Set<string>();
    const all = Promise.withResolvers<JobView[]>();
    const views: JobView[] = [];
    test.engine.events.subscribe((event) => {
      if (event.type !== 'check-finished') return;
      finished.add(event.id);
      views.push(event.job);
      if (finished.size === 3) all.resolve(views);
    });
    test.clock.advance(11 * minute);
    expect((await online).state.offlineSince).toBeNull();
    test.clock.advance(0);
    expect((await all.promise).map(({ status }) => status)).toEqual(['ok', 'ok', 'ok']);
    expect(site.checks()).toEqual([2, 2, 2]);
  });

  it('a person who asks for a check is told that this machine is offline', async () => {
    await using site = await watched(2);
    await site.cut();
    await expect(site.test.engine.checks.checkNow(site.ids[0] ?? '')).rejects.toThrow(MachineOffline);
    expect(site.statuses()).toEqual(['ok', 'ok']);
  });

  it('a host on this machine is checked all the same, and may be blamed', async () => {
    await using site = await watched(2);
    site.network.isLocal = (host) => host === '127.0.0.2';
    await site.cut();
    await expect(site.test.engine.checks.checkNow(site.ids[1] ?? '')).resolves.toMatchObject({
      status: 'unreachable',
    });
    site.network.hasInterfaces = false;
    await expect(site.test.engine.checks.checkNow(site.ids[1] ?? '')).rejects.toThrow(MachineOffline);
    await expect(site.test.engine.checks.checkNow(site.ids[0] ?? '')).resolves.toMatchObject({
      status: 'unreachable',
    });
  });
});

describe('looks for the network', () => {
  /** Counts which hosts are tried, each look apart, on a network that is cut. */
  async function tried(count: number, looks: number) {
    const clock = new ManualClock();
    const asked: string[][] = [];
    const network = new CutNetwork();
    network.answers = async ({ host }) => {
      asked.at(-1)?.push(host);
      return false;
    };
    const places = Array.from({ length: count }, (_, index) => ({ host: `h${index}.example`, port: 443 }));
    const connectivity = new Connectivity({ clock, network, places, onChange: () => undefined });
    asked.push([]);
    expect(await connectivity.blames(places[0] ?? { host: '', port: 0 })).toBe(false);
    const pauses: number[] = [];
    for (let look = 0; look < looks; look += 1) {
      asked.push([]);
      const before = clock.passed();
      while (asked.at(-1)?.length === 0) clock.advance(1_000);
      pauses.push((clock.passed() - before) / 1_000);
      await expect.poll(() => clock.pending).toBe(1);
    }
    connectivity.stop();
    return { asked, pauses };
  }

  it('try two hosts at a time, other ones each time, and seldom: after 15 s, 30 s, then each minute', async () => {
    const { asked, pauses } = await tried(9, 5);
    const names = (...numbers: number[]) => numbers.map((number) => `h${number}.example`);
    expect(asked).toEqual([
      names(0, 1, 2, 3, 4, 5),
      names(6, 7),
      names(8),
      names(0, 1),
      names(2, 3),
      names(4, 5),
    ]);
    expect(pauses).toEqual([15, 30, 60, 60, 60]);
  });

  it('read no more of 10,000 watched hosts than they try', async () => {
    let read = 0;
    const places = {
      *[Symbol.iterator]() {
        for (let host = 0; host < 10_000; host += 1) {
          read += 1;
          yield { host: `host${host}.example`, port: 443 };
        }
      },
    };
    const asked: string[] = [];
    const network = {
      hasInterface: () => true,
      isLocal: () => false,
      answers: async ({ host }: { host: string }) => asked.push(host) < 0,
    };
    const clock = new ManualClock();
    const connectivity = new Connectivity({ clock, network, places, onChange: () => undefined });
    expect(await connectivity.blames({ host: 'host7.example', port: 443 })).toBe(false);
    expect(asked).toHaveLength(6);
    expect(new Set(asked).size).toBe(6);
    expect(read).toBeLessThan(50);
    connectivity.stop();
  });

  it('try the only host again and again', async () => {
    const { asked } = await tried(2, 2);
    expect(asked.slice(1).map((names) => names.length)).toEqual([2, 2]);
  });
});

describe('checks that wait for a place in the queue', () => {
  it('look at no host once this machine is offline, except where a person asks', async () => {
    const network = new CutNetwork();
    const looked: string[] = [];
    const resolve = async (host: string) => {
      looked.push(host);
      throw Object.assign(new Error('ENOTFOUND'), { code: 'ENOTFOUND' });
    };
    await using test = new TestEngine({ network, resolve });
    network.isCut = true;
    await test.engine.settings.edit({ checksAtOnce: 2 });
    const hosts = Array.from({ length: 30 }, (_, index) => `h${index}.example`);
    for (const host of hosts)
      await test.engine.jobs.add(
        jobInputSchema.parse({ target: { host }, schedule: { type: 'interval', minutes: 60 } }),
      );
    const offline = test.next('state-changed', ({ state }) => state.offlineSince !== null);
    test.engine.start();
    test.clock.advance(1);
    await offline;
    await expect.poll(() => test.engine.checks.queueLength).toBe(0);
    expect(looked.length).toBeLessThan(10);
    const before = looked.length;
    const [last] = [...test.engine.jobs.all()].slice(-1);
    await expect(test.engine.checks.checkNow(last?.id ?? '')).rejects.toThrow(MachineOffline);
    expect(looked.slice(before)).toContain('h29.example');
  });
});

describe('a job that looks at every address of its name', () => {
  it('takes no address for an answer: while nothing answers, this machine is offline', async () => {
    const network = new CutNetwork();
    const resolve = async () => [
      { address: '127.0.0.8', family: 4 as const },
      { address: '127.0.0.9', family: 4 as const },
    ];
    await using test = new TestEngine({ network, resolve });
    network.isCut = true;
    test.engine.start();
    const add = (host: string, connection: object) =>
      test.engine.jobs.add(jobInputSchema.parse({ target: { host, port: 1 }, paused: true, connection }));
    const { id } = await add('many.example', { allAddresses: true });
    await add('other.example', {});
    await expect(test.engine.checks.checkNow(id)).rejects.toThrow(MachineOffline);
  });
});

describe('a host that does not answer', () => {
  it('is to blame while another one answers', async () => {
    await using site = await watched(2);
    const { test } = site;
    const [first] = site.ids;
    await test.engine.jobs.edit(first ?? '', { target: { host: '127.0.0.9' } });
    const result = await test.engine.checks.checkNow(first ?? '');
    expect(result?.status).toBe('unreachable');
    expect(test.engine.status.state.offlineSince).toBeNull();
  });
  it('alone is to blame while this machine has an interface that is up', async () => {
    await using site = await watched(1);
    await site.cut();
    expect((await site.test.engine.checks.checkNow(site.ids[0] ?? ''))?.status).toBe('unreachable');
  });
});

describe('after sleep', () => {
  it('checks wait for the network', async () => {
    await using site = await watched(2);
    const { test, network } = site;
    network.isCut = true;
    test.clock.set(test.clock.now() + 9 * 60 * minute);
    test.engine.wake();
    test.clock.advance(0);
    expect(test.engine.checks.queueLength).toBe(0);
    network.isCut = false;
    const finished = test.next('check-finished');
    const steps = setInterval(() => test.clock.advance(500), 1); // The looks in between are real connections.
    try {
      expect((await finished).job).toMatchObject({ status: 'ok' });
    } finally {
      clearInterval(steps);
    }
    expect(test.events.some((event) => event.type === 'state-changed' && event.state.offlineSince)).toBe(
      false,
    );
  });
});

describe('systemNetwork', () => {
  it('takes an accepted and a refused connection as answers', async () => {
    const network = systemNetwork();
    const server = await serveTls(makeCa().issue());
    expect(await network.answers({ host: '127.0.0.1', port: server.port })).toBe(true);
    expect(await network.answers({ host: 'localhost', port: server.port })).toBe(true);
    await server.close();
    expect(await network.answers({ host: '127.0.0.1', port: server.port })).toBe(true);
  });
  it('takes a name that cannot be looked up as none', async () => {
    const fails = systemNetwork(() => Promise.reject(new Error('ENOTFOUND')));
    expect(await fails.answers({ host: 'nowhere.invalid', port: 443 })).toBe(false);
  });
  it.each(['localhost', 'a.localhost', '127.0.0.1', '127.3.2.1', '::1', '[::1]'])(
    'knows %s as this machine',
    (host) => expect(systemNetwork().isLocal(host)).toBe(true),
  );
  it.each(['example.com', '10.0.0.1', 'localhost.example.com', '::2'])('knows %s as another', (host) =>
    expect(systemNetwork().isLocal(host)).toBe(false),
  );
});
