import { readFileSync, statSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { JobView } from '../../../shared/schema/job.ts';
import { runExample } from '../../support/example.ts';
import { isOwnersAlone } from '../../support/owner-only.ts';
import { makeCa } from '../../support/pki.ts';
import { readBlocks, Service } from '../../support/service.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { serveTls } from '../../support/tls-server.ts';

const target = { host: 'localhost', port: 1 };

describe('two editors of a job', () => {
  it('do not overwrite each other', async () => {
    using folder = temporaryFolder();
    await using service = await Service.start(folder.path);
    const added = await service.call('POST', '/jobs', { target, paused: true });
    const { id, revision } = added.body as JobView;
    const etag = added.headers.get('etag') ?? '';
    expect(etag).toBe(`"${revision}"`);
    expect(added.headers.get('location')).toBe(`/api/v1/jobs/${id}`);
    const first = await service.call('PATCH', `/jobs/${id}`, { name: 'first' }, { 'if-match': etag });
    expect(first.status).toBe(200);
    expect(first.headers.get('etag')).not.toBe(etag);
    const stale = {
      status: 412,
      body: { title: 'Changed meanwhile', detail: expect.stringContaining('changed in the meantime') },
    };
    expect(
      await service.call('PATCH', `/jobs/${id}`, { name: 'second' }, { 'if-match': etag }),
    ).toMatchObject(stale);
    expect(await service.call('PATCH', `/jobs/${id}`, { name: 'second', revision })).toMatchObject(stale);
    expect(await service.call('DELETE', `/jobs/${id}`, undefined, { 'if-match': `W/${etag}` })).toMatchObject(
      stale,
    );
    const now = await service.call('GET', `/jobs/${id}`);
    expect(now.body).toMatchObject({ name: 'first' });
    expect(now.headers.get('etag')).toBe(first.headers.get('etag'));
    expect((await service.call('PATCH', `/jobs/${id}`, { name: 'any' }, { 'if-match': '*' })).status).toBe(
      200,
    );
    const last = (await service.call('GET', `/jobs/${id}`)).headers.get('etag') ?? '';
    expect(
      (await service.call('DELETE', `/jobs/${id}`, undefined, { 'if-match': `"x", ${last}` })).status,
    ).toBe(204);
    expect((await service.call('DELETE', `/jobs/${id}`, undefined, { 'if-match': last })).status).toBe(404);
  });

  it('know a job by the same ETag after a restart', async () => {
    using folder = temporaryFolder();
    await using service = await Service.start(folder.path);
    const added = await service.call('POST', '/jobs', { paused: true, tags: ['a'], target });
    const { id } = added.body as JobView;
    const edited = await service.call('PATCH', `/jobs/${id}`, { target: { port: 2 } });
    await service.end('SIGTERM');
    await using again = await Service.start(folder.path);
    const etag = (await again.call('GET', `/jobs/${id}`)).headers.get('etag');
    expect(etag).toBe(edited.headers.get('etag'));
  });
});

describe('a request that is sent again', () => {
  it('adds no second job, also after a restart, and nothing of it is exported', async () => {
    using folder = temporaryFolder();
    await using service = await Service.start(folder.path);
    const headers = { 'idempotency-key': 'deploy-17' };
    const first = await service.call('POST', '/jobs', { target, paused: true }, headers);
    const second = await service.call('POST', '/jobs', { target, paused: true }, headers);
    expect(second.status).toBe(201);
    expect(second.body).toEqual(first.body);
    const other = await service.call('POST', '/jobs', { target: { host: 'localhost', port: 2 } }, headers);
    expect(other).toMatchObject({
      status: 422,
      body: { detail: expect.stringContaining('Idempotency-Key') },
    });
    const empty = await service.call('POST', '/jobs', { target }, { 'idempotency-key': 'x'.repeat(201) });
    expect(empty).toMatchObject({ status: 400, body: { errors: [{ field: 'Idempotency-Key' }] } });
    await service.end('SIGTERM');
    await using again = await Service.start(folder.path);
    const third = await again.call('POST', '/jobs', { target, paused: true }, headers);
    expect((third.body as JobView).id).toBe((first.body as JobView).id);
    expect((await again.call('GET', '/jobs')).body).toMatchObject({ total: 1 });
    for (const path of ['/jobs', '/jobs/export'])
      expect(JSON.stringify((await again.call('GET', path)).body)).not.toContain('deploy-17');
  });
});

describe('a listener that comes back', () => {
  it('hears what it missed after Last-Event-ID, and is told where that is not known', async () => {
    using folder = temporaryFolder();
    await using service = await Service.start(folder.path);
    const listen = async (lastEventId?: string) => {
      const stop = new AbortController();
      const response = await fetch(new URL('api/v1/events', service.ready.url), {
        headers: {
          authorization: `Bearer ${service.ready.token}`,
          ...(lastEventId === undefined ? {} : { 'last-event-id': lastEventId }),
        },
        signal: stop.signal,
      });
      return { stop, blocks: readBlocks(response) };
    };
    const edit = (retentionDays: number) => service.call('PATCH', '/settings', { retentionDays });
    const first = await listen();
    await edit(11);
    const heard = (await first.blocks.next()).value ?? '';
    first.stop.abort();
    await edit(12);
    await edit(13);
    const id = /^id: (.*)$/m.exec(heard)?.[1] ?? '';
    expect(heard).toContain('"retentionDays":11');
    const second = await listen(id);
    expect((await second.blocks.next()).value).toContain('"retentionDays":12');
    expect((await second.blocks.next()).value).toContain('"retentionDays":13');
    second.stop.abort();
    const stranger = await listen('000000000000-4');
    expect((await stranger.blocks.next()).value).toContain('{"type":"missed"}');
    stranger.stop.abort();
  });
});

describe('the files', () => {
  it('of token and endpoint are their owner’s alone, and the endpoint goes with the service', async () => {
    using folder = temporaryFolder();
    await using service = await Service.start(folder.path);
    for (const name of ['token', 'endpoint.json']) expect(isOwnersAlone(folder.file(name))).toBe(true);
    expect(JSON.parse(readFileSync(folder.file('endpoint.json'), 'utf8'))).toEqual({
      url: service.ready.url,
      pid: service.ready.pid,
    });
    await service.end('SIGTERM');
    expect(() => statSync(folder.file('endpoint.json'))).toThrow('ENOENT');
  });
});

describe('the example', () => {
  it('checks once, schedules, lists, updates and deletes', async () => {
    using folder = temporaryFolder();
    await using service = await Service.start(folder.path);
    await using server = await serveTls(makeCa().issue());
    const { url, token } = service.ready;
    const { status, stdout } = await runExample('five-operations.sh', url, token, `localhost:${server.port}`);
    expect({ status, stdout }).toMatchObject({ status: 0 });
    const [, once, , id, , list, , updatedAt, ...rest] = stdout.split('\n');
    expect(JSON.parse(once ?? '')).toMatchObject({ status: 'critical', target: { port: server.port } });
    expect(JSON.parse(list ?? '')).toMatchObject({
      total: 1,
      items: [{ id, schedule: { pattern: '0 6 * * *' } }],
    });
    expect(updatedAt).toMatch(/Z$/);
    expect(rest[0]).toBe('Delete:');
    expect((await service.call('GET', `/jobs/${id}`)).status).toBe(404);
    const refused = await runExample('five-operations.sh', url, 'wrong', `localhost:${server.port}`);
    expect(refused.status).not.toBe(0);
  });
});
