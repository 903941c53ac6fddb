import { writeFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { connect, type Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { serveApi } from '../../support/api.ts';
import { makeCa } from '../../support/pki.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

interface Answer {
  status: number;
  headers: Record<string, unknown>;
  body: string;
}

/** A request with headers that fetch does not let through. */
function ask(
  url: string,
  headers: Record<string, string> = {},
  method = 'GET',
  body?: string,
): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const request = httpRequest(url, { method, headers, agent: false }, (response) => {
    let text = '';
    response.setEncoding('utf8');
    response.on('data', (chunk: string) => {
      text += chunk;
    });
    response.on('end', () =>
      resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }),
    );
  });
  request.on('error', reject).end(body);
  return promise;
}

/** What comes back over a connection until it is closed. */
function untilClosed(socket: Socket): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  let text = '';
  socket.on('data', (chunk) => {
    text += chunk;
  });
  socket.on('error', () => undefined); // A reset closes it, too.
  socket.on('close', () => resolve(text));
  return promise;
}

describe('who may ask', () => {
  it('is told by the token alone, and a wrong one a few times only', async () => {
    await using api = await serveApi({ failures: 5 });
    const jobs = `${api.server.url}api/v1/jobs`;
    const bearer = { authorization: `Bearer ${api.token()}` };
    expect((await ask(jobs)).status).toBe(401);
    expect((await ask(jobs)).headers['www-authenticate']).toBe('Bearer');
    for (const wrong of ['Bearer wrong', `Bearer ${api.token()}x`, 'Basic YTpi'])
      expect((await ask(jobs, { authorization: wrong })).status).toBe(401);
    const refused = await ask(jobs, { authorization: 'Bearer wrong' });
    expect(refused.status).toBe(429);
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    expect(refused.body).toContain('too many wrong tokens');
    // Who has it is not locked out by those that have not.
    expect((await ask(jobs, bearer)).status).toBe(200);
  });

  it('is a page of its own alone, by Host and Origin', async () => {
    await using api = await serveApi();
    const jobs = `${api.server.url}api/v1/jobs`;
    const bearer = { authorization: `Bearer ${api.token()}` };
    const { port } = api.server;
    for (const host of [
      'evil.example',
      `evil.example:${port}`,
      `127.0.0.1:${port + 1}`,
      '127.0.0.1',
      `localhost.evil.example:${port}`,
    ])
      expect((await ask(jobs, { ...bearer, host })).status).toBe(421);
    for (const origin of [
      'https://evil.example',
      'null',
      `http://127.0.0.1:${port + 1}`,
      `https://127.0.0.1:${port}`,
    ])
      expect((await ask(jobs, { ...bearer, origin })).status).toBe(403);
    expect((await ask(jobs, { ...bearer, origin: `http://127.0.0.1:${port}` })).status).toBe(200);
    expect((await ask(jobs, { ...bearer, host: `localhost:${port}` })).status).toBe(200);
  });

  it('has a new token when somebody asks for one: the old one and its streams end', async () => {
    await using api = await serveApi();
    const old = api.token();
    const bearer = { authorization: `Bearer ${old}` };
    const calendar = api.service.get().calendarUrl ?? '';
    expect((await ask(calendar)).status).toBe(200);
    const stream = await fetch(`${api.server.url}api/v1/events`, { headers: bearer });
    const rotated = await ask(`${api.server.url}api/v1/access/rotate-token`, bearer, 'POST');
    const { token } = JSON.parse(rotated.body) as { token: string };
    expect(token).not.toBe(old);
    await stream.text();
    expect((await ask(`${api.server.url}api/v1/jobs`, bearer)).status).toBe(401);
    expect((await ask(`${api.server.url}api/v1/jobs`, { authorization: `Bearer ${token}` })).status).toBe(
      200,
    );
    expect((await ask(calendar)).status).toBe(404);
    expect((await ask(api.service.get().calendarUrl ?? '')).body).toContain('BEGIN:VCALENDAR');
  });
});

