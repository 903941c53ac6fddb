import { createServer } from 'node:net';
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
