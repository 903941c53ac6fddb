import tls from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dnsRecord, startNameServer, transferring } from '../../support/name-server.ts';
import { makeCa } from '../../support/pki.ts';
import { runNotafter, Service } from '../../support/service.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { listen, type TestServer } from '../../support/tls-server.ts';

const zone = 'corp.example';
const leaf = makeCa().issue({ name: 'wiki.corp.example' });
let wiki: TestServer;
let names: Awaited<ReturnType<typeof startNameServer>>;

beforeAll(async () => {
  const server = tls.createServer({ cert: leaf.pem, key: leaf.key });
  server.on('tlsClientError', () => undefined); // What looks hangs up early.
  wiki = await listen(server, '127.28.2.1');
  const records = [
    dnsRecord('wiki.corp.example', 'A', '127.28.2.1'),
    dnsRecord(zone, 'MX', { preference: 1, exchange: '127-28-2-1.invalid' }),
  ];
  names = await startNameServer('127.28.2.53', [], transferring(zone, records));
});
afterAll(async () => {
  await wiki.close();
  await names[Symbol.asyncDispose]();
});
const discover = (...args: string[]) => runNotafter('discover', ...args);
const place = () => `${zone}@${names.place}`;

describe('notafter discover --dns', () => {
  it('plans without a question, and transfers the zone when it runs', async () => {
    const args = ['--dns', place(), '--dns-records', 'a', '--ports', `${wiki.port}`];
    const plan = await discover(...args, '--dry-run', '--format', 'json');
    expect(JSON.parse(plan.stdout)).toMatchObject({
      ...{ connections: 0, sent: 0, refused: [] },
      notes: [`The hosts of ${place()} are read from DNS when the search runs.`],
    });
    expect(names.asked).toEqual([]);
    const found = await discover(...args, '--format', 'json');
    expect([found.status, JSON.parse(found.stdout).finds]).toMatchObject([
      0,
      [{ address: '127.28.2.1', names: ['wiki.corp.example'], suggested: { host: 'wiki.corp.example' } }],
    ]);
    expect(names.asked).toEqual([{ name: zone, type: 'AXFR', over: 'tcp' }]);
  });

  it.each([
    [['--dns', 'corp..example'], '--dns: A domain is a name such as corp.example.'],
    [['--dns', 'corp.example@10.0.0.9:9100'], '--dns: Port 9100 is for printers'],
    [
      ['--dns', 'corp.example', '--dns-records', 'a,spf'],
      '--dns-records: records are a, mx, srv, tlsa, svcb.',
    ],
    [['10.0.0.1', '--dns-records', 'a'], '--dns-records needs --dns.'],
    [
      ['--dns', 'corp.example@127.28.2.53:1'],
      'the name server 127.28.2.53:1 cannot be reached over TCP (ECONNREFUSED).',
    ],
    [['--dns', 'corp.example@169.254.169.254'], 'The name server 169.254.169.254 is never connected to.'],
  ])('refuses %j', async (args, sentence) => {
    const { status, stderr } = await discover(...args);
    expect([status, stderr]).toEqual([64, expect.stringContaining(sentence)]);
  });

  it('is kept in a saved search, shown, and edited', async () => {
    using folder = temporaryFolder();
    await using service = await Service.start(folder.path);
    const run = (...args: string[]) => runNotafter('discoveries', ...args, '--data', service.ready.dataDir);
    const added = await run('add', 'zone', '--dns', place(), '--dns-records', 'a,a,mx', '--ports', '443');
    expect(added.stdout).toContain(`zone: ${place()}, ports 443.`);
    const shown = async () => JSON.parse((await run('show', 'zone', '--format', 'json')).stdout).dns;
    expect(await shown()).toEqual([{ domain: zone, records: ['a', 'mx'], transfer: names.place }]);
    expect((await run('list')).stdout).toContain(place());
    expect((await run('edit', 'zone', '--dns', 'other.example')).status).toBe(0);
    expect(await shown()).toMatchObject([{ domain: 'other.example', transfer: null }]);
    expect((await run('edit', 'zone', '--dns-records', 'a')).stderr).toContain('--dns-records needs --dns.');
  });
});