describe('what one client may take', () => {
  it('never counts against the owner of the token (security finding 9)', async () => {
    await using api = await serveApi({ requests: 10, failures: 3 });
    const bearer = { authorization: `Bearer ${api.token()}` };
    for (let index = 0; index < 15; index += 1) await ask(`${api.server.url}healthz`);
    for (let index = 0; index < 5; index += 1)
      await ask(`${api.server.url}api/v1/jobs`, { authorization: 'Bearer x' });
    expect((await ask(`${api.server.url}healthz`)).status).toBe(429);
    expect((await ask(`${api.server.url}api/v1/jobs`, bearer)).status).toBe(200);
    expect((await ask(`${api.server.url}metrics`, bearer)).status).toBe(200);
  });

  it('is bounded in requests', async () => {
    await using api = await serveApi({ requests: 10 });
    const statuses: number[] = [];
    for (let index = 0; index < 12; index += 1) statuses.push((await ask(`${api.server.url}healthz`)).status);
    expect(statuses.slice(0, 10)).toEqual(Array(10).fill(200));
    expect(statuses.slice(10)).toEqual([429, 429]);
  });

  it.each(['application/json', 'text/plain', 'text/csv'])(
    'is bounded in the size of a body of %s',
    async (type) => {
      await using api = await serveApi({ bodyBytes: 100_000 });
      const headers = { authorization: `Bearer ${api.token()}`, 'content-type': type };
      const answer = await fetch(`${api.server.url}api/v1/jobs/import`, {
        method: 'POST',
        headers,
        body:
          type === 'application/json' ? JSON.stringify({ jobs: ['x'.repeat(200_000)] }) : 'x'.repeat(200_000),
      });
      expect(answer.status).toBe(413);
      expect(answer.headers.get('content-type')).toBe('application/problem+json');
      expect((await fetch(`${api.server.url}api/v1/jobs`, { headers })).status).toBe(200);
    },
  );

  it('is bounded in the time that a body takes', async () => {
    await using api = await serveApi({ headersMs: 200, requestMs: 300 });
    const slow = connect(api.server.port, '127.0.0.1');
    const closed = untilClosed(slow);
    slow.write(
      `POST /api/v1/jobs/import HTTP/1.1\r\nHost: 127.0.0.1:${api.server.port}\r\nAuthorization: Bearer ${api.token()}\r\nContent-Type: text/plain\r\nContent-Length: 100000\r\n\r\na.example\n`,
    );
    expect(await closed).toContain('408');
    expect(api.test.log.lines.filter((line) => line.startsWith('error'))).toEqual([]);
    expect((await ask(`${api.server.url}healthz`)).status).toBe(200);
  });

  it('is not bounded in the time that an answer takes: a stream of events goes on', async () => {
    await using api = await serveApi({ headersMs: 200, requestMs: 300 });
    const headers = { authorization: `Bearer ${api.token()}`, 'content-type': 'application/json' };
    const stop = new AbortController();
    const stream = await fetch(`${api.server.url}api/v1/events`, { headers, signal: stop.signal });
    const slow = connect(api.server.port, '127.0.0.1');
    const closed = untilClosed(slow);
    slow.write(
      `POST /api/v1/jobs/import HTTP/1.1\r\nHost: 127.0.0.1:${api.server.port}\r\nAuthorization: Bearer ${api.token()}\r\nContent-Type: text/plain\r\nContent-Length: 9\r\n\r\n`,
    );
    expect(await closed).toContain('408'); // A request that began later is over its time.
    const job = JSON.stringify({ target: { host: 'late.example' }, paused: true });
    expect((await fetch(`${api.server.url}api/v1/jobs`, { method: 'POST', headers, body: job })).status).toBe(
      201,
    );
    const decoder = new TextDecoder();
    let text = '';
    for await (const chunk of stream.body ?? []) {
      text += decoder.decode(chunk, { stream: true });
      if (text.includes('late.example')) break;
    }
    expect(text).toContain('late.example');
    stop.abort();
  });

  it('is bounded in silence: 200 connections that say nothing keep nobody else out, and are closed', async () => {
    await using api = await serveApi({ headersMs: 500, requestMs: 600 });
    const silent = Array.from({ length: 200 }, () => connect(api.server.port, '127.0.0.1'));
    const closed = silent.map(untilClosed);
    await Promise.all(silent.map((socket) => new Promise((resolve) => socket.once('connect', resolve))));
    for (let index = 0; index < 20; index += 1)
      expect(
        (await ask(`${api.server.url}api/v1/status`, { authorization: `Bearer ${api.token()}` })).status,
      ).toBe(200);
    const answers = await Promise.all(closed);
    expect(answers.every((text) => text === '' || text.startsWith('HTTP/1.1 408'))).toBe(true);
    expect((await ask(`${api.server.url}healthz`)).status).toBe(200);
  });

  it('is bounded in connections', async () => {
    await using api = await serveApi({ connections: 5, headersMs: 60_000 });
    const held = Array.from({ length: 5 }, () => connect(api.server.port, '127.0.0.1'));
    await Promise.all(held.map((socket) => new Promise((resolve) => socket.once('connect', resolve))));
    await expect(ask(`${api.server.url}healthz`)).rejects.toThrow();
    for (const socket of held) socket.destroy();
    await expect
      .poll(() =>
        ask(`${api.server.url}healthz`).then(
          ({ status }) => status,
          () => 0,
        ),
      )
      .toBe(200);
  });
});

