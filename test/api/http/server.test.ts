import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { get, type IncomingMessage, request as rawRequest } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exportFormatEntries } from '../../../shared/domain/export-formats.ts';
import type { Alert } from '../../../shared/schema/alert.ts';
import type { JobView } from '../../../shared/schema/job.ts';
import { makeCa } from '../../support/pki.ts';
import { Service } from '../../support/service.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { serveTls } from '../../support/tls-server.ts';

const folder = temporaryFolder();
let service: Service;
beforeAll(async () => {
  service = await Service.start(folder.path);
});
afterAll(async () => {
  await service[Symbol.asyncDispose]();
  folder[Symbol.dispose]();
});

/** A request with headers that fetch does not let through. */
function raw(path: string, headers: Record<string, string>): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const { port } = new URL(service.ready.url);
  rawRequest({ host: '127.0.0.1', port, path, headers }, (response) => {
    response.resume();
    resolve(response.statusCode ?? 0);
  })
    .on('error', reject)
    .end();
  return promise;
}

const jobCount = async () => ((await service.call('GET', '/jobs')).body as { total: number }).total;

describe('alerts over the API', () => {
  it('are listed, acknowledged and snoozed, and refused where there is none', async () => {
    const ca = makeCa();
    await using server = await serveTls(ca.issue({ notBeforeDays: -85, notAfterDays: 5.5 }), [ca]);
    const added = await service.call('POST', '/jobs', { target: { host: 'localhost', port: server.port } });
    const { id: jobId } = added.body as JobView;
    await service.call('POST', `/jobs/${jobId}/check`);
    type Answer = { items: Alert[]; total: number };
    const open = async () => (await service.call('GET', `/alerts?open=true&jobId=${jobId}`)).body as Answer;
    const { items } = await open();
    expect(items.map(({ kind }) => kind).sort()).toEqual(['expiring', 'problem']);
    const [expiring, problem] = items.toSorted((one, other) => one.kind.localeCompare(other.kind));
    const snoozed = await service.call('POST', `/alerts/${expiring?.id}/snooze`, { until: 'renewed' });
    expect(snoozed.body).toMatchObject({ id: expiring?.id, snoozedUntil: 'renewed' });
    const acknowledged = await service.call('POST', '/alerts/acknowledge', { ids: [problem?.id] });
    expect(acknowledged.body).toEqual({ alerts: 1 });
    expect(await open()).toMatchObject({ total: 1, items: [{ id: expiring?.id }] });
    expect((await service.call('POST', '/alerts/acknowledge', {})).body).toEqual({ alerts: 1 });
    expect((await open()).total).toBe(0);
    const closed = await service.call('GET', `/alerts?open=false&jobId=${jobId}`);
    expect((closed.body as Answer).total).toBe(2);
    const missing = await service.call('POST', '/alerts/123456/snooze', { until: 'renewed' });
    expect(missing).toMatchObject({ status: 404, body: { detail: 'There is no alert with this id.' } });
    const badTime = await service.call('POST', `/alerts/${expiring?.id}/snooze`, { until: 'soon' });
    expect(badTime).toMatchObject({ status: 400, body: { errors: [{ field: 'until' }] } });
    const past = await service.call('POST', `/alerts/${expiring?.id}/snooze`, {
      until: '2020-01-01T00:00:00Z',
    });
    expect(past).toMatchObject({ status: 400, body: { errors: [{ message: 'This time has passed.' }] } });
    await service.call('DELETE', `/jobs/${jobId}`);
  });

  it.each([
    ['quietHours', { from: '22:00', to: '7' }, 'quietHours.to'],
    ['tagRules', [{ tag: 'a' }, { tag: 'a' }], 'tagRules'],
    ['alerts', { maintenance: [{ days: [9], from: '02:00', to: '04:00' }] }, 'alerts.maintenance.0'],
    ['alerts', { loudness: 11 }, 'alerts.loudness'],
  ])('refuse settings of %s that are none, at their field', async (setting, value, field) => {
    const answer = await service.call('PATCH', '/settings', { [setting]: value });
    expect(answer).toMatchObject({ status: 400, body: { errors: [{ field }] } });
  });
});

