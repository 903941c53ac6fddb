import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { channelTypeNames } from '../../../shared/schema/channels/types.ts';
import { allowSampleCommand, channelSamples } from '../../support/channel-samples.ts';
import { Service } from '../../support/service.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const folder = temporaryFolder();
let service: Service;
beforeAll(async () => {
  service = await Service.start(folder.path, ...allowSampleCommand);
});
afterAll(async () => {
  await service[Symbol.asyncDispose]();
  folder[Symbol.dispose]();
});

interface Answer {
  status: number;
  headers: Headers;
  body: Record<string, unknown>;
}
const call = async (method: string, path: string, body?: unknown, headers?: Record<string, string>) =>
  // SAFETY: each of these answers is an object, or nothing.
  (await service.call(method, path, body, headers)) as Answer;
const fieldsOf = ({ body }: Answer) => (body['errors'] as { field: string }[]).map(({ field }) => field);
const stored = () =>
  JSON.parse(readFileSync(folder.file('config.json'), 'utf8')).settings.channels as Record<string, unknown>[];
const ntfy = (name: string, more: Record<string, unknown> = {}) => ({
  ...{ type: 'ntfy', name, url: 'http://127.0.0.1:9', topic: 'ops', token: 'a-secret-token' },
  ...more,
});
const at = (name: string) => `/channels/${encodeURIComponent(name)}`;

