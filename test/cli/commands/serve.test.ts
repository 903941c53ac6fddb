import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { EngineEvent } from '../../../shared/schema/event.ts';
import type { JobDetail, JobView } from '../../../shared/schema/job.ts';
import { isOwnersAlone } from '../../support/owner-only.ts';
import { makeCa } from '../../support/pki.ts';
import { runNotafter, Service } from '../../support/service.ts';
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

  it('says so where the port is taken', async () => {
    const { folder, start } = await setUp();
    using _folder = folder;
    await using service = await start();
    const { port } = new URL(service.ready.url);
    const { status, stderr } = await runNotafter('serve', '--port', port, '--data', folder.file('other'));
    expect(status).toBe(64);
    expect(stderr).toMatch(/Port \d+ cannot be listened on \(EADDRINUSE\)/);
  });
});
