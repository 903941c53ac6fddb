import { describe, expect, it } from 'vitest';
import { CheckCancelled } from '../../electron/engine/monitor/check-queue.ts';
import type { JobView } from '../../shared/schema/job.ts';
import { jobInputSchema } from '../../shared/schema/job.ts';
import type { Schedule } from '../../shared/schema/schedule.ts';
import { TestEngine } from '../support/test-engine.ts';
import { servePlain, serveTls } from '../support/tls-server.ts';

const minute = 60_000;
const hour = 60 * minute;

/** A running engine with one job on a real server, checked once, at a time of the test's choosing. */
async function watched(schedule: Schedule, start = '2026-11-24T10:30:00Z') {
  const now = Date.parse(start);
  const test = new TestEngine({ now });
  const server = await serveTls(test.ca.issue({ notAfterDays: 800 }));
  test.engine.start();
  const target = { host: 'localhost', port: server.port };
  const first = test.next('check-finished');
  const { id } = await test.engine.jobs.add(jobInputSchema.parse({ target, schedule }));
  test.clock.advance(0);
  await first;
  return {
    test,
    server,
    id,
    /** The check that a step causes; the job as it is after it. */
    async checkAfter(step: () => unknown): Promise<JobView> {
      const finished = test.next('check-finished');
      await step();
      return (await finished).job;
    },
    /** What the step did not do: start a check. */
    async nothingAfter(step: () => unknown): Promise<void> {
      const before = server.connections;
      await step();
      expect(test.engine.checks.queueLength).toBe(0);
      expect(server.connections).toBe(before);
    },
    get checks() {
      return test.engine.results.list(id, 100, 0)?.items ?? [];
    },
    get due() {
      return test.engine.jobs.detail(id)?.nextDueAt ?? null;
    },
    async [Symbol.asyncDispose]() {
      await test[Symbol.asyncDispose]();
      await server.close();
    },
  };
}

const threeHourly: Schedule = { type: 'cron', pattern: '0 0 */3 * * *', timezone: 'UTC' };
const nightly: Schedule = { type: 'cron', pattern: '0 0 3 * * *', timezone: 'UTC' };
const everyFive: Schedule = { type: 'interval', minutes: 5 };

describe('sleep', () => {
  it('of nine hours over three due times runs the job once, and marks three as missed', async () => {
    await using job = await watched(threeHourly);
    const after = await job.checkAfter(() => {
      job.test.clock.set(job.test.clock.now() + 9 * hour); // 19:30: 12:00, 15:00 and 18:00 have passed.
      job.test.engine.wake();
      job.test.clock.advance(0);
    });
    expect(after.lastCheck?.missed).toBe(3);
    expect(job.checks.map(({ missed }) => missed)).toEqual([3, 0]);
    expect(job.due).toBe('2026-11-24T21:00:00.000Z');
    expect(job.test.log.lines.join('\n')).toContain('after 3 missed times');
  });
  it('is noticed within a minute where nobody tells of it', async () => {
    await using job = await watched(threeHourly);
    job.test.clock.set(job.test.clock.now() + 9 * hour);
    const after = await job.checkAfter(() => job.test.clock.advance(minute));
    expect(after.lastCheck?.missed).toBe(3);
  });
});

describe('the clock', () => {
  it('set forward over a due time runs it once, and marks it as missed', async () => {
    await using job = await watched(threeHourly);
    const after = await job.checkAfter(() => {
      job.test.clock.set('2026-11-24T13:00:00Z');
      job.test.clock.advance(minute);
    });
    expect(after.lastCheck?.missed).toBe(1);
    expect(job.due).toBe('2026-11-24T15:00:00.000Z');
  });
  it('set back over a due time that ran does not run it again', async () => {
    await using job = await watched(threeHourly);
    await job.checkAfter(() => job.test.clock.advance(90 * minute)); // 12:00
    await job.nothingAfter(() => {
      job.test.clock.set('2026-11-24T11:00:00Z');
      job.test.clock.advance(3 * hour);
    });
    const after = await job.checkAfter(() => job.test.clock.advance(hour)); // 15:00
    expect(after.lastCheck?.missed).toBe(0);
  });
  it('set back does not make an interval wait for the time that comes twice', async () => {
    await using job = await watched(everyFive);
    job.test.clock.set(job.test.clock.now() - 2 * hour);
    job.test.clock.advance(minute);
    await job.checkAfter(() => job.test.clock.advance(5 * minute));
    expect(job.checks).toHaveLength(2);
    expect(job.test.engine.jobs.detail(job.id)?.lastResult?.checkedAt).toBe('2026-11-24T08:36:00.000Z');
  });
  it('that was years ahead and is put right leaves no job waiting for years', async () => {
    await using job = await watched(nightly, '2027-11-24T10:30:00Z');
    job.test.clock.set('2026-11-24T10:30:00Z');
    job.test.clock.advance(minute);
    expect(job.due).toBe('2026-11-25T03:00:00.000Z');
  });
});

