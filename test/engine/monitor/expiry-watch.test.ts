import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { nextCrossing } from '../../../shared/domain/expiry.ts';
import { inheritedRules } from '../../../shared/schema/alert-rules.ts';
import { jobInputSchema } from '../../../shared/schema/job.ts';
import { defaultThresholds } from '../../../shared/schema/thresholds.ts';
import { TestEngine, type TestEngineOptions } from '../../support/test-engine.ts';
import { listen, serveTls } from '../../support/tls-server.ts';

const dayMs = 86_400_000;

/** A job that is checked once a year, on a server whose certificate of 130 days ends in 40; checked once. */
async function yearly(options: TestEngineOptions & { alerts?: object } = {}) {
  const test = new TestEngine({ now: Date.parse('2026-11-25T10:00:00Z'), ...options });
  const now = test.clock.now();
  const server = await serveTls(test.ca.issue({ now, notBeforeDays: -90, notAfterDays: 40.5 }), [test.ca]);
  test.engine.start();
  const checked = test.next('check-finished');
  const { id } = await test.engine.jobs.add(
    jobInputSchema.parse({
      target: { host: 'localhost', port: server.port },
      schedule: { type: 'cron', pattern: '0 0 1 11 *', timezone: 'UTC' },
      alerts: { remindEveryDays: 0, ...options.alerts },
    }),
  );
  test.clock.advance(0);
  await checked;
  const { connections } = server;
  return {
    test,
    id,
    server,
    get standing() {
      const { status, lastCheck, lastResult } = test.engine.jobs.detail(id) ?? {};
      const codes = (problems: { code: string }[] = []) => problems.map(({ code }) => code);
      return { status, brief: codes(lastCheck?.problems), result: codes(lastResult?.problems) };
    },
    get alerts() {
      return test.events.flatMap((event) => (event.type === 'alert' ? [event.alert.title] : []));
    },
    get bodies() {
      return test.events.flatMap((event) => (event.type === 'alert' ? [event.alert.body] : []));
    },
    /** Whether nothing was connected to since the first check. */
    get isUntouched() {
      return server.connections === connections;
    },
    async [Symbol.asyncDispose]() {
      await test[Symbol.asyncDispose]();
      await server.close();
    },
  };
}

describe('a certificate that nobody looks at', () => {
  it('is warned of when it crosses each threshold and when it ends, by what was seen last', async () => {
    await using job = await yearly();
    const { test } = job;
    expect(job.standing).toEqual({ status: 'ok', brief: [], result: [] });
    test.clock.advance(10 * dayMs);
    expect(job.standing.status).toBe('ok');
    test.clock.advance(dayMs);
    expect(job.standing).toEqual({ status: 'warning', brief: ['expiring'], result: ['expiring'] });
    expect(job.alerts).toEqual([expect.stringContaining('expires in 29 days')]);
    expect(job.bodies).toEqual([
      expect.stringMatching(/ Last checked on \d{1,2} \w+ \d{4} at \d{2}:\d{2} UTC\.$/),
    ]);
    test.clock.advance(23 * dayMs);
    expect(job.standing.status).toBe('critical');
    expect(job.alerts.at(-1)).toContain('expires in 6 days');
    test.clock.advance(7 * dayMs);
    expect(job.standing).toEqual({ status: 'critical', brief: ['expired'], result: ['expired'] });
    expect(job.alerts).toHaveLength(3);
    expect(job.alerts.at(-1)).toContain('expired');
    expect(test.engine.jobs.detail(job.id)?.lastResult?.certificate?.daysRemaining).toBe(-1);
    expect(job.isUntouched).toBe(true);
    expect(test.engine.results.list(job.id, 10, 0)?.total).toBe(1);
  });

  it('is found to have crossed one while NotAfter was off, and told of once', async () => {
    await using job = await yearly();
    const { test } = job;
    await test.restart(15 * dayMs);
    test.clock.advance(60_000);
    expect(job.standing.status).toBe('warning');
    expect(job.alerts).toHaveLength(1);
    await test.restart(dayMs);
    test.clock.advance(60_000);
    expect(job.standing.status).toBe('warning');
    expect(job.alerts).toHaveLength(1);
    expect(job.isUntouched).toBe(true);
  });

  it('is told of at each further notification point, without a change of its status', async () => {
    await using job = await yearly({ alerts: { notifyAt: [{ days: 39 }, { days: 35 }] } });
    const { test } = job;
    test.clock.advance(2 * dayMs);
    expect(job.alerts).toEqual([expect.stringContaining('expires in 38 days')]);
    test.clock.advance(4 * dayMs);
    expect(job.alerts).toHaveLength(2);
    expect(job.standing).toEqual({ status: 'ok', brief: [], result: [] });
    expect(job.isUntouched).toBe(true);
  });

  it('is told once of a notification point that passed while NotAfter was off', async () => {
    await using job = await yearly({ alerts: { notifyAt: [{ days: 39 }] } });
    const { test } = job;
    for (const round of [1, 2]) {
      await test.restart(2 * dayMs);
      test.clock.advance(60_000);
      expect(job.alerts, `start ${round}`).toHaveLength(1);
    }
    expect(job.standing.status).toBe('ok');
    expect(job.isUntouched).toBe(true);
  });

  it('is told of at a notification point that is added, however rarely it is checked', async () => {
    await using job = await yearly();
    const { test } = job;
    test.clock.advance(2 * dayMs);
    const checked = test.next('check-finished');
    await test.engine.settings.edit({ alerts: { ...inheritedRules, notifyAt: [{ days: 39 }] } });
    test.clock.advance(0);
    await checked;
    test.clock.advance(60_000);
    expect(job.alerts).toEqual([expect.stringContaining('expires in 38 days')]);
  });

  it.each(['job', 'everything'])(
    'is left alone while its %s is paused, and told of after that',
    async (what) => {
      await using job = await yearly();
      const { test } = job;
      const ids = what === 'job' ? [job.id] : null;
      await test.engine.jobs.bulk.pause(ids, null);
      test.clock.advance(15 * dayMs);
      expect(job.standing).toEqual({ status: 'ok', brief: [], result: [] });
      expect(test.engine.jobs.detail(job.id)?.lastResult?.status).toBe('ok');
      expect(job.alerts).toEqual([]);
      await test.engine.jobs.bulk.resume(ids);
      test.clock.advance(2 * 3_600_000);
      expect(job.standing.status).toBe('warning');
      expect(job.alerts).toHaveLength(1);
    },
  );

  it('is left to a check that is under way', async () => {
    await using job = await yearly();
    const { test, server } = job;
    await server.close();
    const { promise: reached, resolve } = Promise.withResolvers<void>();
    await using silent = await listen(
      createServer(() => resolve()),
      '127.0.0.1',
      server.port,
    );
    await test.engine.settings.edit({ timeoutSeconds: 1 });
    const running = test.engine.checks.checkNow(job.id);
    await reached;
    test.clock.advance(15 * dayMs);
    expect(job.standing.status).toBe('ok');
    expect(job.alerts).toEqual([]);
    expect(await running).toMatchObject({ status: 'unreachable' });
    expect(silent.connections).toBeGreaterThan(0);
  });

  it('is forgotten with its job', async () => {
    await using job = await yearly();
    await job.test.engine.jobs.remove(job.id);
    job.test.clock.advance(15 * dayMs);
    expect(job.alerts).toEqual([]);
  });
});

