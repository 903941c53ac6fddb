import { existsSync, statSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { describe, expect, it } from 'vitest';
import { forwardedAddress } from '../../../electron/api/http/request-target.ts';
import { runNotafter, Service } from '../../support/service.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

/** What a Unix socket answers to a request with these headers. */
function ask(socketPath: string, path: string, headers: Record<string, string>): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  request({ socketPath, path, headers }, (response) => {
    response.resume();
    resolve(response.statusCode ?? 0);
  })
    .on('error', reject)
    .end();
  return promise;
}

describe('the address of a client behind a proxy', () => {
  it.each([
    ['192.0.2.7', '192.0.2.7'],
    ['203.0.113.9, 192.0.2.7', '192.0.2.7'],
    ['2001:db8::7', '2001:db8::7'],
    ['<script>', ''],
    [undefined, ''],
  ])('is the last that the proxy added: %s', (header, address) => {
    const headers = header === undefined ? {} : { 'x-forwarded-for': header };
    expect(forwardedAddress({ headers })).toBe(address);
  });
});

describe.skipIf(process.platform === 'win32')('serve --socket', () => {
  it('answers the host and the origin of its public address, and no others', async () => {
    using folder = temporaryFolder();
    const socket = folder.file('notafter.sock');
    const address = ['--public-url', 'https://watch.example:8443'];
    await using service = await Service.start(folder.file('data'), '--socket', socket, ...address);
    expect(statSync(socket).mode & 0o777).toBe(0o660);
    const host = 'watch.example:8443';
    const bearer = { authorization: `Bearer ${service.ready.token}` };
    expect(await ask(socket, '/api/v1/jobs', { host, ...bearer })).toBe(200);
    expect(await ask(socket, '/api/v1/jobs', { host })).toBe(401);
    expect(await ask(socket, '/healthz', { host: 'localhost' })).toBe(200);
    for (const other of ['watch.example', 'evil.example', '127.0.0.1', 'watch.example:443'])
      expect([other, await ask(socket, '/healthz', { host: other })]).toEqual([other, 421]);
    expect(await ask(socket, '/healthz', { host, origin: 'https://watch.example:8443' })).toBe(200);
    for (const origin of ['http://watch.example:8443', 'https://evil.example', 'http://localhost'])
      expect([origin, await ask(socket, '/healthz', { host, origin })]).toEqual([origin, 403]);
    expect(await service.end('SIGTERM')).toBe(0);
    expect(existsSync(socket)).toBe(false);
  });

  it('takes the place of a socket that a killed service left, of no other, and of no file', async () => {
    using folder = temporaryFolder();
    const socket = folder.file('notafter.sock');
    {
      await using killed = await Service.start(folder.file('one'), '--socket', socket);
      await killed.end('SIGKILL');
    }
    expect(existsSync(socket)).toBe(true);
    await using _ = await Service.start(folder.file('one'), '--socket', socket);
    const serve = (...args: string[]) =>
      runNotafter('serve', '--port', '0', '--data', folder.file('two'), ...args);
    expect(await serve('--socket', socket)).toMatchObject({
      status: 64,
      stderr: expect.stringContaining('already listens'),
    });
    writeFileSync(folder.file('file'), '');
    expect(await serve('--socket', folder.file('file'))).toMatchObject({
      status: 64,
      stderr: expect.stringContaining('is not a socket'),
    });
    expect(await serve('--socket', folder.file('none/here'))).toMatchObject({
      status: 64,
      stderr: expect.stringContaining('folder must exist'),
    });
    expect(await serve('--public-url', 'https://a.example')).toMatchObject({
      status: 64,
      stderr: expect.stringContaining('--socket'),
    });
    for (const url of [
      'watch.example',
      'ftp://a.example',
      'https://a.example/sub',
      'https://u:p@a.example',
      'https://a.example/?x',
    ])
      expect((await serve('--socket', folder.file('s'), '--public-url', url)).status).toBe(64);
  });
});
