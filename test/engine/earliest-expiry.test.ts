import { describe, expect, it } from 'vitest';
import { renderText } from '../../electron/cli/formats/result-text.ts';
import { trayFace } from '../../electron/desktop/tray/menu.ts';
import { writeCalendar } from '../../electron/engine/export/calendar.ts';
import { writeCsv } from '../../electron/engine/export/csv.ts';
import { byUrgency } from '../../shared/domain/job-urgency.ts';
import { jobInputSchema } from '../../shared/schema/job.ts';
import { TestEngine } from '../support/test-engine.ts';
import { serveTls } from '../support/tls-server.ts';

const day = 86_400_000;
const iso = (time: number) => new Date(time).toISOString();

/** A leaf of a year under an intermediate that has nine days left. */
async function watched(test: TestEngine) {
  const now = test.clock.now();
  const intermediate = test.ca.issue({ now, name: 'Corp CA 1', isCa: true, sans: [], notAfterDays: 9 });
  const server = await serveTls(intermediate.issue({ now, notBeforeDays: -1, notAfterDays: 364 }), [
    intermediate,
  ]);
  const checked = test.next('check-finished');
  test.engine.start();
  const { id } = await test.engine.jobs.add(
    jobInputSchema.parse({
      target: { host: 'localhost', port: server.port },
      schedule: { type: 'cron', pattern: '0 0 1 1 *' },
    }),
  );
  test.clock.advance(0);
  await checked;
  return { id, server, job: () => test.engine.jobs.detail(id) };
}

describe('A leaf of a year under an intermediate with nine days left', () => {
  it('expires in nine days, in the list, the tray, the calendar and exports, which name the intermediate', async () => {
    await using test = new TestEngine();
    const { id, server, job } = await watched(test);
    await using _server = server;
    const now = test.clock.now();
    const detail = job();
    if (!detail?.lastCheck || !detail.lastResult) throw new Error('It was not checked.');
    const { expiresAt, limitedBy, validTo } = detail.lastCheck;
    expect(Math.floor((Date.parse(expiresAt ?? '') - now) / day)).toBe(8);
    expect(Date.parse(validTo ?? '') - now).toBeGreaterThan(360 * day);
    expect(limitedBy).toBe('Corp CA 1');
    expect(detail.lastResult.earliestExpiry).toMatchObject({ role: 'intermediate', validTo: expiresAt });

    const sooner = { ...detail, lastCheck: { ...detail.lastCheck, expiresAt: iso(now + 20 * day) } };
    expect([sooner, detail].sort(byUrgency)[0]?.id).toBe(id);
    const actions = { open() {}, checkAll() {}, pause() {}, resume() {}, setLaunchAtLogin() {}, quit() {} };
    const face = trayFace(
      [detail],
      {
        offlineSince: null,
        pause: null,
        quietUntil: null,
        snoozed: new Set<string>(),
        launchesAtLogin: false,
        newest: null,
      },
      now,
      // SAFETY: no item is clicked here.
      actions as unknown as Parameters<typeof trayFace>[3],
    );
    expect(JSON.stringify(face.menu)).toContain('(expires in 8 days)');

    const standing = [{ job: detail, status: detail.status, lastCheck: detail.lastCheck }];
    // SAFETY: both read the job as it is stored; a view of it has more.
    const asStanding = standing as unknown as Parameters<typeof writeCsv>[0];
    expect(writeCsv(asStanding)).toContain(String(expiresAt));
    const event = writeCalendar(asStanding, { now, changedAt: () => null, alarmDays: null }).replaceAll(
      '\r\n ',
      '',
    );
    expect(event).toContain(`DTSTART;VALUE=DATE:${expiresAt?.slice(0, 10).replaceAll('-', '')}`);
    expect(event).toContain('“Corp CA 1”\\, further up the chain\\, expires then');
    expect(renderText('localhost', detail.lastResult, process.stdout)).toContain('with “Corp CA 1” above it');
  });

  it('is known again after a restart, also from a host that cannot be reached meanwhile', async () => {
    await using test = new TestEngine();
    const { id, server, job } = await watched(test);
    const before = job()?.lastCheck;
    await server[Symbol.asyncDispose]();
    const failed = test.next('check-finished');
    test.clock.advance(60_000);
    await test.engine.checks.checkNow(id);
    await failed;
    expect(job()?.lastCheck).toMatchObject({ status: 'unreachable', limitedBy: 'Corp CA 1' });
    await test.restart(0);
    expect(job()?.lastCheck).toMatchObject({ expiresAt: before?.expiresAt, limitedBy: 'Corp CA 1' });
  });

  it('turns critical between two checks, when the intermediate passes the threshold of the leaf', async () => {
    await using test = new TestEngine();
    const { server, job } = await watched(test);
    await using _server = server;
    expect(job()).toMatchObject({
      status: 'warning',
      lastCheck: { problems: [{ code: 'intermediate-expiring' }] },
    });
    const turned = test.next('job-changed');
    test.clock.advance(2.5 * day);
    await turned;
    expect(job()).toMatchObject({
      status: 'critical',
      lastCheck: { problems: [{ code: 'intermediate-expiring', severity: 'critical' }] },
    });
    expect(server.connections).toBe(1);
  });
});