describe('the end', () => {
  it('ends event streams at once, and lets what is being answered come to its end', async () => {
    await using api = await serveApi();
    const bearer = { authorization: `Bearer ${api.token()}` };
    const stream = await fetch(`${api.server.url}api/v1/events`, { headers: bearer });
    const upload = connect(api.server.port, '127.0.0.1');
    const answered = untilClosed(upload);
    upload.write(
      `POST /api/v1/jobs/import HTTP/1.1\r\nHost: 127.0.0.1:${api.server.port}\r\nAuthorization: Bearer ${api.token()}\r\nContent-Type: text/plain\r\nContent-Length: 20\r\n\r\n`,
    );
    await ask(`${api.server.url}healthz`); // What was sent before this was received.
    const stopped = api.service.stop();
    await stream.text();
    upload.write('a.example\nb.example\n');
    expect(await answered).toMatch(/^HTTP\/1\.1 200 [\s\S]*"added":2/);
    await stopped;
    await expect(ask(`${api.server.url}healthz`)).rejects.toThrow('ECONNREFUSED');
  });
});

describe('for other machines', () => {
  it('it listens only over TLS, under the names of its certificate', async () => {
    const ca = makeCa();
    const leaf = ca.issue({ sans: ['watch.example', '127.0.0.2'] });
    using folder = temporaryFolder();
    writeFileSync(folder.file('cert.pem'), leaf.pem);
    writeFileSync(folder.file('key.pem'), leaf.key);
    await using api = await serveApi(
      {},
      { host: '127.0.0.2', port: 0, certFile: folder.file('cert.pem'), keyFile: folder.file('key.pem') },
    );
    const url = api.server.listenUrl ?? '';
    expect(url).toMatch(/^https:\/\/127\.0\.0\.2:\d+\/$/);
    const { port } = new URL(url);
    const over = (host: string): Promise<number> => {
      const { promise, resolve, reject } = Promise.withResolvers<number>();
      const headers = { host, authorization: `Bearer ${api.token()}` };
      httpsRequest(
        `${url}api/v1/jobs`,
        { headers, ca: ca.pem, agent: false, checkServerIdentity: () => undefined },
        (response) => {
          response.resume();
          resolve(response.statusCode ?? 0);
        },
      )
        .on('error', reject)
        .end();
      return promise;
    };
    expect(await over(`127.0.0.2:${port}`)).toBe(200);
    expect(await over(`watch.example:${port}`)).toBe(200);
    expect(await over(`evil.example:${port}`)).toBe(421);
    await expect(ask(`http://127.0.0.2:${port}/healthz`)).rejects.toThrow();
  });

  it('it does not begin with a key that is another’s', async () => {
    const ca = makeCa();
    using folder = temporaryFolder();
    writeFileSync(folder.file('cert.pem'), ca.issue().pem);
    writeFileSync(folder.file('key.pem'), makeCa('Another', { key: 'rsa2048' }).key);
    const others = {
      host: '127.0.0.2',
      port: 0,
      certFile: folder.file('cert.pem'),
      keyFile: folder.file('key.pem'),
    };
    await expect(serveApi({}, others)).rejects.toThrow(/the key belongs to another certificate/);
  });
});
