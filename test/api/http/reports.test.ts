import { mkdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Service } from '../../support/service.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const folder = temporaryFolder();
const reportFolder = folder.file('reports');
mkdirSync(reportFolder);
let service: Service;
beforeAll(async () => {
  service = await Service.start(folder.file('data'));
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
const etagOf = ({ headers }: Answer) => headers.get('etag') ?? '';

describe('/report', () => {
  it('has a PDF on the desktop alone, and says so elsewhere', async () => {
    expect(await call('GET', '/report?format=pdf')).toMatchObject({
      status: 501,
      body: { detail: expect.stringContaining('Only the desktop app makes PDF files.') },
    });
    expect(
      await call('POST', '/reports', { name: 'pdf', folder: reportFolder, format: 'pdf' }),
    ).toMatchObject({
      status: 400,
      body: { errors: [{ field: 'format' }] },
    });
  });
});

describe('/reports', () => {
  it('answers a report with its revision, which only an edit changes', async () => {
    const added = await call('POST', '/reports', { name: 'weekly', folder: reportFolder });
    expect(added).toMatchObject({ status: 201, body: { name: 'weekly' } });
    expect(etagOf(added)).toBe(`"${added.body['revision']}"`);
    expect(etagOf(await call('GET', '/reports/weekly'))).toBe(etagOf(added));
    expect((await call('POST', '/reports/weekly/send')).status).toBe(200);
    const sent = await call('GET', '/reports/weekly');
    expect(sent.body['lastAt']).not.toBeNull();
    expect(etagOf(sent)).toBe(etagOf(added));
    const edited = await call('PATCH', '/reports/weekly', { days: 30 });
    expect(etagOf(edited)).not.toBe(etagOf(added));
    expect(await call('GET', '/reports')).toMatchObject({
      body: { items: [{ revision: edited.body['revision'] }] },
    });
    expect((await call('DELETE', '/reports/weekly')).status).toBe(204);
  });

  it('lets an edit pass only where the report is what the client has read (RFC 9110 §13.1.1)', async () => {
    const added = await call('POST', '/reports', { name: 'weekly', folder: reportFolder });
    const etag = etagOf(added);
    const other = await call('PATCH', '/reports/weekly', { days: 30 }, { 'if-match': etag });
    expect(other.status).toBe(200);
    for (const [sent, more] of [
      [{ tag: 'shop' }, { 'if-match': etag }],
      [{ tag: 'shop' }, { 'if-match': `W/${etagOf(other)}` }],
      [{ tag: 'shop', revision: added.body['revision'] }, {}],
    ] as const)
      expect((await call('PATCH', '/reports/weekly', sent, more)).status).toBe(412);
    expect((await call('DELETE', '/reports/weekly', undefined, { 'if-match': etag })).status).toBe(412);
    expect((await call('GET', '/reports/weekly')).body).toMatchObject({ days: 30, tag: null });
    const known = { tag: 'shop', revision: other.body['revision'] };
    expect((await call('PATCH', '/reports/weekly', known, { 'if-match': '*' })).status).toBe(200);
    await call('DELETE', '/reports/weekly');
    expect((await call('PATCH', '/reports/weekly', {}, { 'if-match': etag })).status).toBe(404);
  });

  it('lets one of two edits pass that come at once and have read the same', async () => {
    const added = await call('POST', '/reports', { name: 'weekly', folder: reportFolder });
    const match = { 'if-match': etagOf(added) };
    const edits = await Promise.all(
      [{ days: 30 }, { tag: 'shop' }].map((patch) => call('PATCH', '/reports/weekly', patch, match)),
    );
    expect(edits.map(({ status }) => status).toSorted()).toEqual([200, 412]);
    await call('DELETE', '/reports/weekly');
  });
});
