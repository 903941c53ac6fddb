import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, it } from 'vitest';
import { receiveChannels } from '../support/channel-receiver.ts';
import { ocspResponse } from '../support/ocsp.ts';
import { makeCa } from '../support/pki.ts';
import { serveHttpProxy } from '../support/proxies.ts';
import type { Ready } from '../support/service.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { listen, serveTls } from '../support/tls-server.ts';

const program = join(import.meta.dirname, '../../dist/app/notafter.js');
const recorder = join(import.meta.dirname, '../support/record-connections.ts');
const page = readFileSync(join(import.meta.dirname, '../../docs/privacy.md'), 'utf8');

/** The first cells of the table of connections. */
const documented = [
  ...(page.split('## Connections')[1]?.split('##')[0] ?? '').matchAll(/^\| ([a-z][\w ]+?) \|/gm),
]
  .map(([, cell = '']) => cell)
  .filter((cell) => cell !== 'to');

/** Runs the program, each of whose connections is written to a file. */
function recorded(file: string, ...args: string[]) {
  writeFileSync(file, '', { flag: 'a' });
  const child = spawn(process.execPath, ['--import', recorder, program, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, RECORD_CONNECTIONS: file },
  });
  return Object.assign(child, { [Symbol.dispose]: () => void child.kill('SIGKILL') });
}

/** What was recorded, without the look-up of an address that is one already: it asks no one. */
const linesOf = (file: string) =>
  readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !/^name [\d.]*$/.test(line));

it('a run with everything turned on connects to what docs/privacy.md lists, and to nothing else', async () => {
  using folder = temporaryFolder();
  const ca = makeCa('Privacy Root');
  let answer: Buffer = Buffer.alloc(0);
  await using responder = await listen(createServer((_request, response) => void response.end(answer)));
  const leaf = ca.issue({ sans: ['localhost'], ocspUrl: `http://127.0.0.1:${responder.port}/ocsp` });
  answer = ocspResponse(leaf, ca, { status: 'good' });
  await using watched = await serveTls(leaf, [ca]);
  await using hidden = await serveTls(ca.issue({ sans: ['hidden.test'] }), [ca]);
  await using searched = await serveTls(leaf, [ca]);
  await using proxy = await serveHttpProxy();
  await using channel = await receiveChannels();
  await using heartbeat = await receiveChannels();
  const portOf = (address: string) => Number(new URL(address).port);
  const kinds = new Map([
    [watched.port, 'watched hosts'],
    [proxy.port, 'proxy'],
    [responder.port, 'certificate authorities'],
    [portOf(channel.url), 'channels'],
    [portOf(heartbeat.url), 'heartbeats'],
    [searched.port, 'searched addresses'],
  ]);
  writeFileSync(folder.file('ca.pem'), ca.pem);
  const record = folder.file('connections');
  const data = folder.file('data');
  using service = recorded(
    record,
    'serve',
    '--port',
    '0',
    '--json',
    '--data',
    data,
    '--ca',
    folder.file('ca.pem'),
  );
  const [line] = (await once(createInterface({ input: service.stdout }), 'line')) as [string];
  const { url, token } = JSON.parse(line) as Ready;
  const call = async (method: string, path: string, body: object) => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const response = await fetch(new URL(`api/v1${path}`, url), {
      method,
      headers,
      body: JSON.stringify(body),
    });
    expect([path, response.ok]).toEqual([path, true]);
    return (await response.json()) as { id: string };
  };
  // Without hosts and channels it connects to nothing.
  expect(linesOf(record)).toEqual([]);
  await call('PATCH', '/settings', {
    fetchRevocation: true,
    channels: [{ type: 'webhook', name: 'ops', url: `${channel.url}/alerts` }],
    heartbeats: [{ name: 'alive', url: `${heartbeat.url}/alive` }],
  });
  const add = (target: object, connection: object) => call('POST', '/jobs', { target, connection });
  const jobs = await Promise.all([
    add({ host: 'localhost', port: watched.port }, {}),
    add({ host: 'hidden.test', port: hidden.port }, { proxy: `http://127.0.0.1:${proxy.port}` }),
  ]);
  for (const { id } of jobs) await call('POST', `/jobs/${id}/check`, {});
  await call('POST', '/channels/ops/test', {});
  await expect.poll(() => heartbeat.received.length).toBeGreaterThan(0);
  using search = recorded(record, 'discover', '127.0.0.1', '--ports', String(searched.port));
  search.stdout.resume();
  await once(search, 'close');
  const ended = once(service, 'close');
  service.kill('SIGTERM');
  await ended;

  const names = linesOf(record).filter((one) => one.startsWith('name '));
  const others = linesOf(record).filter((one) => !one.startsWith('name '));
  const seen = others.map((one) => {
    const port = Number(/^tcp (?:127\.0\.0\.1|::1|localhost):(\d+)$/.exec(one)?.[1]);
    return kinds.get(port) ?? one;
  });
  // A name behind a proxy is the proxy's to look up.
  expect(new Set(names)).toEqual(new Set(['name localhost']));
  expect(new Set([...seen, 'name server', 'update server'])).toEqual(new Set(documented));
}, 60_000);
