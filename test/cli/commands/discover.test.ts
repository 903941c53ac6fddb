import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import tls from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { readImport } from '../../../electron/engine/import/read-import.ts';
import { nameFormats } from '../../../shared/domain/discovery/name-formats.ts';
import { discoveryPlanSchema, foundSchema } from '../../../shared/schema/discovery.ts';
import { targetSchema } from '../../../shared/schema/target.ts';
import { type Issued, makeCa } from '../../support/pki.ts';
import { runNotafter, Service } from '../../support/service.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { listen, type TestServer } from '../../support/tls-server.ts';

const folder = temporaryFolder();
const ca = makeCa();
const usual = ca.issue({ name: 'default.invalid' });
const others: Record<string, Issued> = {
  'a.example.test': ca.issue({ name: 'a.example.test', sans: ['a.example.test', 'www.a.example.test'] }),
  'b.example.test': ca.issue({ name: 'b.example.test' }),
};
others['www.a.example.test'] = others['a.example.test'] as Issued;

const contextOf = ({ pem, key }: Issued) => tls.createSecureContext({ cert: pem, key });
const servers: TestServer[] = [];
let port = '';
let strictPort = '';

beforeAll(async () => {
  const open = tls.createServer({
    cert: usual.pem,
    key: usual.key,
    SNICallback: (name, done) => done(null, contextOf(others[name] ?? usual)),
  });
  const strict = tls.createServer({
    SNICallback: (name, done) => {
      const leaf = others[name];
      done(null, leaf && contextOf(leaf));
    },
  });
  for (const server of [open, strict]) server.on('tlsClientError', () => undefined); // What looks hangs up early.
  servers.push(await listen(open, '127.25.3.21'), await listen(strict, '127.25.3.22'));
  [port = '', strictPort = ''] = servers.map((server) => String(server.port));
});
afterAll(async () => {
  for (const server of servers) await server.close();
  folder[Symbol.dispose]();
});

const result = z.object({
  finds: z.array(foundSchema),
  tried: z.int(),
  connections: z.int(),
  skipped: z.array(z.string()),
});
const discover = (...args: string[]) => runNotafter('discover', ...args);
const finds = async (...args: string[]) => {
  const { status, stdout, stderr } = await discover(...args, '--format', 'json');
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return result.parse(JSON.parse(stdout)).finds;
};