describe('the HTTP API', () => {
  it.each([
    ['an empty host', { target: { host: '' } }, 'target.host', /Enter a host/],
    ['port 0', { target: { host: 'a.example', port: 0 } }, 'target.port', /1 to 65535/],
    [
      'a pattern that is none',
      { target: { host: 'a.example' }, schedule: { type: 'cron', pattern: 'nope' } },
      'schedule.pattern',
      /five fields/,
    ],
    ['an unknown field', { target: { host: 'a.example' }, colour: 'red' }, 'colour', /no field named/],
    [
      'an unknown field of the target',
      { target: { host: 'a.example', path: '/' } },
      'target.path',
      /no field named/,
    ],
    [
      'a CA file that is not there',
      { target: { host: 'a.example' }, caFiles: ['/nowhere.pem'] },
      'caFiles',
      /^The CA file \/nowhere\.pem does not exist\.$/,
    ],
    ['a number in place of an object', 7, '', /^This must be an object, not a number\.$/],
    [
      'a field of another type',
      { target: { host: 'a.example' }, tags: 'web' },
      'tags',
      /^This must be a list, not a text\.$/,
    ],
    ['nothing', {}, 'target', /at least a host/],
  ])('refuses %s with a sentence at its field, and stores nothing', async (_name, body, field, sentence) => {
    const before = await jobCount();
    const answer = await service.call('POST', '/jobs', body);
    expect(answer.status).toBe(400);
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    expect(answer.body).toMatchObject({
      status: 400,
      errors: [{ field, message: expect.stringMatching(sentence) }],
    });
    expect(await jobCount()).toBe(before);
  });

  it('refuses a bad edit likewise, and changes nothing', async () => {
    const { id } = (
      await service.call('POST', '/jobs', { target: { host: 'localhost', port: 1 }, tags: ['kept'] })
    ).body as JobView;
    const answer = await service.call('PATCH', `/jobs/${id}`, {
      tags: [],
      schedule: { type: 'interval', minutes: 0 },
    });
    expect(answer).toMatchObject({ status: 400, body: { errors: [{ field: 'schedule.minutes' }] } });
    expect((await service.call('GET', `/jobs/${id}`)).body).toMatchObject({
      tags: ['kept'],
      schedule: { type: 'adaptive' },
    });
    await service.call('DELETE', `/jobs/${id}`);
  });

  it('answers broken JSON and unknown places with problem details', async () => {
    expect(await service.call('POST', '/jobs', '{', { 'content-type': 'application/json' })).toMatchObject({
      status: 400,
      body: { title: 'Bad request' },
    });
    expect(await service.call('GET', '/nope')).toMatchObject({ status: 404, body: { title: 'Not found' } });
    for (const method of ['GET', 'DELETE'])
      expect((await service.call(method, '/jobs/none')).status).toBe(404);
    expect((await service.call('PATCH', '/jobs/none', { tags: [] })).status).toBe(404);
    expect((await service.call('POST', '/jobs/none/check')).status).toBe(404);
    expect((await service.call('GET', '/jobs/none/history')).status).toBe(404);
  });

  it('answers a method that a place does not know with 405 and those that it does (RFC 9110 §15.5.6)', async () => {
    const headers = { authorization: `Bearer ${service.ready.token}` };
    const ask = (method: string, path: string) =>
      fetch(new URL(path, service.ready.url), { method, headers });
    for (const [method, path, allow] of [
      ['PUT', 'api/v1/jobs', 'GET, POST, PATCH, HEAD'],
      ['POST', 'api/v1/jobs/none', 'GET, PATCH, DELETE, HEAD'],
      ['GET', 'api/v1/jobs/none/check', 'POST'],
      ['POST', 'api/v1/report', 'GET, HEAD'],
      ['HEAD', 'api/v1/events', 'GET'],
      ['HEAD', 'api/v1/events/', 'GET'],
      ['PUT', 'api/v1/jobs/', 'GET, POST, PATCH, HEAD'],
      ['DELETE', 'healthz', 'GET, HEAD'],
      ['POST', 'metrics', 'GET, HEAD'],
      ['PUT', 'openapi.json', 'GET, HEAD'],
      ['POST', '', 'GET, HEAD'],
      ['PATCH', 'docs/', 'GET, HEAD'],
    ] as const) {
      const answer = await ask(method, path);
      expect([method, path, answer.status, answer.headers.get('allow')]).toEqual([method, path, 405, allow]);
      await answer.body?.cancel();
    }
    expect((await ask('PUT', 'api/v1/jobs/none/nope')).status).toBe(404);
  });

  it('answers HEAD as GET, without a body (RFC 9110 §9.3.2)', async () => {
    const headers = { authorization: `Bearer ${service.ready.token}` };
    for (const path of ['api/v1/jobs', 'api/v1/jobs/export.csv', 'api/v1/status', 'metrics', 'healthz']) {
      const answer = await fetch(new URL(path, service.ready.url), { method: 'HEAD', headers });
      expect([path, answer.status, await answer.text()]).toEqual([path, 200, '']);
    }
    const none = await fetch(new URL('api/v1/jobs/none', service.ready.url), { method: 'HEAD', headers });
    expect(none.status).toBe(404);
  });

  it('lists by page, order, status, tag and words', async () => {
    const { body: report } = await service.call('POST', '/jobs/import', {
      jobs: [1, 2, 3].map((port) => ({
        target: { host: 'localhost', port },
        name: `job ${port}`,
        tags: port === 2 ? ['even'] : [],
        paused: true,
      })),
    });
    expect(report).toMatchObject({ added: 3, duplicates: 0, invalid: 0 });
    const names = async (query: string) => {
      const { body } = await service.call('GET', `/jobs?${query}`);
      const { items, total } = body as { items: JobView[]; total: number };
      return { names: items.map(({ name }) => name), total };
    };
    expect(await names('sort=-host&limit=2')).toEqual({ names: ['job 3', 'job 2'], total: 3 });
    expect(await names('sort=host&limit=2&offset=2')).toEqual({ names: ['job 3'], total: 3 });
    expect(await names('tag=even')).toEqual({ names: ['job 2'], total: 1 });
    expect(await names('search=JOB+1')).toEqual({ names: ['job 1'], total: 1 });
    expect(await names('status=ok')).toEqual({ names: [], total: 0 });
    expect((await service.call('GET', '/jobs?limit=0')).status).toBe(400);
    const exported = (await service.call('GET', '/jobs/export')).body as { jobs: object[] };
    expect(exported.jobs).toHaveLength(3);
    expect((await service.call('POST', '/jobs/import', exported)).body).toMatchObject({
      added: 0,
      duplicates: 3,
    });
    const even = (await service.call('GET', '/jobs/export.json?tag=even')).body as { jobs: object[] };
    expect(even.jobs).toHaveLength(1);
    for (const [format, { mime }] of exportFormatEntries) {
      const { status, headers } = await fetch(new URL(`api/v1/jobs/export.${format}`, service.ready.url), {
        headers: { authorization: `Bearer ${service.ready.token}` },
      });
      expect([format, status, headers.get('content-type')]).toEqual([format, 200, mime]);
    }
    for (const { id } of ((await service.call('GET', '/jobs')).body as { items: JobView[] }).items)
      await service.call('DELETE', `/jobs/${id}`);
  });

  it('imports text and CSV', async () => {
    const form = await service.call('POST', '/jobs/import', 'a.example\n', {
      'content-type': 'application/x-www-form-urlencoded',
    });
    expect(form).toMatchObject({
      status: 400,
      body: { detail: expect.stringMatching(/^body: Send a file with its content type: curl -H/) },
    });
    const text = await service.call('POST', '/jobs/import', '# ours\nlocalhost:11\n\nnot a host\n', {
      'content-type': 'text/plain',
    });
    expect(text.body).toMatchObject({
      added: 1,
      invalid: 1,
      entries: [
        { line: 2, outcome: 'added' },
        { line: 4, outcome: 'invalid' },
      ],
    });
    const csv = await service.call(
      'POST',
      '/jobs/import',
      'port,host,tags\n12,localhost,a;b\n11,localhost,\n0,localhost,\n',
      { 'content-type': 'text/csv; charset=utf-8' },
    );
    expect(csv.body).toMatchObject({ added: 1, duplicates: 1, invalid: 1 });
    const { items } = (await service.call('GET', '/jobs?tag=b')).body as { items: JobView[] };
    expect(items).toMatchObject([{ target: { host: 'localhost', port: 12 }, tags: ['a', 'b'] }]);
  });

  it('checks once without keeping anything', async () => {
    const ca = makeCa();
    await using server = await serveTls(ca.issue());
    const before = await jobCount();
    const { status, body } = await service.call('POST', '/check', {
      target: { host: 'localhost', port: server.port },
    });
    expect({ status, body }).toMatchObject({
      status: 200,
      body: { status: 'critical', certificate: { issuer: 'CN=Matrix Root' } },
    });
    expect(await jobCount()).toBe(before);
  });

  it('keeps settings, and refuses what they cannot be', async () => {
    expect((await service.call('PATCH', '/settings', { checksAtOnce: 5 })).body).toMatchObject({
      checksAtOnce: 5,
      retentionDays: 400,
    });
    expect(await service.call('PATCH', '/settings', { checksAtOnce: 0 })).toMatchObject({
      status: 400,
      body: { errors: [{ field: 'checksAtOnce' }] },
    });
    expect((await service.call('GET', '/settings')).body).toMatchObject({ checksAtOnce: 5 });
  });

  it('pauses and resumes', async () => {
    const { id } = (
      await service.call('POST', '/jobs', { target: { host: 'localhost', port: 21, starttls: null } })
    ).body as JobView;
    expect((await service.call('POST', `/jobs/${id}/pause`)).body).toMatchObject({
      paused: true,
      nextDueAt: null,
    });
    expect((await service.call('POST', `/jobs/${id}/resume`)).body).toMatchObject({ paused: false });
    expect((await service.call('POST', `/jobs/${id}/pause`, { minutes: 60 })).body).toMatchObject({
      paused: true,
      pausedUntil: expect.stringMatching(/Z$/),
    });
    expect(
      await service.call('POST', '/jobs/pause', { ids: [id], minutes: 5, until: '2030-01-01T00:00:00Z' }),
    ).toMatchObject({ status: 400, body: { errors: [{ message: 'Give until or minutes, not both.' }] } });
    expect((await service.call('POST', '/jobs/resume', { ids: [id, 'none'] })).body).toEqual({ jobs: 1 });
    await service.call('POST', '/jobs/pause', {});
    expect((await service.call('GET', '/status')).body).toMatchObject({ pause: { until: null } });
    await service.call('POST', '/jobs/resume', {});
    expect((await service.call('GET', '/status')).body).toMatchObject({ pause: null });
  });

  it('changes, checks and deletes many jobs alike', async () => {
    const add = async (tags: string[]) =>
      (
        (await service.call('POST', '/jobs', { target: { host: 'localhost', port: 1 }, tags }))
          .body as JobView
      ).id;
    const ids = [await add(['web', 'old']), await add([])];
    const schedule = { type: 'interval', minutes: 30 };
    const edit = { ids, patch: { schedule }, addTags: ['new'], removeTags: ['old'] };
    expect((await service.call('PATCH', '/jobs', edit)).body).toEqual({ jobs: 2 });
    for (const [index, tags] of [['web', 'new'], ['new']].entries())
      expect((await service.call('GET', `/jobs/${ids[index]}`)).body).toMatchObject({ tags, schedule });
    expect(
      await service.call('PATCH', '/jobs', { ids, patch: { schedule: { type: 'cron', pattern: 'x' } } }),
    ).toMatchObject({
      status: 400,
    });
    expect((await service.call('POST', '/jobs/check', { ids })).body).toEqual({ started: 2 });
    expect((await service.call('POST', '/jobs/check/stop')).status).toBe(200);
    expect((await service.call('POST', '/jobs/delete', { ids: [...ids, 'none'] })).body).toEqual({ jobs: 2 });
    expect((await service.call('GET', `/jobs/${ids[0]}`)).status).toBe(404);
  });

  it('gives a job’s certificates as PEM, and its results in brief', async () => {
    await using server = await serveTls(makeCa().issue());
    const added = await service.call('POST', '/jobs', { target: { host: 'localhost', port: server.port } });
    const { id } = added.body as JobView;
    await service.call('POST', `/jobs/${id}/check`);
    const { pem } = (await service.call('GET', `/jobs/${id}/chain`)).body as { pem: string[] };
    expect(pem.map((text) => new X509Certificate(text).subject)).toContain('CN=localhost');
    const { points } = (await service.call('GET', `/jobs/${id}/trend`)).body as { points: object[] };
    expect(points.at(-1)).toMatchObject({ validTo: expect.any(String) });
    expect((await service.call('GET', '/jobs/none/trend')).status).toBe(404);
  });
});

