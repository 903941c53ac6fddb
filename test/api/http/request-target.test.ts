import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { readRequestTarget } from '../../../electron/api/http/request-target.ts';
import { serveApi } from '../../support/api.ts';

describe('readRequestTarget', () => {
  it.each([
    ['/api/v1/jobs?search=a%20b', '/api/v1/jobs', null],
    ['/', '/', null],
    ['/a/../healthz', '/healthz', null],
    ['http://127.0.0.1:7443/healthz', '/healthz', '127.0.0.1:7443'],
    ['https://evil.example/healthz', '/healthz', 'evil.example'],
  ])('reads %s', (target, pathname, host) => {
    expect(readRequestTarget(target)).toMatchObject({ pathname, host });
  });

  it.each([
    undefined,
    '//',
    '//evil.example/healthz',
    '/%',
    '/api/v1/jobs/%zz',
    '/api/v1/jobs/%c3%28',
    '/jobs/%00',
    '/jobs?search=%00',
    '/back\\slash',
    '\\\\evil.example',
    'file:///etc/passwd',
    'javascript:alert(1)',
    'http://',
    '/ü',
  ])('refuses %j', (target) => {
    expect(readRequestTarget(target)).toBeNull();
  });
});

describe('a malformed request (security finding 9)', () => {
  it.each([
    'GET // HTTP/1.1',
    'GET //evil.example/ HTTP/1.1',
    'GET /% HTTP/1.1',
    'GET /docs/%zz HTTP/1.1',
    'GET /api/v1/jobs/%00 HTTP/1.1',
    'GET /healthz?%00 HTTP/1.1',
    'GET file:///etc/passwd HTTP/1.1',
    'GET /\\evil HTTP/1.1',
    'GET /\u0000 HTTP/1.1',
    'GET healthz HTTP/9.9',
    'BREW / HTTP/1.1',
    'nonsense',
  ])('%j is answered 400, and nothing is logged', async (line) => {
    await using api = await serveApi();
    const { port } = api.server;
    const socket = connect(port, '127.0.0.1');
    socket.end(`${line}\r\nHost: 127.0.0.1:${port}\r\nConnection: close\r\n\r\n`);
    expect(await text(socket)).toMatch(/^HTTP\/1\.1 400 /);
    expect(api.test.log.lines.filter((logged) => /^(warn|error)/.test(logged))).toEqual([]);
  });

  it('names a foreign service by a whole URL', async () => {
    await using api = await serveApi();
    const { port } = api.server;
    const socket = connect(port, '127.0.0.1');
    socket.end(
      `GET http://evil.example/healthz HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: close\r\n\r\n`,
    );
    expect(await text(socket)).toMatch(/^HTTP\/1\.1 421 /);
  });
});