describe('/channels', () => {
  it.each(channelTypeNames)('adds, lists, shows, edits and deletes one of type %s', async (type) => {
    const secret = 'Zq0000000000';
    const name = `a-${type}`;
    const given = { type, name, ...channelSamples(secret)[type].values };
    const added = await call('POST', '/channels', given);
    expect(added).toMatchObject({ status: 201, body: { type, name, enabled: true } });
    expect(added.headers.get('location')).toBe(`/api/v1/channels/${name}`);
    const shown = await call('GET', at(name));
    expect(shown).toMatchObject({ status: 200, body: added.body });
    expect(shown.headers.get('etag')).toBe(`"${shown.body['revision']}"`);
    expect(await call('GET', '/channels')).toMatchObject({ body: { items: [shown.body], total: 1 } });
    const etag = shown.headers.get('etag') ?? '';
    const edited = await call('PATCH', at(name), { severity: 'critical' }, { 'if-match': etag });
    expect(edited).toMatchObject({ status: 200, body: { severity: 'critical' } });
    expect(edited.headers.get('etag')).not.toBe(etag);
    // The secrets are kept, and no answer has them.
    expect(JSON.stringify([added, shown, edited])).not.toContain(secret);
    expect(stored()).toMatchObject([{ ...given, severity: 'critical' }]);
    expect((await call('DELETE', at(name), undefined, { 'if-match': etag })).status).toBe(412);
    expect((await call('DELETE', at(name))).status).toBe(204);
    expect((await call('GET', at(name))).status).toBe(404);
    expect(stored()).toEqual([]);
  });

  it('lets an edit pass only where the channel is what the client has read (RFC 9110 §13.1.1)', async () => {
    const { headers, body } = await call('POST', '/channels', ntfy('ops'));
    const etag = headers.get('etag') ?? '';
    const other = await call('PATCH', at('ops'), { token: 'another-secret' });
    // A secret alone changes what the tag covers.
    expect(other.headers.get('etag')).not.toBe(etag);
    for (const [sent, more] of [
      [{ severity: 'critical' }, { 'if-match': etag }],
      [{ severity: 'critical' }, { 'if-match': `W/${other.headers.get('etag')}` }],
      [{ severity: 'critical', revision: body['revision'] }, {}],
    ] as const)
      expect((await call('PATCH', at('ops'), sent, more)).status).toBe(412);
    expect((await call('DELETE', at('ops'), undefined, { 'if-match': etag })).status).toBe(412);
    const known = { revision: other.body['revision'], severity: 'warning' };
    expect(await call('PATCH', at('ops'), known, { 'if-match': '*' })).toMatchObject({
      status: 200,
      body: { severity: 'warning' },
    });
    expect(stored()).toMatchObject([{ token: 'another-secret', severity: 'warning' }]);
    await call('DELETE', at('ops'));
    expect((await call('PATCH', at('ops'), {}, { 'if-match': etag })).status).toBe(404);
    expect((await call('DELETE', at('ops'))).status).toBe(404);
    expect((await call('POST', `${at('ops')}/test`)).status).toBe(404);
  });

  it('names each field that is refused, and changes nothing then', async () => {
    await call('POST', '/channels', ntfy('ops'));
    const before = stored();
    const refusals: [Record<string, unknown>, string][] = [
      [{ topic: 'two words' }, 'topic'],
      [{ url: 'ftp://x' }, 'url'],
      [{ digest: { at: '25:00', timezone: 'UTC' } }, 'digest.at'],
      [{ caFile: '//host/share' }, 'caFile'],
      [{ surprise: 1 }, ''],
      [{ type: 'gotify' }, 'type'],
      // Its secret would go elsewhere.
      [{ url: 'http://127.0.0.2:9' }, 'token'],
      [{ proxy: 'http://127.0.0.2:9' }, 'token'],
    ];
    for (const [patch, field] of refusals) {
      const answer = await call('PATCH', at('ops'), patch);
      expect([answer.status, fieldsOf(answer)]).toEqual([400, [field]]);
    }
    expect(fieldsOf(await call('POST', '/channels', ntfy('new', { topic: 'two words' })))).toEqual(['topic']);
    expect(fieldsOf(await call('POST', '/channels', ntfy('new', { token: { set: true } })))).toEqual([
      'token',
    ]);
    expect(stored()).toEqual(before);
    await call('DELETE', at('ops'));
  });

  it('gives each name once, also to those that clients of an older version call webhooks', async () => {
    await service.call('PATCH', '/settings', { webhooks: [{ name: 'hook', url: 'http://127.0.0.1:9/x' }] });
    await call('POST', '/channels', ntfy('ops'));
    for (const name of ['ops', 'hook'])
      expect(await call('POST', '/channels', ntfy(name))).toMatchObject({ status: 409 });
    expect((await call('PATCH', at('ops'), { name: 'hook' })).status).toBe(409);
    // A list that leaves it out takes nothing away.
    await service.call('PATCH', '/settings', { webhooks: [] });
    for (const name of ['hook', 'ops']) expect((await call('DELETE', at(name))).status).toBe(204);
  });

  it('renames a channel, which keeps its secrets, and knows names with any character', async () => {
    await call('POST', '/channels', ntfy('ops'));
    const names = ['a/b', '100 %', 'ü?&#', '%2F', 'a b'];
    let last = 'ops';
    for (const name of names) {
      const renamed = await call('PATCH', at(last), { name });
      expect(renamed).toMatchObject({ status: 200, body: { name, token: { set: true } } });
      last = name;
    }
    expect(stored()).toMatchObject([{ name: 'a b', token: 'a-secret-token' }]);
    expect((await call('DELETE', at('a b'))).status).toBe(204);
  });

  it('keeps both of two edits of different channels at once', async () => {
    for (const name of ['one', 'two']) await call('POST', '/channels', ntfy(name));
    await Promise.all([
      call('PATCH', at('one'), { severity: 'critical' }),
      call('PATCH', at('two'), { severity: 'warning' }),
      call('POST', '/channels', ntfy('three')),
    ]);
    expect(stored()).toMatchObject([
      { name: 'one', severity: 'critical' },
      { name: 'two', severity: 'warning' },
      { name: 'three' },
    ]);
    for (const name of ['one', 'two', 'three']) await call('DELETE', at(name));
  });

  it('tests a channel', async () => {
    await call('POST', '/channels', ntfy('ops'));
    expect(await call('POST', `${at('ops')}/test`)).toMatchObject({
      status: 200,
      body: { delivered: false, message: expect.stringContaining('could not be reached') },
    });
    await call('DELETE', at('ops'));
  });
});