describe('daylight saving', () => {
  it.each([
    [
      'begins in Europe/Berlin',
      'Europe/Berlin',
      '0 30 2 * * *',
      '2027-03-27T12:00:00Z',
      ['2027-03-28T01:00', '2027-03-29T00:30', '2027-03-30T00:30'],
    ],
    [
      'ends in Europe/Berlin',
      'Europe/Berlin',
      '0 30 2 * * *',
      '2027-10-30T12:00:00Z',
      ['2027-10-31T00:30', '2027-11-01T01:30', '2027-11-02T01:30'],
    ],
    [
      'begins in America/New_York',
      'America/New_York',
      '0 30 2 * * *',
      '2027-03-13T12:00:00Z',
      ['2027-03-14T07:00', '2027-03-15T06:30', '2027-03-16T06:30'],
    ],
    [
      'ends in America/New_York',
      'America/New_York',
      '0 30 1 * * *',
      '2027-11-06T12:00:00Z',
      ['2027-11-07T05:30', '2027-11-08T06:30', '2027-11-09T06:30'],
    ],
  ])('%s: one check a night', async (_what, timezone, pattern, start, expected) => {
    await using job = await watched({ type: 'cron', pattern, timezone }, start);
    const times: string[] = [];
    for (let night = 0; night < expected.length; night += 1) {
      const until = Date.parse(job.due ?? '') - job.test.clock.now();
      await job.nothingAfter(() => job.test.clock.advance(until - 1));
      const after = await job.checkAfter(() => job.test.clock.advance(1));
      times.push(after.lastCheck?.checkedAt.slice(0, 16) ?? '');
      expect(after.lastCheck?.missed).toBe(0);
    }
    expect(times).toEqual(expected);
  });
});

describe('a pause', () => {
  it('over due times runs the job once when it is resumed, and marks them as missed', async () => {
    await using job = await watched(threeHourly);
    await job.test.engine.jobs.edit(job.id, { paused: true });
    await job.nothingAfter(() => job.test.clock.advance(9 * hour));
    expect(job.due).toBeNull();
    const after = await job.checkAfter(async () => {
      await job.test.engine.jobs.edit(job.id, { paused: false });
      job.test.clock.advance(0);
    });
    expect(after.lastCheck?.missed).toBe(3);
  });
  it('over no due time changes nothing', async () => {
    await using job = await watched(threeHourly);
    const { due } = job;
    await job.nothingAfter(async () => {
      await job.test.engine.jobs.edit(job.id, { paused: true });
      job.test.clock.advance(hour);
      await job.test.engine.jobs.edit(job.id, { paused: false });
      job.test.clock.advance(0);
    });
    expect(job.due).toBe(due);
  });
  it('for a while ends by itself, also where NotAfter was off at its end', async () => {
    await using job = await watched(threeHourly);
    const resumed = job.test.next('job-changed');
    await job.test.engine.jobs.bulk.pause([job.id], '2026-11-24T11:00:00Z');
    expect((await resumed).job).toMatchObject({ paused: true, pausedUntil: '2026-11-24T11:00:00Z' });
    const ended = job.test.next('job-changed');
    job.test.clock.advance(30 * minute);
    expect((await ended).job).toMatchObject({
      paused: false,
      pausedUntil: null,
      nextDueAt: '2026-11-24T12:00:00.000Z',
    });
    await job.test.engine.jobs.bulk.pause([job.id], '2026-11-24T11:30:00Z');
    const afterRestart = job.checkAfter(() => undefined);
    await job.test.restart(2 * hour);
    const endedAfterRestart = job.test.next('job-changed');
    job.test.clock.advance(0);
    expect((await endedAfterRestart).job.paused).toBe(false);
    job.test.clock.advance(0);
    expect((await afterRestart).lastCheck?.missed).toBe(1);
  });
  it('of everything holds every job back, and lets what was missed run once', async () => {
    await using job = await watched(threeHourly);
    await job.test.engine.jobs.bulk.pause(null, '2026-11-24T20:00:00Z');
    await job.nothingAfter(() => job.test.clock.advance(9 * hour));
    expect(job.test.engine.status.state.pause).toEqual({ until: '2026-11-24T20:00:00Z' });
    const changed = job.test.next('settings-changed');
    const after = await job.checkAfter(async () => {
      job.test.clock.advance(30 * minute);
      await changed;
      job.test.clock.advance(0);
    });
    expect(after.lastCheck?.missed).toBe(3);
    expect(job.test.engine.status.state.pause).toBeNull();
  });
  it('of everything does not end the pause that one job has of its own', async () => {
    await using job = await watched(threeHourly);
    await job.test.engine.jobs.edit(job.id, { paused: true });
    await job.test.engine.jobs.bulk.pause(null, null);
    await job.test.engine.jobs.bulk.resume(null);
    await job.nothingAfter(() => job.test.clock.advance(9 * hour));
    expect(job.test.engine.jobs.detail(job.id)?.paused).toBe(true);
  });
  it('survives a restart', async () => {
    await using job = await watched(threeHourly);
    await job.test.engine.jobs.bulk.pause(null, null);
    await job.test.restart(9 * hour);
    await job.nothingAfter(() => job.test.clock.advance(hour));
    const after = await job.checkAfter(async () => {
      await job.test.engine.jobs.bulk.resume(null);
      job.test.clock.advance(0);
    });
    expect(after.lastCheck?.missed).toBeGreaterThan(2);
  });
});

