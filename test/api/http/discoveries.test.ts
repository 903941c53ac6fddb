import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SavedSearchView } from '../../../shared/schema/saved-search.ts';
import { Service } from '../../support/service.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const folder = temporaryFolder();
let service: Service;
beforeAll(async () => {
  service = await Service.start(folder.path);
});
afterAll(async () => {
  await service[Symbol.asyncDispose]();
  folder[Symbol.dispose]();
});

describe('two editors of a saved search', () => {
  it('do not overwrite each other (RFC 9110 §13.1.1)', async () => {
    const added = await service.call('POST', '/discoveries', { name: 'lab', targets: ['127.0.0.1'] });
    const { id, revision } = added.body as SavedSearchView;
    const at = `/discoveries/${id}`;
    const etag = added.headers.get('etag') ?? '';
    expect(etag).toBe(`"${revision}"`);
    expect((await service.call('GET', at)).headers.get('etag')).toBe(etag);
    const first = await service.call('PATCH', at, { ports: 'web' }, { 'if-match': etag });
    expect(first).toMatchObject({ status: 200, body: { ports: 'web' } });
    const now = first.headers.get('etag') ?? '';
    expect(now).not.toBe(etag);
    const stale = {
      status: 412,
      body: { detail: 'This search has changed in the meantime. Read it again before you edit it.' },
    };
    expect(await service.call('PATCH', at, { ports: 'mail' }, { 'if-match': etag })).toMatchObject(stale);
    expect(await service.call('PATCH', at, { ports: 'mail' }, { 'if-match': `W/${now}` })).toMatchObject(
      stale,
    );
    expect(await service.call('PATCH', at, { ports: 'mail', revision })).toMatchObject(stale);
    expect(await service.call('DELETE', at, undefined, { 'if-match': etag })).toMatchObject(stale);
    // A run changes nothing that is edited.
    await service.call('POST', `${at}/run`);
    expect((await service.call('GET', at)).headers.get('etag')).toBe(now);
    expect((await service.call('PATCH', at, { ports: 'mail' }, { 'if-match': '*' })).status).toBe(200);
    expect((await service.call('DELETE', at)).status).toBe(204);
    expect((await service.call('PATCH', at, { ports: 'mail' }, { 'if-match': etag })).status).toBe(404);
  });
});

describe('POST /finds/forget', () => {
  it.each([
    [{}, 'ids', 'Name finds by their ids, a state, or when they were last seen.'],
    [{ discovery: 'a' }, 'ids', 'Name finds by their ids, a state, or when they were last seen.'],
    [{ state: 'old' }, 'state', 'state is one of new, needs-name, watched, ignored, vanished.'],
    [{ lastSeenBefore: 'yesterday' }, 'lastSeenBefore', 'A time is written as 2026-11-26T08:00:00Z.'],
  ])('refuses %o', async (body, field, message) => {
    expect(await service.call('POST', '/finds/forget', body)).toMatchObject({
      status: 400,
      body: { errors: [{ field, message }] },
    });
  });
});