describe('what guards it', () => {
  it('asks for the token, except for health, documents and the page', async () => {
    const status = async (path: string, headers = {}) =>
      (await fetch(new URL(path, service.ready.url), { headers })).status;
    for (const path of ['api/v1/jobs', 'metrics', 'rpc/jobs/list']) {
      expect(await status(path)).toBe(401);
      expect(await status(path, { authorization: 'Bearer wrong' })).toBe(401);
      expect(await status(path, { authorization: `Bearer ${service.ready.token}x` })).toBe(401);
    }
    for (const path of ['healthz', 'openapi.json', 'docs/', 'docs/swagger-ui-bundle.js', ''])
      expect(await status(path)).toBe(200);
  });

  it('answers only to its own name and origin', async () => {
    const { host } = new URL(service.ready.url);
    expect(await raw('/healthz', { host })).toBe(200);
    expect(await raw('/healthz', { host: 'evil.example' })).toBe(421);
    expect(
      await raw('/api/v1/jobs', {
        host,
        origin: 'https://evil.example',
        authorization: `Bearer ${service.ready.token}`,
      }),
    ).toBe(403);
    expect(
      await raw('/api/v1/jobs', {
        host,
        origin: `http://${host}`,
        authorization: `Bearer ${service.ready.token}`,
      }),
    ).toBe(200);
  });

  it('serves nothing outside the page’s folder', async () => {
    const { host } = new URL(service.ready.url);
    expect(await raw('/../app/notafter.js', { host })).toBe(404);
    expect(await raw('/%2e%2e/app/notafter.js', { host })).toBe(404);
  });

  it('gives the page a strict policy', async () => {
    const policy = (await fetch(service.ready.url)).headers.get('content-security-policy');
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toContain('unsafe-eval');
  });
});

