import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { openDataFolder } from '../../electron/engine/store/data-folder.ts';
import { isHeld } from '../../electron/engine/store/folder-lock.ts';
import { runNotafter, Service } from '../support/service.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const token = 'stolen-token-stolen-token-stolen-token-stolen';

/** Another program that listens where a crashed service did, and writes down what it is sent. */
async function squatter(answer: (path: string) => string | Promise<string>) {
  const heard: string[] = [];
  const server = createServer((request, response) => {
    heard.push(`${request.method} ${request.url} ${request.headers.authorization ?? ''}`);
    void Promise.resolve(answer(request.url ?? '')).then((body) => response.end(body));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { heard, port, [Symbol.dispose]: () => void server.close() };
}

function leaveEndpoint(folder: { file(name: string): string }, port: number, pid: number): void {
  writeFileSync(folder.file('token'), `${token}\n`, { mode: 0o600 });
  writeFileSync(folder.file('endpoint.json'), JSON.stringify({ url: `http://127.0.0.1:${port}/`, pid }));
}

describe('the token of a command (security finding 10b)', () => {
  it('is not sent where no NotAfter holds the data folder, whoever has the pid by now', async () => {
    using folder = temporaryFolder();
    using other = await squatter(() => 'ok');
    openDataFolder(folder.path)[Symbol.dispose]();
    leaveEndpoint(folder, other.port, process.pid);
    const { status, stderr } = await runNotafter('jobs', 'list', '--data', folder.path);
    expect(status).toBe(69);
    expect(stderr).toContain('NotAfter is not running with');
    expect(other.heard).toEqual([]);
  });

  it('is not sent to another program that listens where the endpoint file says', async () => {
    using folder = temporaryFolder();
    using other = await squatter(() => 'a proof that is none');
    using _ = openDataFolder(folder.path);
    leaveEndpoint(folder, other.port, process.pid);
    const { status, stderr } = await runNotafter('jobs', 'list', '--data', folder.path);
    expect(status).toBe(69);
    expect(stderr).toContain('is answered by something other than the NotAfter that uses');
    expect(other.heard).toEqual([expect.stringMatching(/^GET \/proof\?nonce=[\w-]+ $/)]);
  });

  it('is not sent to a program that relays the question to the service', async () => {
    using folder = temporaryFolder();
    await using service = await Service.start(folder.path);
    using other = await squatter(async (path) => (await fetch(new URL(path, service.ready.url))).text());
    writeFileSync(
      folder.file('endpoint.json'),
      JSON.stringify({ url: `http://127.0.0.1:${other.port}/`, pid: service.ready.pid }),
    );
    expect((await runNotafter('jobs', 'list', '--data', folder.path)).status).toBe(69);
    expect(other.heard).toHaveLength(1);
    expect(other.heard.join()).not.toContain(service.ready.token);
  });

  it('opens the service that holds the data folder', async () => {
    using folder = temporaryFolder();
    await using service = await Service.start(folder.path);
    expect(isHeld(folder.path)).toBe(true);
    expect((await runNotafter('jobs', 'list', '--data', folder.path)).status).toBe(0);
    await service.end('SIGKILL');
    expect(isHeld(folder.path)).toBe(false);
  });
});
