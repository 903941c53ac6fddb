import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, it } from 'vitest';
import { makeCa } from '../support/pki.ts';
import type { Ready } from '../support/service.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { serveTls } from '../support/tls-server.ts';

const program = join(import.meta.dirname, '../../dist/app/notafter.js');
const counter = join(import.meta.dirname, '../support/count-timers.ts');

/** A service that can be asked for its timers. */
async function serveCounted(...args: string[]) {
  const child = spawn(
    process.execPath,
    ['--import', counter, program, 'serve', '--port', '0', '--json', ...args],
    { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] },
  );
  const [line] = (await once(createInterface({ input: child.stdout as NodeJS.ReadableStream }), 'line')) as [
    string,
  ];
  const ready = JSON.parse(line) as Ready;
  return {
    ready,
    async timers(): Promise<{ short: string[]; waits: number[] }> {
      child.send('timers');
      const [answer] = (await once(child, 'message')) as [{ short: string[]; waits: number[] }];
      return answer;
    },
    async [Symbol.asyncDispose]() {
      const closed = once(child, 'close');
      child.kill('SIGTERM');
      await closed;
    },
  };
}

describe('a service at rest', () => {
  it('has no timer of less than a second, also after it was asked for its metrics and has checked a host', async () => {
    using folder = temporaryFolder();
    const ca = makeCa();
    const leaf = ca.issue({ sans: ['localhost'] });
    await using server = await serveTls(leaf, [ca]);
    writeFileSync(folder.file('ca.pem'), ca.pem);
    writeFileSync(folder.file('cert.pem'), leaf.pem);
    writeFileSync(folder.file('key.pem'), leaf.key);
    await using service = await serveCounted(
      ...['--data', folder.file('data'), '--ca', folder.file('ca.pem'), '--listen', '127.0.0.1:0'],
      ...['--tls-cert', folder.file('cert.pem'), '--tls-key', folder.file('key.pem')],
    );
    const { url, listenUrl, token } = service.ready;
    expect(Number(new URL(listenUrl ?? '').port)).toBeGreaterThan(0); // The port that it got for `:0`.
    const headers = {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      connection: 'close',
    };
    const call = (path: string, body?: object) =>
      fetch(new URL(path, url), {
        headers,
        ...(body ? { method: 'POST', body: JSON.stringify(body) } : {}),
      }).then((response) => response.text());
    await call('api/v1/jobs', { target: { host: 'localhost', port: server.port } });
    expect(await call('metrics')).toMatch(/^nodejs_eventloop_utilization_ratio [\d.e-]+$/m);
    await expect.poll(async () => call('api/v1/jobs')).toContain('"status":"ok"');
    await expect.poll(async () => (await service.timers()).short).toEqual([]);
    // What is left once the start is over: the scheduler's look at the clock, and the service's other rare looks.
    await expect
      .poll(async () => (await service.timers()).waits.filter((ms) => ms < 10_000), { timeout: 15_000 })
      .toEqual([]);
  });
});
