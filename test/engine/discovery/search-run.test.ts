import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import tls from 'node:tls';
import { describe, expect, it } from 'vitest';
import { LeafReader } from '../../../electron/engine/discovery/leaf-reader.ts';
import { planSearch, type SearchRequest } from '../../../electron/engine/discovery/plan-search.ts';
import { resolveSearch } from '../../../electron/engine/discovery/resolve-search.ts';
import { SearchRun, type SearchRunOptions } from '../../../electron/engine/discovery/search-run.ts';
import { ShuffledPairs } from '../../../electron/engine/discovery/shuffled-pairs.ts';
import { TrustStores } from '../../../electron/engine/verify/trust.ts';
import { Verifier } from '../../../electron/engine/verify/verifier.ts';
import { discoveryLimitsSchema, type Found } from '../../../shared/schema/discovery.ts';
import { freePort } from '../../support/free-port.ts';
import { type Issued, makeCa } from '../../support/pki.ts';
import { silentHost } from '../../support/silent-host.ts';
import { listen } from '../../support/tls-server.ts';

const ca = makeCa('Discovery Root');
const leaves = new LeafReader(new Verifier(new TrustStores()));
const fast = discoveryLimitsSchema.parse({ perSecond: 200, connectSeconds: 0.5, readSeconds: 1 });

/** Names that were looked up. */
const asked: string[] = [];
const resolve = async (name: string) => {
  asked.push(name);
  return [{ address: '127.25.0.9', family: 4 as const }];
};

async function search(given: Partial<SearchRequest>, more: Partial<SearchRunOptions> = {}) {
  const planned = await planSearch({
    places: [],
    ports: [],
    exclude: [],
    names: [],
    limits: fast,
    mayScanPublic: false,
    ...given,
  });
  expect(planned.plan.refused).toEqual([]);
  const { signal = new AbortController().signal } = more;
  const resolved = await resolveSearch(planned, resolve, signal);
  const finds: Found[] = [];
  const run = new SearchRun({
    search: resolved,
    names: planned.names,
    exclusions: planned.exclusions,
    limits: planned.limits,
    leaves,
    seed: 5,
    signal,
    ...more,
    onFound: (found) => {
      finds.push(found);
      more.onFound?.(found);
    },
  });
  return { progress: await run.run(), finds };
}

/** A server with a certificate for each name; null: none without a name, and an alert in its place. */
function byName(usual: Issued | null, others: Record<string, Issued>): Server {
  const contextOf = ({ pem, key }: Issued) => tls.createSecureContext({ cert: pem, key });
  const server = tls.createServer({
    ...(usual ? { cert: usual.pem, key: usual.key } : {}),
    SNICallback: (name, done) => {
      const leaf = others[name] ?? usual;
      done(null, leaf ? contextOf(leaf) : undefined);
    },
  });
  server.on('tlsClientError', () => undefined); // The search hangs up once it has seen enough.
  return server;
}

const subjects = (finds: readonly Found[]) => finds.map(({ leaf }) => leaf?.subject ?? null).sort();