describe('a restart', () => {
  it('before a due time changes nothing', async () => {
    await using job = await watched(threeHourly);
    await job.test.restart(hour);
    expect(job.due).toBe('2026-11-24T12:00:00.000Z');
    await job.nothingAfter(() => job.test.clock.advance(29 * minute));
  });
  it('at a due time runs it, and it is not missed', async () => {
    await using job = await watched(threeHourly);
    await job.test.restart(90 * minute);
    const after = await job.checkAfter(() => job.test.clock.advance(0));
    expect(after.lastCheck?.missed).toBe(0);
    expect(job.due).toBe('2026-11-24T15:00:00.000Z');
  });
  it('after due times runs the job once, and marks them as missed', async () => {
    await using job = await watched(threeHourly);
    await job.test.restart(9 * hour);
    const after = await job.checkAfter(() => job.test.clock.advance(0));
    expect(after.lastCheck?.missed).toBe(3);
    await job.nothingAfter(() => job.test.clock.advance(hour));
  });
  it('keeps the pauses between tries of a host that cannot be reached', async () => {
    await using job = await watched(nightly);
    await job.server.close();
    await job.checkAfter(() => job.test.clock.advance(Date.parse(job.due ?? '') - job.test.clock.now()));
    await job.checkAfter(() => job.test.clock.advance(minute));
    await job.test.restart();
    expect(Date.parse(job.due ?? '') - job.test.clock.now()).toBe(5 * minute);
  });
  it('after an edit does not count the new pattern’s times from before the edit', async () => {
    await using job = await watched(nightly);
    job.test.clock.advance(4 * hour); // 14:30
    await job.test.engine.jobs.edit(job.id, { schedule: { ...nightly, pattern: '0 0 13 * * *' } });
    await job.test.restart(minute);
    expect(job.due).toBe('2026-11-25T13:00:00.000Z');
  });
});

describe('a running check', () => {
  /** A job whose server accepts and stays silent: its check runs until the deadline. */
  async function running() {
    const test = new TestEngine({ now: Date.parse('2026-11-24T10:30:00Z') });
    let accepted = Promise.withResolvers<void>();
    const silent = await servePlain(() => accepted.resolve());
    test.engine.start();
    const { id } = await test.engine.jobs.add(
      jobInputSchema.parse({
        target: { host: 'localhost', port: silent.port },
        schedule: { type: 'interval', minutes: 1 },
      }),
    );
    await test.engine.settings.edit({ timeoutSeconds: 1 });
    test.clock.advance(0);
    await accepted.promise;
    accepted = Promise.withResolvers<void>();
    return {
      test,
      silent,
      id,
      async [Symbol.asyncDispose]() {
        await test[Symbol.asyncDispose]();
        await silent.close();
      },
    };
  }

  it('that is longer than its interval is not overlapped, and what it took the place of is marked', async () => {
    await using job = await running();
    job.test.clock.advance(10 * minute);
    expect(job.test.engine.checks.queueLength).toBe(1);
    expect(job.silent.connections).toBe(1);
    const finished = job.test.next('check-finished');
    await finished;
    const again = job.test.next('check-finished');
    job.test.clock.advance(0);
    expect((await again).job.lastCheck?.missed).toBeGreaterThanOrEqual(8);
    expect(job.silent.connections).toBe(2);
  });
  it('goes on while its schedule is edited, and the new schedule counts after it', async () => {
    await using job = await running();
    const finished = job.test.next('check-finished');
    await job.test.engine.jobs.edit(job.id, { schedule: nightly, notes: 'edited' });
    expect(job.test.engine.checks.queueLength).toBe(1);
    const { job: after } = await finished;
    expect(after).toMatchObject({ notes: 'edited', status: 'unreachable' });
    expect(job.silent.connections).toBe(1);
  });
  it('ends when its job is deleted, and leaves nothing behind', async () => {
    await using job = await running();
    const waiting = job.test.engine.checks.checkNow(job.id);
    await job.test.engine.jobs.remove(job.id);
    await expect(waiting).rejects.toThrow(CheckCancelled);
    job.test.clock.advance(24 * hour);
    expect(job.silent.connections).toBe(1);
    expect(job.test.events.filter(({ type }) => type === 'check-finished')).toEqual([]);
  });
});
