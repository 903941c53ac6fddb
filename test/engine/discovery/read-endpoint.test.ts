import { createServer, Socket } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { readEndpoint } from '../../../electron/engine/discovery/read-endpoint.ts';
import { Deadline } from '../../../electron/engine/probe/deadline.ts';
import { listen } from '../../support/tls-server.ts';

afterEach(() => vi.restoreAllMocks());

describe('the time for a greeting', () => {
  it.each([
    ['is not extended for a server that says nothing', '', []],
    // Postscreen’s teaser (postscreen_greet_banner), and the greeting (RFC 5321 §4.2.1).
    ['is doubled once a greeting has begun', '220-mail.example ESMTP\r\n', [[2]]],
    ['begins again for the dialogue when the greeting is complete', '220 mail.example ESMTP\r\n', [[2], [1]]],
  ])('%s', async (_, words, restarts) => {
    const restart = vi.spyOn(Deadline.prototype, 'restart');
    const server = createServer((socket) => socket.write(words));
    await using listening = await listen(server, '127.25.0.14');
    const answer = await readEndpoint(
      { address: '127.25.0.14', port: listening.port, starttls: 'smtp' },
      null,
      {
        next: async () => undefined,
        limits: { connectSeconds: 1, readSeconds: 0.2 },
        signal: new AbortController().signal,
      },
    );
    expect(answer).toEqual({ kind: 'not-tls' });
    expect(restart.mock.calls).toEqual(restarts);
  });
});

describe('a host to which there is no way', () => {
  // Apple TN3179: macOS answers EHOSTUNREACH for all of the local network until a person has allowed it.
  it.each([
    ['darwin', '192.168.1.7', 'EHOSTUNREACH', 'no-route'],
    ['darwin', '100.64.0.7', 'EHOSTUNREACH', 'no-route'],
    ['darwin', '203.0.113.7', 'EHOSTUNREACH', 'no-answer'],
    ['linux', '192.168.1.7', 'EHOSTUNREACH', 'no-answer'],
    ['win32', '10.0.0.7', 'EHOSTUNREACH', 'no-answer'],
    ['linux', '192.168.1.7', 'ENETUNREACH', 'no-route'],
    // BSD and macOS say so while ARP finds nobody at the address (errno(2)).
    ['darwin', '192.168.1.7', 'EHOSTDOWN', 'no-route'],
    ['darwin', '203.0.113.7', 'EHOSTDOWN', 'no-answer'],
    ['freebsd', '10.0.0.7', 'EHOSTDOWN', 'no-answer'],
  ] as const)('on %s at %s is by %s: %s', async (platform, address, code, kind) => {
    vi.spyOn(Socket.prototype, 'connect').mockImplementation(function (this: Socket) {
      return this.destroy(Object.assign(new Error(`connect ${code}`), { code }));
    });
    const answer = await readEndpoint({ address, port: 443, starttls: null }, null, {
      next: async () => undefined,
      limits: { connectSeconds: 1, readSeconds: 1 },
      signal: new AbortController().signal,
      platform,
    });
    expect(answer).toEqual({ kind });
  });
});
