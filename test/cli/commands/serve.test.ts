import { mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { EngineEvent } from '../../../shared/schema/event.ts';
import type { JobDetail, JobView } from '../../../shared/schema/job.ts';
import { isOwnersAlone } from '../../support/owner-only.ts';
import { makeCa } from '../../support/pki.ts';
import { runNotafter, runNotafterIn, Service } from '../../support/service.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { serveTls } from '../../support/tls-server.ts';

const everySecond = { type: 'cron', pattern: '* * * * * *' } as const;

async function setUp() {
  const folder = temporaryFolder();
  const ca = makeCa();
  writeFileSync(folder.file('ca.pem'), ca.pem);
  return { folder, ca, start: () => Service.start(folder.file('data'), '--ca', folder.file('ca.pem')) };
}

/** Waits for so many finished checks. */
async function checks(events: AsyncGenerator<EngineEvent>, count: number): Promise<void> {
  let seen = 0;
  for await (const { type } of events) {
    if (type === 'check-finished') seen += 1;
    if (seen >= count) return;
  }
}

describe('notafter serve', () => {
  it('checks a job by itself, keeps it over kill -9, goes on, follows edits, and forgets it when deleted', async () => {
    const { folder, ca, start } = await setUp();
    using _folder = folder;
    await using server = await serveTls(ca.issue());
    await using first = await start();
    const abort = new AbortController();
    const events = await first.events(abort.signal);
    const added = await first.call('POST', '/jobs', {
      target: { host: 'localhost', port: server.port },
      schedule: everySecond,
    });
    expect(added.status).toBe(201);
    const { id } = added.body as JobView;
    await checks(events, 3);
    abort.abort();
    await first.end('SIGKILL');

    await using second = await start();
    const kept = (await second.call('GET', `/jobs/${id}`)).body as JobDetail;
    expect(kept).toMatchObject({ id, status: 'ok', schedule: everySecond, lastResult: { status: 'ok' } });
    const before = (await second.call('GET', `/jobs/${id}/history`)).body as { total: number };
    expect(before.total).toBeGreaterThanOrEqual(3);
    const again = new AbortController();
    await checks(await second.events(again.signal), 2);
    again.abort();
    // An event may belong to a row that was counted before, so the count itself is waited for.
    await expect
      .poll(async () => ((await second.call('GET', `/jobs/${id}/history`)).body as { total: number }).total)
      .toBeGreaterThanOrEqual(before.total + 2);

    const edited = (
      await second.call('PATCH', `/jobs/${id}`, { schedule: { type: 'interval', minutes: 30 } })
    ).body as JobView;
    const due = edited.checking
      ? (await second.call('POST', `/jobs/${id}/check`)) &&
        ((await second.call('GET', `/jobs/${id}`)).body as JobView)
      : edited;
    expect(Date.parse(due.nextDueAt ?? '') - Date.parse(due.lastCheck?.checkedAt ?? '')).toBeGreaterThan(
      29 * 60_000,
    );

    expect((await second.call('DELETE', `/jobs/${id}`)).status).toBe(204);
    expect((await second.call('GET', `/jobs/${id}`)).status).toBe(404);
    expect((await second.call('GET', '/jobs')).body).toEqual({ items: [], total: 0 });
  });

  it('ends cleanly on SIGTERM, and refuses a folder that is in use', async () => {
    const { folder, start } = await setUp();
    using _folder = folder;
    await using service = await start();
    const refused = await runNotafter('serve', '--port', '0', '--data', folder.file('data'));
    expect(refused.status).toBe(73);
    expect(refused.stderr).toContain(`already runs on ${folder.file('data')} (process ${service.ready.pid})`);
    expect(await service.end('SIGTERM')).toBe(0);
    expect(readFileSync(folder.file('data/logs/notafter.log'), 'utf8')).toContain('NotAfter has stopped');
  });

  it('keeps its token, and has no file that others can read', async () => {
    const { folder, start } = await setUp();
    using _folder = folder;
    const tokens: string[] = [];
    for (const _round of [1, 2]) {
      await using service = await start();
      tokens.push(service.ready.token);
      expect(service.ready.url).not.toContain(service.ready.token);
    }
    expect(tokens[0]).toBe(tokens[1]);
    // What is watched is nobody's business, wherever the folder lies.
    const files = readdirSync(folder.file('data'), { recursive: true, encoding: 'utf8' });
    expect(files).toContain('token');
    const open = files.filter((name) => {
      const path = folder.file(`data/${name}`);
      return statSync(path).isFile() && !isOwnersAlone(path);
    });
    expect(open.filter((name) => !name.startsWith('lock.'))).toEqual([]); // The lock holds nothing.
  });

  it('refuses an empty data folder, as of a variable that is not set: it would be the current folder', async () => {
    using here = temporaryFolder();
    for (const command of [
      ['serve', '--port', '0'],
      ['jobs', 'list'],
      ['files', '--known', '--add'],
    ]) {
      const ran = await runNotafterIn(here.path, ...command, '--data', '');
      expect(ran).toMatchObject({
        status: 64,
        stderr: expect.stringContaining('DIR is the path of a folder.'),
      });
    }
    expect(readdirSync(here.path)).toEqual([]);
  });

  it('says so where the port is taken', async () => {
    const { folder, start } = await setUp();
    using _folder = folder;
    await using service = await start();
    const { port } = new URL(service.ready.url);
    const { status, stderr } = await runNotafter('serve', '--port', port, '--data', folder.file('other'));
    expect(status).toBe(64);
    expect(stderr).toMatch(/notafter: Port \d+ is already in use\. Choose another with --port/);
  });

  it('reads no file outside of --files-root, by whatever way it is named or linked', async () => {
    using folder = temporaryFolder();
    const ca = makeCa();
    for (const name of ['in', 'out']) {
      mkdirSync(folder.file(name));
      writeFileSync(folder.file(`${name}/web.pem`), ca.issue({ name: `${name}.test` }).pem);
    }
    writeFileSync(folder.file('ca.pem'), ca.pem);
    symlinkSync('../out/web.pem', folder.file('in/link.pem'));
    symlinkSync('../out', folder.file('in/folder'));
    const roots = ['--files-root', folder.file('in'), '--ca', folder.file('ca.pem')];
    await using service = await Service.start(folder.file('data'), ...roots);
    const refused = async (path: string, input: unknown) => {
      const { status, body: answer } = await service.call('POST', path, input);
      expect(status).toBe(400);
      expect(JSON.stringify(answer)).toMatch(/lies outside of the folders that this service reads/);
    };
    const out = folder.file('out/web.pem');
    for (const file of [
      out,
      folder.file('in/link.pem'),
      folder.file('in/../out/web.pem'),
      '/etc/shadow',
      '/nowhere/x.pem',
    ])
      await refused('/jobs', { target: { file } });
    await refused('/jobs', { target: { host: 'localhost', port: 1 }, caFiles: [out] });
    await refused('/sources', { name: 'a', paths: [folder.file('out')] });
    await refused('/sources/plan', { name: 'a', paths: [`${folder.path}/*/web.pem`] });
    await refused('/sources', {
      name: 'a',
      paths: [folder.file('in')],
      passphrases: [{ glob: '**', file: out }],
    });

    // The check itself reads it as little: its answer says why.
    const { body: checked } = await service.call('POST', '/check', {
      target: { file: folder.file('in/folder/web.pem') },
    });
    expect(JSON.stringify(checked)).toContain('lies outside of the folders');
    const added = await service.call('POST', '/sources', {
      name: 'a',
      paths: [folder.file('in')],
      links: 'all',
    });
    const { id, warnings } = added.body as { id: string; warnings: string[] };
    expect(warnings.join()).toMatch(/^2 files cannot be read: .*\(outside of --files-root\)/);
    const { body } = await service.call('GET', `/sources/${id}/entries`);
    expect(body).toMatchObject({
      total: 1,
      items: [{ file: folder.file('in/web.pem'), subject: 'CN=in.test' }],
    });
    const job = await service.call('POST', '/jobs', { target: { file: folder.file('in/new.pem') } });
    expect(job.status).toBe(201);
  });

  it('reads what was trusted from the page, also with --files-root', async () => {
    using folder = temporaryFolder();
    const ca = makeCa('Printer Root');
    await using server = await serveTls(ca.issue(), [ca]);
    await using service = await Service.start(folder.file('data'), '--files-root', '/etc');
    const target = { host: 'localhost', port: server.port };
    const { body: added } = await service.call('POST', '/jobs', { target });
    const { id } = added as { id: string };
    await service.call('POST', `/jobs/${id}/check`, {});
    const { body: detail } = await service.call('GET', `/jobs/${id}`);
    const { lastResult } = detail as {
      lastResult: { chain: { fingerprint256: string }[]; problems: { code: string }[] };
    };
    expect(lastResult.problems.map(({ code }) => code)).toContain('untrusted-issuer');
    const fingerprint256 = lastResult.chain.at(-1)?.fingerprint256;
    const trusted = await service.call('POST', `/jobs/${id}/trust`, { fingerprint256, scope: 'host' });
    expect(trusted.status).toBe(200);
    const { body: again } = await service.call('POST', `/jobs/${id}/check`, {});
    expect(JSON.stringify(again)).not.toContain('untrusted-issuer');
  });
});