describe('notafter discover', () => {
  it('counts before it starts, and sends nothing for that', async () => {
    const before = servers.map(({ connections }) => connections);
    const { status, stdout } = await discover(
      '127.25.3.16/29',
      '--ports',
      port,
      '--dry-run',
      '--format',
      'json',
    );
    const plan = discoveryPlanSchema.parse(JSON.parse(stdout));
    expect({ status, plan }).toMatchObject({ status: 0, plan: { addresses: 8, connections: 8, sent: 0 } });
    expect(servers.map(({ connections }) => connections)).toEqual(before);
    const words = await discover('127.25.3.16/29', '--ports', '443,8443', '--dry-run');
    expect(words.stdout).toContain('8 addresses, 0 hosts, 2 ports: 16 connections, about 1 second.');
  });

  it('names every format of files in its help', async () => {
    const { stdout } = await discover('--help');
    const text = stdout.replace(/\s+/g, ' ');
    expect(text).toContain(['auto', 'hosts', ...nameFormats].join(', '));
  });

  it('finds the certificate that is shown without a name', async () => {
    const found = await finds('127.25.3.21', '--ports', port);
    expect(found.map(({ leaf }) => leaf?.subject)).toEqual(['CN=default.invalid']);
  });

  it('connects to an IPv6 address in brackets with a port, and leaves it out', async () => {
    const server = tls.createServer({ cert: usual.pem, key: usual.key });
    server.on('tlsClientError', () => undefined);
    await using six = await listen(server, '::1');
    const [found] = await finds(`[::1]:${six.port}`);
    expect(found).toMatchObject({ address: '::1', port: six.port, leaf: { subject: 'CN=default.invalid' } });
    writeFileSync(folder.file('hosts.txt'), `[::1]:${six.port}\n[0:0::0001]:${six.port} # again\n`);
    const listed = await finds('--from', `hosts:${folder.file('hosts.txt')}`);
    expect(listed.map(({ address, port: at }) => [address, at])).toEqual([['::1', six.port]]);
    const before = six.connections;
    const left = await discover(`[0:0::1]:${six.port}`, '--exclude', `[::1]:${six.port}`);
    expect({ status: left.status, connections: six.connections }).toEqual({
      status: 64,
      connections: before,
    });
  });

  it('finds those of the names that it is given, and counts no name that shows the default again', async () => {
    const names = 'a.example.test,b.example.test,zzz.invalid';
    const found = await finds('127.25.3.21', '--ports', port, '--names', names);
    expect(found).toHaveLength(3);
    expect(found.flatMap((find) => find.names)).not.toContain('zzz.invalid');
    writeFileSync(folder.file('names'), 'a.example.test # ours\n\nb.example.test\n');
    expect(await finds('127.25.3.21', '--ports', port, '--names', folder.file('names'))).toHaveLength(3);
  });

  it('says that a server needs a name, and finds its certificate by one', async () => {
    expect((await finds('127.25.3.22', '--ports', strictPort))[0]?.state).toBe('needs-name');
    const [find] = await finds('127.25.3.22', '--ports', strictPort, '--names', 'b.example.test');
    expect(find?.suggested).toEqual({
      host: '127.25.3.22',
      port: Number(strictPort),
      servername: 'b.example.test',
      starttls: null,
    });
  });

  it('refuses public addresses without the word of a person', async () => {
    const refused = await discover('192.0.2.0/24', '--dry-run');
    expect(refused).toMatchObject({ status: 64, stdout: '' });
    expect(refused.stderr).toContain('--i-may-scan-this');
    expect(await discover('192.0.2.0/24', '--dry-run', '--i-may-scan-this')).toMatchObject({ status: 0 });
    const fast = await discover('192.0.2.0/24', '--dry-run', '--i-may-scan-this', '--rate', '50');
    expect(fast.status).toBe(64);
  });

  it.each([
    ['etc-hosts', '8.8.8.8 10.0.0.1\n'],
    ['nginx', 'server { listen 8.8.8.8:443 ssl; server_name a.example; }\n'],
    ['hosts', '8.8.8.8:443\n'],
  ])('refuses public addresses that a file of %s gives', async (format, text) => {
    writeFileSync(folder.file('public'), text);
    const args = ['--from', `${format}:${folder.file('public')}`, '--dry-run'];
    const { status, stdout, stderr } = await discover(...args);
    expect({ status, stdout }).toEqual({ status: 64, stdout: '' });
    expect(stderr).toContain('1 address is public');
    expect(await discover(...args, '--i-may-scan-this')).toMatchObject({ status: 0 });
  });

  it('never connects to printers', async () => {
    await using printer = await listen(createServer(), '127.25.3.30', 9100);
    expect(await discover('127.25.3.30', '--ports', '9100')).toMatchObject({ status: 64 });
    expect(await discover('127.25.3.30:9100')).toMatchObject({ status: 64 });
    const { status, stderr } = await discover('127.25.3.30', '--ports', '9095-9105', '--rate', '200');
    expect({ status, connections: printer.connections }).toEqual({ status: 0, connections: 0 });
    expect(stderr).toContain('9100, 9101');
  });

  it.each([
    [[], 'Enter addresses'],
    [['10.0.0.0/33'], 'A prefix of an IPv4 network is 0 to 32.'],
    [['10.0.0.1', '--ports', '443-'], '--ports: “443-” is not a port'],
    [['10.0.0.1', '--exclude', '10.0.0.1'], 'Nothing to connect to: everything is excluded.'],
    [['10.0.0.1', '--names', 'no name'], '--names: “no name” is not a host name.'],
    [['--from', 'nothing:x'], '--from: the format is one of'],
    [['--from', 'hosts:/nowhere'], '/nowhere does not exist.'],
  ])('refuses %j before anything is sent', async (args, sentence) => {
    const { status, stderr } = await discover(...args);
    expect({ status, stderr }).toEqual({ status: 64, stderr: expect.stringContaining(sentence) });
  });

  it.each([
    ['notafter', 2],
    ['csv', 2],
    ['hosts', 1],
  ])('prints what check and jobs import read: %s', async (format, targets) => {
    const args = ['127.25.3.21', '--ports', port, '--names', 'b.example.test', '--format', format];
    const { stdout } = await discover(...args);
    const { items } = z.object({ items: z.array(z.looseObject({})) }).parse(readImport(stdout));
    const written = items.map(
      (item) => z.object({ job: z.looseObject({ target: targetSchema }) }).parse(item).job.target,
    );
    const host = { host: '127.25.3.21', port: Number(port), starttls: null };
    const named = { ...host, servername: 'b.example.test' };
    expect(written).toHaveLength(targets);
    expect(written[0]).toEqual(format === 'hosts' ? { ...host, servername: null } : named);
  });

  it('prints finds as they come, and what they are', async () => {
    const { stdout } = await discover('127.25.3.21', '--ports', port);
    expect(stdout).toMatch(
      /^127\.25\.3\.21:\d+ {2}default\.invalid\n {2}CN=default\.invalid, by Matrix Root, expires in 89 days/,
    );
    expect(stdout).toContain('1 find: 1 TLS service on 1 open port of 1 pair');
    const lines = await discover('127.25.3.21', '--ports', port, '--format', 'jsonl');
    expect(foundSchema.parse(JSON.parse(lines.stdout)).leaf?.subject).toBe('CN=default.invalid');
    const table = await discover('127.25.3.16/28', '--ports', port, '--format', 'table', '--rate', '200');
    expect(table.stdout).toMatch(/^STATE +FOUND AT .*\nnew +127\.25\.3\.21/);
  });

  it('reads hosts from files of names and lists of hosts', async () => {
    writeFileSync(folder.file('hosts-file'), '10.25.3.21 b.example.test\n10.25.3.22 a.example.test\n');
    const plan = await discover(
      '--from',
      `etc-hosts:${folder.file('hosts-file')}`,
      '--dry-run',
      '--format',
      'json',
    );
    expect(JSON.parse(plan.stdout)).toMatchObject({ addresses: 0, hosts: 2, sent: 0 });
    const lines = await discover(
      '--from',
      `etc-hosts:${folder.file('hosts-file')}`,
      '--dry-run',
      '--format',
      'hosts',
    );
    expect(lines.stdout).toBe('b.example.test\na.example.test\n');
    writeFileSync(folder.file('list'), `127.25.3.21:${port}\n`);
    expect(await finds('--from', `hosts:${folder.file('list')}`)).toHaveLength(1);
    writeFileSync(
      folder.file('list.csv'),
      `host,port,servername\n127.25.3.22,${strictPort},b.example.test\n`,
    );
    const [strict] = await finds('--from', `hosts:${folder.file('list.csv')}`);
    expect(strict?.leaf?.subject).toBe('CN=b.example.test');
  });

  it('adds a job for each find where that is asked for', async () => {
    await using service = await Service.start(folder.file('data'));
    const { stderr, status } = await discover(
      ...['127.25.3.21', '--ports', port, '--names', 'b.example.test', '--add', '--tag', 'found'],
      ...['--data', service.ready.dataDir],
    );
    expect({ status, stderr }).toEqual({ status: 0, stderr: 'notafter: added 2 jobs; 0 were there.\n' });
    const listed = await runNotafter('jobs', 'list', '--tag', 'found', '--data', service.ready.dataDir);
    expect(listed.stdout).toContain('127.25.3.21');
    const nowhere = await discover('127.25.3.21', '--ports', port, '--add', '--data', folder.file('none'));
    expect(nowhere.status).toBe(69);
  });

  it('prints what it has found by Ctrl+C, and exits 75', async () => {
    const tarpit = createServer();
    await using held = await listen(tarpit, '127.25.3.31');
    const program = join(import.meta.dirname, '../../../dist/app/notafter.js');
    const args = [program, 'discover', '127.25.3.21', '127.25.3.31', '--ports', `${port},${held.port}`];
    const child: ChildProcess = spawn(process.execPath, [...args, '--format', 'json'], { stdio: 'pipe' });
    const chunks: Buffer[] = [];
    child.stdout?.on('data', (chunk: Buffer) => chunks.push(chunk));
    // The tarpit holds its connection for eight seconds: the search cannot have ended by itself.
    await once(tarpit, 'connection');
    child.kill('SIGINT');
    const [status] = await once(child, 'close');
    expect(status).toBe(75);
    expect(result.safeParse(JSON.parse(Buffer.concat(chunks).toString())).success).toBe(true);
  });
});
