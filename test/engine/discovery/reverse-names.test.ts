import { createSocket } from 'node:dgram';
import dns from 'node:dns';
import { once } from 'node:events';
import tls from 'node:tls';
import { afterEach, describe, expect, it } from 'vitest';
import { reverseLookup } from '../../../electron/engine/discovery/reverse-names.ts';
import { makeCa } from '../../support/pki.ts';
import { fastSearch, searchesNow, searching } from '../../support/saved-searches.ts';
import { listen } from '../../support/tls-server.ts';

const label = (text: string) => Buffer.concat([Buffer.from([text.length]), Buffer.from(text, 'latin1')]);
const wire = (name: string) => Buffer.concat([...name.split('.').map(label), Buffer.from([0])]);

/** A name server that answers PTR (RFC 1035 §4.1) and takes down what it was asked. */
async function nameServer(names: Readonly<Record<string, readonly string[]>>) {
  const asked: string[] = [];
  const socket = createSocket('udp4');
  socket.on('message', (query, { port, address }) => {
    const labels: string[] = [];
    let at = 12;
    for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
      labels.push(query.toString('latin1', at + 1, at + 1 + length));
      at += 1 + length;
    }
    asked.push(labels.join('.'));
    const given = names[labels.join('.')] ?? [];
    const head = Buffer.from(query.subarray(0, at + 5));
    head.writeUInt16BE(given.length > 0 ? 0x8180 : 0x8183, 2);
    head.writeUInt16BE(given.length, 6);
    head.writeUInt32BE(0, 8);
    const answers = given.map((name) => {
      const data = wire(name);
      const fixed = Buffer.from([0xc0, 12, 0, 12, 0, 1, 0, 0, 0, 60, 0, data.length]);
      return Buffer.concat([fixed, data]);
    });
    socket.send(Buffer.concat([head, ...answers]), port, address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  dns.setServers([`127.0.0.1:${socket.address().port}`]);
  return { asked, [Symbol.dispose]: () => void socket.close() };
}

const before = dns.getServers();
afterEach(() => dns.setServers(before));
const signal = new AbortController().signal;

describe('the names that DNS has for an address', () => {
  it('are host names in lower case, and none where there is none', async () => {
    using server = await nameServer({
      '7.0.26.127.in-addr.arpa': ['Wiki.Example.test', 'bad name.test', '127.0.0.1', 'xn--bcher-kva.test'],
    });
    const reverse = reverseLookup();
    expect(await reverse('127.26.0.7', signal)).toEqual(['wiki.example.test', 'xn--bcher-kva.test']);
    expect(await reverse('127.26.0.8', signal)).toEqual([]);
    expect(server.asked).toContain('8.0.26.127.in-addr.arpa');
    await expect(reverse('127.26.0.7', AbortSignal.abort(new Error('stopped')))).rejects.toThrow('stopped');
  });

  it('are asked for at addresses with an open port, once each, and only if the search wants that', async () => {
    const ca = makeCa('Reverse Root', { now: searchesNow });
    const hidden = ca.issue({ name: 'hidden.example.test', now: searchesNow });
    const context = tls.createSecureContext({ cert: hidden.pem, key: hidden.key });
    const serve = async () => {
      const strict = tls.createServer({
        SNICallback: (name, done) => done(null, name === 'hidden.example.test' ? context : undefined),
      });
      strict.on('tlsClientError', () => undefined); // The search hangs up once it has seen enough.
      return listen(strict, '127.26.8.1');
    };
    await using one = await serve();
    await using other = await serve();
    using server = await nameServer({ '1.8.26.127.in-addr.arpa': ['hidden.example.test'] });
    await using on = searching();
    const search = { targets: ['127.26.8.1-2'], ports: `${one.port},${other.port}` };
    const quiet = await on.add({ name: 'quiet', ...search });
    await on.run(quiet.id);
    expect([server.asked, on.finds(quiet.id).map(({ state }) => state)]).toEqual([
      [],
      ['needs-name', 'needs-name'],
    ]);
    const limits = { ...fastSearch, namesPerEndpoint: 0 };
    const none = await on.add({ name: 'no learned names', ...search, reverseDns: true, limits });
    await on.run(none.id);
    expect(server.asked).toEqual([]); // What is never requested is not looked up.
    const asking = await on.add({ name: 'asking', ...search, reverseDns: true });
    await on.run(asking.id);
    expect(on.finds(asking.id).map(({ names }) => names)).toEqual([
      ['hidden.example.test'],
      ['hidden.example.test'],
    ]);
    expect(server.asked).toEqual(['1.8.26.127.in-addr.arpa']);
  });
});