describe('a search', () => {
  it('finds the certificate without a name, and those of names that are known or taught', async () => {
    const usual = ca.issue({ name: 'default.example', sans: ['default.example', 'taught.example'] });
    const known = ca.issue({ name: 'known.example', sans: ['known.example', '*.w.example'] });
    const taught = ca.issue({ name: 'taught.example' });
    const server = byName(usual, { 'known.example': known, 'taught.example': taught });
    await using listening = await listen(server, '127.25.0.1');
    const names = ['known.example', 'zzz.invalid'];
    const { finds } = await search({ places: ['127.25.0.1'], ports: [listening.port], names });
    expect(subjects(finds)).toEqual(['CN=default.example', 'CN=known.example', 'CN=taught.example']);
    const byLeaf = Object.fromEntries(
      finds.map(({ leaf, names: of, suggested }) => [leaf?.subject, { of, suggested }]),
    );
    const target = { host: '127.25.0.1', port: listening.port, starttls: null };
    expect(byLeaf).toEqual({
      'CN=default.example': {
        of: ['default.example'],
        suggested: { ...target, servername: 'default.example' },
      },
      'CN=known.example': { of: ['known.example'], suggested: { ...target, servername: 'known.example' } },
      'CN=taught.example': { of: ['taught.example'], suggested: { ...target, servername: 'taught.example' } },
    });
  });

  it('suggests the name that leads to the address', async () => {
    const server = byName(ca.issue({ name: 'web.corp.example' }), {});
    await using listening = await listen(server, '127.25.0.9');
    const { finds } = await search({ places: ['web.corp.example'], ports: [listening.port] });
    expect(finds.map(({ suggested }) => suggested)).toEqual([
      { host: 'web.corp.example', port: listening.port, servername: null, starttls: null },
    ]);
  });

  it('says what needs a name, and asks again for names that another port taught', async () => {
    const hidden = ca.issue({ name: 'hidden.example' });
    await using strict = await listen(byName(null, { 'hidden.example': hidden }), '127.25.0.2');
    const alone = await search({ places: ['127.25.0.2'], ports: [strict.port] });
    expect(alone.finds).toMatchObject([{ state: 'needs-name', leaf: null, suggested: null }]);
    const teacher = ca.issue({ name: 'default.example', sans: ['hidden.example'] });
    await using open = await listen(byName(teacher, {}), '127.25.0.2');
    const ports = [strict.port, open.port];
    const { finds } = await search({ places: ['127.25.0.2'], ports });
    expect(
      finds.some(({ port, leaf }) => port === strict.port && leaf?.subject === 'CN=hidden.example'),
    ).toBe(true);
  });

  it('says what a server shows for a name that its certificate does not cover', async () => {
    const other = ca.issue({ name: 'other.example' });
    const server = byName(ca.issue({ name: 'default.example' }), { 'asked.example': other });
    await using listening = await listen(server, '127.25.0.1');
    const { finds } = await search({
      places: ['127.25.0.1'],
      ports: [listening.port],
      names: ['asked.example'],
    });
    const find = finds.find(({ leaf }) => leaf?.subject === 'CN=other.example');
    expect(find?.note).toBe('The server shows this certificate for asked.example, which it does not cover.');
  });

  it('connects nowhere else for a certificate with 5,000 names of others, and looks none of them up', async () => {
    asked.length = 0;
    const sans = Array.from({ length: 5_000 }, (_, index) => `victim-${index}.example`);
    const hostile = ca.issue({ name: 'hostile.example', sans: [...sans, '127.25.0.4', 'localhost'] });
    const names: (string | false)[] = [];
    const server = byName(hostile, {});
    server.on('secureConnection', (socket: tls.TLSSocket) => names.push(socket.servername ?? false));
    await using listening = await listen(server, '127.25.0.3');
    await using victim = await listen(createServer(), '127.25.0.4', listening.port);
    await using neighbour = await listen(createServer(), '127.25.0.3');
    const { progress, finds } = await search({ places: ['127.25.0.3'], ports: [listening.port] });
    expect(finds).toHaveLength(1);
    expect(finds[0]?.leaf?.sans).toHaveLength(200);
    expect({ asked, victim: victim.connections, neighbour: neighbour.connections }).toEqual({
      asked: [],
      victim: 0,
      neighbour: 0,
    });
    // One without a name, and as many as the limit allows.
    expect(listening.connections).toBe(1 + fast.namesPerEndpoint);
    expect(progress.connections).toBe(listening.connections);
  });

  it('sends nothing but a ClientHello, whatever the port speaks', async () => {
    const received: Buffer[] = [];
    const recorder = createServer((socket) => {
      socket.on('data', (chunk: Buffer) => {
        received.push(chunk);
        socket.end('HTTP/1.0 400 Bad Request\r\n\r\n');
      });
    });
    await using listening = await listen(recorder, '127.25.0.5');
    const { progress, finds } = await search({ places: ['127.25.0.5'], ports: [listening.port] });
    expect({ finds, open: progress.open, tls: progress.tls }).toEqual({ finds: [], open: 1, tls: 0 });
    expect(listening.connections).toBe(1);
    const bytes = Buffer.concat(received);
    // A handshake record (RFC 8446 §5.1) as long as it says, and a ClientHello in it.
    expect([bytes[0], bytes[5], bytes.readUInt16BE(3)]).toEqual([0x16, 1, bytes.length - 5]);
  });

  it('does not say that what hangs up on a usual port speaks TLS', async () => {
    const server = createServer((socket) => socket.on('data', () => socket.end()));
    await using _listening = await listen(server, '127.25.0.9', 9443);
    const { finds } = await search({ places: ['127.25.0.9'], ports: [9443] });
    expect(finds).toMatchObject([
      { state: 'needs-name', note: expect.stringMatching(/^It hangs up .* If it speaks TLS,/) },
    ]);
  });

  it('speaks the port’s own STARTTLS and nothing before the greeting', async () => {
    const received: string[] = [];
    const server = createServer((socket) => {
      socket.on('data', (chunk: Buffer) => received.push(chunk.toString('latin1')));
      socket.write('220 mail.example ESMTP\r\n');
      socket.on('data', () => socket.write('502 no\r\n'));
    });
    await using listening = await listen(server, '127.25.0.5');
    const starttls = 'smtp' as const;
    const hosts = [{ host: '127.25.0.5', port: listening.port, address: null, starttls }];
    const { finds, progress } = await search({ hosts });
    expect({ finds, open: progress.open, connections: listening.connections }).toEqual({
      finds: [],
      open: 1,
      connections: 1,
    });
    expect(received[0]).toMatch(/^EHLO /);
  });

  it('gives a tarpit up after its time, and a silent host after three ports', async () => {
    await using tarpit = await listen(createServer(), '127.25.0.6');
    const ports = await Promise.all(Array.from({ length: 6 }, () => freePort()));
    await using _silent = await silentHost('127.25.0.7', ports);
    const { progress } = await search({ places: ['127.25.0.7'], ports }, { seed: 1 });
    expect(progress).toMatchObject({ tried: 6, connections: 3, silentHosts: 1, open: 0 });
    const held = await search({ places: ['127.25.0.6'], ports: [tarpit.port] });
    expect(held.progress).toMatchObject({ open: 1, tls: 0, found: 0 });
  });

  it.each(['named with the host', 'of an earlier find', '443'])(
    'tries a port on a host that is silent on all others: %s',
    async (which) => {
      const server = byName(ca.issue({ name: 'alone.example' }), {});
      await using listening = await listen(server, '127.25.0.10');
      const port = which === '443' ? 443 : listening.port;
      const silent = await Promise.all(Array.from({ length: 4 }, () => freePort()));
      await using _silent = await silentHost('127.25.0.10', silent);
      const ports = which === 'named with the host' ? silent : [...silent, port];
      const places = ['127.25.0.10', ...(which === 'named with the host' ? [`127.25.0.10:${port}`] : [])];
      const more = ports === silent ? [{ address: '127.25.0.10', port, starttls: null }] : [];
      // The order in which the port comes last.
      const isLast = (order: number) =>
        new ShuffledPairs(['127.25.0.10'], ports, more, order).at(4).port === port;
      const seed = Array.from({ length: 200 }, (_, index) => index).find(isLast) ?? Number.NaN;
      const isExpected = (one: { port: number }) => which === 'of an earlier find' && one.port === port;
      const { progress } = await search({ places, ports }, { seed, isExpected });
      // Three that are silent, and that one: the fourth silent one is left.
      expect(progress).toMatchObject({ tried: 5, silentHosts: 1, open: which === '443' ? 0 : 1 });
      // It is asked under its name, too.
      expect(progress.connections).toBe(which === '443' ? 4 : 5);
    },
  );

  it('says which pairs this machine could not try', async () => {
    const untried: string[] = [];
    // Linux has no route to a broadcast address for TCP (tcp_v4_connect in net/ipv4/tcp_ipv4.c).
    const { progress } = await search(
      { places: ['127.255.255.255:9443', '127.25.0.8:9'] },
      { onUntried: ({ address }) => untried.push(address) },
    );
    expect({ untried, open: progress.open }).toEqual({ untried: ['127.255.255.255'], open: 0 });
  });

  it('does not take a host for silent that refuses', async () => {
    const ports = await Promise.all(Array.from({ length: 6 }, () => freePort()));
    const { progress } = await search({ places: ['127.25.0.8'], ports });
    expect(progress).toMatchObject({ tried: 6, connections: 6, silentHosts: 0, open: 0 });
  });

  it('opens one connection to a host at a time, and no more at once than it may', async () => {
    let [open, most] = [0, 0];
    const servers = await Promise.all(
      Array.from({ length: 8 }, (_, index) => {
        const server = createServer((socket) => {
          open += 1;
          most = Math.max(most, open);
          socket.once('data', () => {
            open -= 1; // Before the answer: the next connection is not opened until it has come.
            socket.end('no\n');
          });
        });
        return listen(server, `127.25.1.${index + 1}`, 0);
      }),
    );
    const places = servers.map(({ port }, index) => `127.25.1.${index + 1}:${port}`);
    await search({ places, limits: { ...fast, atOnce: 2 } });
    expect(most).toBeLessThanOrEqual(2);
    expect(servers.map(({ connections }) => connections)).toEqual(servers.map(() => 1));
    for (const server of servers) await server.close();
  });

  it('closes every connection when it is stopped, without waiting for a host', async () => {
    const stop = new AbortController();
    const server = createServer();
    await using listening = await listen(server, '127.25.0.6');
    const slow = { ...fast, readSeconds: 30 };
    const running = search(
      { places: ['127.25.0.6'], ports: [listening.port], limits: slow },
      { signal: stop.signal },
    );
    const [socket] = await once(server, 'connection');
    const closed = once(socket, 'close');
    socket.resume();
    stop.abort(new Error('stopped'));
    await expect(running).rejects.toThrow('stopped');
    await closed;
  });

  it('goes on where an earlier run ended, and tries nothing twice but what was open then', async () => {
    const servers = await Promise.all(
      Array.from({ length: 30 }, (_, index) =>
        listen(
          createServer((socket) => socket.end('no\n')),
          `127.25.2.${index + 1}`,
        ),
      ),
    );
    const places = servers.map(({ port }, index) => `127.25.2.${index + 1}:${port}`);
    const stop = new AbortController();
    let done = 0;
    const onProgress = (_: unknown, until: number) => {
      done = until;
      if (until >= 10) stop.abort(new Error('stopped'));
    };
    const limits = { ...fast, atOnce: 1 };
    await expect(search({ places, limits }, { signal: stop.signal, onProgress })).rejects.toThrow('stopped');
    expect(done).toBe(10);
    const { progress } = await search({ places, limits }, { from: done });
    expect(progress).toMatchObject({ planned: 30, tried: 30, connections: 20 });
    expect(servers.map(({ connections }) => connections)).toEqual(servers.map(() => 1));
    for (const server of servers) await server.close();
  });

  it('goes on after a certificate on which its own reading fails', async () => {
    await using one = await listen(byName(ca.issue({ name: 'one.example' }), {}), '127.25.0.1');
    await using other = await listen(byName(ca.issue({ name: 'other.example' }), {}), '127.25.0.9');
    const failing = new LeafReader({
      verify: () => Promise.reject(new TypeError('no such thing\u001b[2J')),
    });
    const places = [`127.25.0.1:${one.port}`, `127.25.0.9:${other.port}`];
    const { finds, progress } = await search({ places }, { leaves: failing });
    expect(progress).toMatchObject({ tried: 2, tls: 2 });
    const note = 'It could not be read because of an error in NotAfter: TypeError: no such thing\\u{1b}[2J.';
    expect(finds.map((find) => find.note)).toEqual([note, note]);
  });

  it('takes the spellings of an address for one host: one connection at a time, and none if excluded', async () => {
    let [open, most] = [0, 0];
    const serve = () =>
      listen(
        createServer((socket) => {
          open += 1;
          most = Math.max(most, open);
          socket.once('data', () => {
            open -= 1;
            socket.end('no\n');
          });
        }),
        '127.25.0.5',
      );
    await using one = await serve();
    await using other = await serve();
    const places = [`[::ffff:127.25.0.5]:${one.port}`, `127.25.0.5:${other.port}`];
    const { progress } = await search({ places });
    expect({ most, connections: progress.connections }).toEqual({ most: 1, connections: 2 });
    const exclude = [`[::FFFF:7f19:5]:${one.port}`];
    await search({ places: ['127.25.0.5'], ports: [one.port, other.port], exclude });
    expect([one.connections, other.connections]).toEqual([1, 2]);
  });

  it('never connects to an excluded pair', async () => {
    await using one = await listen(
      createServer((socket) => socket.end('no\n')),
      '127.25.0.5',
    );
    await using other = await listen(
      createServer((socket) => socket.end('no\n')),
      '127.25.0.5',
    );
    const exclude = [`127.25.0.5:${one.port}`];
    const ports = [one.port, other.port];
    const { progress } = await search({ places: ['127.25.0.5'], ports, exclude });
    expect([one.connections, other.connections]).toEqual([0, 1]);
    // The plan counted one, too.
    expect(progress).toMatchObject({ planned: 1, tried: 1, connections: 1 });
    const again = await search({ places: ['127.25.0.5'], ports, exclude }, { from: 2 });
    expect(again.progress).toMatchObject({ planned: 1, tried: 1, connections: 0 });
  });
});