describe('documents and metrics', () => {
  it('describes every route of the contract', async () => {
    const document = (await (await fetch(new URL('openapi.json', service.ready.url))).json()) as {
      openapi: string;
      paths: Record<string, object>;
    };
    expect(document.openapi).toMatch(/^3\.1/);
    const routes = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(routes).toEqual(
      expect.arrayContaining([
        'GET /jobs',
        'POST /jobs',
        'GET /jobs/{id}',
        'PATCH /jobs/{id}',
        'DELETE /jobs/{id}',
        'POST /jobs/{id}/check',
        'POST /jobs/{id}/pause',
        'POST /jobs/{id}/resume',
        'GET /jobs/{id}/history',
        'POST /jobs/import',
        'GET /jobs/export',
        'POST /check',
        'GET /alerts',
        'GET /events',
        'GET /settings',
        'PATCH /settings',
      ]),
    );
  });

  it('counts jobs for Prometheus', async () => {
    const response = await fetch(new URL('metrics', service.ready.url), {
      headers: { authorization: `Bearer ${service.ready.token}` },
    });
    expect(await response.text()).toMatch(/^# HELP probe_success .*\n# TYPE probe_success gauge/m);
  });

  it.each([
    ['gzip', 'gzip'],
    ['deflate, gzip;q=0.5', 'gzip'],
    ['gzip;q=0, identity', undefined],
    ['identity', undefined],
  ])('zips the metrics for who accepts %s: %s', async (accepted, encoding) => {
    const { promise, resolve } = Promise.withResolvers<IncomingMessage>();
    get(
      new URL('metrics', service.ready.url),
      { headers: { authorization: `Bearer ${service.ready.token}`, 'accept-encoding': accepted } },
      resolve,
    );
    const response = await promise;
    expect(response.headers['content-encoding']).toBe(encoding);
    const body = await buffer(response);
    const text = (encoding === 'gzip' ? gunzipSync(body) : body).toString();
    expect(text).toMatch(/^notafter_build_info\{version="[^"]+"\} 1$/m);
    expect(text).toMatch(/\n$/);
  });

  it('goes on where somebody hangs up in the middle of the metrics', async () => {
    const leaving = get(new URL('metrics', service.ready.url), {
      headers: { authorization: `Bearer ${service.ready.token}` },
    });
    const [response] = (await once(leaving, 'response')) as [IncomingMessage];
    response.destroy();
    expect((await service.call('GET', '/status')).status).toBe(200);
    expect(service.log).not.toMatch(/failed/);
  });
});