describe('nextCrossing', () => {
  const validFrom = '2026-01-01T00:00:00.000Z';
  const validTo = '2026-04-11T00:00:00.000Z'; // 100 days: warning below 25, critical below 7
  const [from, to] = [Date.parse(validFrom), Date.parse(validTo)];
  const expiring = (severity: 'warning' | 'critical') =>
    [{ code: 'expiring', severity, message: 'Expires.' }] as const;
  const next = (
    now: number,
    problems: Parameters<typeof nextCrossing>[0]['problems'],
    end: string | null = null,
  ) =>
    nextCrossing(
      {
        status: 'ok',
        validFrom,
        validTo,
        problems,
        expiresAt: end ?? validTo,
        limitedBy: end && 'CA 1',
      },
      defaultThresholds,
      now,
    );

  it.each<[string, number, Parameters<typeof next>[1], number | null]>([
    ['of a good one is the warning threshold', from, [], to - 25 * dayMs + 1],
    ['of a warning is the critical threshold', to - 24 * dayMs, [...expiring('warning')], to - 7 * dayMs + 1],
    ['of a critical one is its end', to - 6 * dayMs, [...expiring('critical')], to + 1],
    ['of an expired one is none', to + dayMs, [{ code: 'expired', severity: 'critical', message: '' }], null],
    ['that passed unsaid is now', to - 6 * dayMs, [...expiring('warning')], to - 6 * dayMs],
    [
      'of one that is not valid yet is its beginning',
      from - dayMs,
      [{ code: 'not-yet-valid', severity: 'critical', message: '' }],
      from,
    ],
  ])('%s', (_what, now, problems, at) => expect(next(now, problems)).toBe(at));

  const limit = '2026-03-12T00:00:00.000Z'; // 30 days before the leaf
  const limitAt = Date.parse(limit);
  const limiting = (severity: 'warning' | 'critical') =>
    [{ code: 'intermediate-expiring', severity, message: '' }] as const;

  it.each<[string, number, Parameters<typeof next>[1], number | null]>([
    ['is its warning threshold, by the lifetime of the leaf', from, [], limitAt - 25 * dayMs + 1],
    ['then its critical one', limitAt - 24 * dayMs, [...limiting('warning')], limitAt - 7 * dayMs + 1],
    ['then its end', limitAt - 6 * dayMs, [...limiting('critical')], limitAt + 1],
    ['is now where one passed unsaid', limitAt - 6 * dayMs, [...limiting('warning')], limitAt - 6 * dayMs],
    [
      'after its end is the leaf’s next, and is not told twice',
      limitAt + 6 * dayMs,
      [...limiting('critical'), ...expiring('warning')],
      to - 7 * dayMs + 1,
    ],
  ])('of a leaf under a CA that expires first %s', (_what, now, problems, at) =>
    expect(next(now, problems, limit)).toBe(at),
  );

  it('of what cannot be reached is that of the certificate it showed last; of what showed nothing, none', () => {
    const nothing = { validFrom: null, validTo: null, expiresAt: null, limitedBy: null, problems: [] };
    expect(nextCrossing({ status: 'critical', ...nothing }, defaultThresholds, from)).toBeNull();
    const gone = { validFrom, validTo, expiresAt: validTo, limitedBy: null, problems: [] };
    expect(nextCrossing({ status: 'unreachable', ...gone }, defaultThresholds, from)).toBe(
      to - 25 * dayMs + 1,
    );
    expect(nextCrossing({ status: 'unreachable', ...nothing }, defaultThresholds, from)).toBeNull();
    // What passed unsaid is judged by each failed check; nothing is looked at again for it.
    expect(nextCrossing({ status: 'unreachable', ...gone }, defaultThresholds, to - 20 * dayMs)).toBe(
      to - 7 * dayMs + 1,
    );
  });
});
